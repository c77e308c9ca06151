import Search
import Testing

@Suite struct DomainTests {
  static let domains: [Domain] = [
    .choices(["a", "b", "c"]), .uniform(-5...10), .logUniform(1e-5...0.1), .int(3...7), .logInt(1...100),
  ]

  @Test(arguments: domains) func `a value lies in its own cell, and every value is in the domain`(domain: Domain) {
    for step in 0..<1000 {
      let unit = (Double(step) + 0.5) / 1000
      let value = domain.value(at: unit)
      #expect(domain.contains(value))
      let cell = domain.cell(of: value)
      // Numbers have four digits.
      #expect(unit > cell.lowerBound - 1e-3 && unit < cell.upperBound + 1e-3, "\(value) at \(unit)")
      if domain.count != nil { #expect(domain.value(at: (cell.lowerBound + cell.upperBound) / 2) == value) }
    }
  }

  @Test(arguments: domains) func `the cells of discrete values fill the unit interval`(domain: Domain) {
    guard let count = domain.count else { return }
    let values = Set((0..<10_000).map { domain.value(at: Double($0) / 10_000) }).sorted()
    #expect(values.count == count)
    let length = values.reduce(0.0) { $0 + domain.cell(of: $1).upperBound - domain.cell(of: $1).lowerBound }
    #expect(abs(length - 1) < 1e-12)
  }

  @Test func `numbers have four significant digits, as they are read`() {
    #expect(Domain.logUniform(1e-5...1e-1).text(Domain.logUniform(1e-5...1e-1).value(at: 0.2837)) == "0.0001364")
    #expect(Domain.uniform(0...1e6).value(at: 0.123456789) == 123_500)
    #expect(Domain.uniform(-5...10).value(at: 1.nextDown) == 10)
    #expect(Domain.int(1...8).text(3) == "3")
    #expect(Domain.choices(["none", "circuit"]).text(1) == "circuit")
  }

  @Test func `equal lengths are equally probable, in the logarithm where it is asked for`() {
    #expect(Domain.logUniform(1e-4...1e-2).value(at: 0.5) == 1e-3)
    #expect(Domain.int(1...4).value(at: 0.25) == 2)
    // ½ … 1½ of ½ … 8½: log 3 / log 17.
    let cell = Domain.logInt(1...8).cell(of: 1)
    #expect(abs(cell.upperBound - 0.387755) < 1e-5)
  }

  @Test(
    arguments: [
      (Domain.choices([]), "has no choices"), (.choices(["a", "a"]), "has a choice twice"),
      (.uniform(1...1), "has one value only"), (.logUniform(0...1), "has no logarithm at 0.0"),
      (.int(2...2), "has one value only"), (.logInt(0...5), "has no logarithm at 0"), (.logInt(1...5), nil),
    ] as [(Domain, String?)]) func `what cannot be drawn is told`(domain: Domain, flaw: String?)
  {
    #expect(domain.flaw == flaw)
  }

  @Test func `a parameter counts only where its condition holds`() {
    let space = SearchSpace([
      Parameter("circuit", .choices(["none", "1", "2"])),
      Parameter("rz", .int(0...1), where: .init("circuit", [1, 2])),
      Parameter("rate", .uniform(0...1)),
    ])
    #expect(space.flaw == nil)
    #expect(space.point(at: [0.1, 0.9, 0.5]) == ["circuit": 0, "rate": 0.5])
    #expect(space.point(at: [0.5, 0.9, 0.5]) == ["circuit": 1, "rz": 1, "rate": 0.5])
    #expect(space.text(space.point(at: [0.9, 0.1, 0.5])) == "circuit 2, rz 0, rate 0.5")
  }

  @Test func `a condition is of choices before it`() {
    let circuit = Parameter("circuit", .choices(["none", "1"]))
    func flaw(_ parameters: [Parameter]) -> String? {
      SearchSpace(parameters).flaw.map { "\($0.parameter) \($0.clause)" }
    }
    let rz = Parameter("rz", .int(0...1), where: .init("circuit", [1]))
    #expect(flaw([rz, circuit]) == "rz depends on circuit, which is no parameter of choices before it")
    #expect(
      flaw([circuit, Parameter("rz", .int(0...1), where: .init("circuit", [2]))])
        == "rz depends on what circuit never is")
    #expect(flaw([circuit, circuit]) == "circuit stands twice")
    #expect(flaw([Parameter("a", .uniform(2...2))]) == "a has one value only")
  }
}

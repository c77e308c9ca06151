import Testing

@testable import Reports

@Suite struct ComparisonFamilyTests {
  @Test("Holm's correction by hand: each times what is left, never below the one before, never above 1")
  func holm() {
    #expect(PairedTest.holm([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
    #expect(PairedTest.holm([0.9, 0.8]) == [1, 1])
    #expect(PairedTest.holm([0.04]) == [0.04])
    #expect(PairedTest.holm([]).isEmpty)
  }

  @Test("p of paired differences is Student's, on both sides")
  func p() throws {
    // Mean 2, deviation 1, three pairs: t = 2 √3, whose two tails at two degrees of freedom hold 0.0742.
    #expect(abs(try #require(PairedTest.p(Sample([1, 2, 3]))) - 0.074180) < 1e-6)
    #expect(abs(try #require(PairedTest.p(Sample([-1, -2, -3]))) - 0.074180) < 1e-6)
    #expect(PairedTest.p(Sample([1])) == nil)
  }

  @Test(
    "The smallest difference that is found, against an integration by scipy",
    arguments: [
      (5, 0.05, 1.682), (5, 0.05 / 6, 2.75926), (3, 0.05, 3.26404), (3, 0.05 / 6, 8.0194), (2, 0.05, 11.54989),
      (10, 0.01, 1.33203), (30, 0.05, 0.52924),
    ])
  func smallest(pairs: Int, level: Double, value: Double) {
    #expect(abs(PairedTest.smallestDifference(pairs: pairs, level: level) - value) < 2e-4 * value)
  }

  static let family = ComparisonFamily([
    .init(rows: "2x − Classical", quantity: "FPD", differences: Sample([-5, -5.1, -4.9, -5.2])),
    .init(rows: "2x − Classical", quantity: "χ²/NDF", differences: Sample([1, 2, 3])),
    .init(rows: "4 − Classical", quantity: "FPD", differences: Sample([0.8, 1.05, 0.7, 0.9])),
    .init(rows: "4 − Classical", quantity: "χ²/NDF", differences: Sample([0.4])),
  ])

  @Test("Better, worse, not told apart, or too few seeds: by the corrected p")
  func verdicts() throws {
    #expect((0..<4).map(Self.family.verdict) == [.better, .notToldApart, .worse, .tooFewSeeds])
    // One seed takes no part in the correction.
    let first = try #require(PairedTest.p(Self.family.tests[0].differences))
    #expect(abs(try #require(Self.family.adjusted[0]) - 3 * first) < 1e-15)
    #expect(Self.family.adjusted[3] == nil)
    // Alone, three pairs at t = 2 √3 are no finding; closer they are, until others are judged with them.
    #expect(
      ComparisonFamily([.init(rows: "a", quantity: "b", differences: Sample([1.8, 2, 2.3]))]).verdict(0) == .worse)
    let close = ComparisonFamily.Test(rows: "a", quantity: "b", differences: Sample([1.4, 2, 2.8]))
    let none = ComparisonFamily.Test(rows: "c", quantity: "b", differences: Sample([-1, 0, 1.1]))
    #expect(ComparisonFamily([close]).verdict(0) == .worse)
    #expect(ComparisonFamily([close, none]).verdict(0) == .notToldApart)
  }

  @Test("A difference that is not finite is no test, and leaves the others theirs", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) throws {
    let other = Self.family.tests[0]
    let family = ComparisonFamily([
      .init(rows: "a", quantity: "b", differences: Sample([1, value, 3])), other,
    ])
    #expect(family.adjusted[0] == nil && family.adjusted[1] == PairedTest.p(other.differences))
    #expect(family.verdict(0) == .notToldApart && family.verdict(1) == .better)
    #expect(family.table.rows.count == 2)
    let alone = ComparisonFamily([family.tests[0]])
    #expect(alone.adjusted == [nil] && alone.table.rows.count == 1)
  }

  @Test("The table and the forest have a line each, and the numbers behind it")
  func table() {
    let text = Self.family.table.render(.csv).split(separator: "\n").map(String.init)
    #expect(text[0] == "rows,quantity,seeds,difference,low,high,p,p_holm,smallest,verdict")
    #expect(text[1].hasPrefix("2x − Classical,FPD,4,-5.05,"))
    #expect(text[4] == "4 − Classical,χ²/NDF,1,0.4,,,,,,too few seeds")
    let forest = Self.family.forest
    let csv = forest.csv.split(separator: "\n").map(String.init)
    #expect(csv.count == 5)
    #expect(csv[3].hasPrefix("FPD,1,4 − Classical,0.862"))
    #expect(forest.commands.contains("set ytics (\"2x − Classical\" 0, \"4 − Classical\" 1)"))
    #expect(forest.commands.contains("$4 : NaN"))
    // Each panel on a scale of its own, which its intervals fill.
    let ranges = forest.commands.matches(of: /set xrange \[(.+):(.+)\]/).map { (Double($0.1)!, Double($0.2)!) }
    #expect(ranges.count == 2 && ranges[0] != ranges[1])
    for (range, quantity) in zip(ranges, ["FPD", "χ²/NDF"]) {
      let ends = csv.dropFirst().map { $0.split(separator: ",") }.filter { $0[0] == quantity }.flatMap {
        [Double($0[4])!, Double($0[5])!]
      }
      let (low, high) = (min(0, ends.min()!), max(0, ends.max()!))
      #expect(range.0 < low && range.1 > high, "\(quantity): \(range) \(ends)")
      #expect(range.1 - range.0 < 1.2 * (high - low), "\(quantity): \(range) \(ends)")
    }
  }
}

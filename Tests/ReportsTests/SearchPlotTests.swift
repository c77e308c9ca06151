import Foundation
import Ledger
import Search
import TestSupport
import Testing

@testable import Reports

@Suite struct SearchPlotTests {
  private static let specification = SearchSpecification(
    space: SearchSpace([
      Parameter("kind", .choices(["a", "b'"])), Parameter("rate", .logUniform(1e-4...1e-1)),
      Parameter("rare", .int(1...4), where: .init("kind", [1])),
    ]), method: .quasirandom, trials: 9, rungs: [1, 3, 9], objective: Objective(.last))

  /// Nine trials of which the first, the better by its number, go on.
  private static let evidence = SearchEvidence(
    (0..<9).map { number in
      let rung = number == 0 ? 2 : number < 3 ? 1 : 0
      let last = [1, 3, 9][rung]
      return TrialEvidence(
        SearchPlanner.example(number, of: specification), rung: rung,
        [ReplicateEvidence((0...last).map { CurveValue($0, Double(number + 2) - 0.1 * Double($0)) })])
    })

  private static func plots(_ course: [CourseStep] = []) -> [Plot] {
    SearchPlots("wanted", specification, evidence, course: course).plots
  }

  private static func cells(_ plot: Plot) -> [[String]] {
    plot.csv.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func plot(_ name: String, _ course: [CourseStep] = []) throws -> Plot {
    try #require(plots(course).first { $0.name == name })
  }

  @Test func `the ladder has each trial's objective at the rungs that it came to`() throws {
    let rows = try Self.cells(Self.plot("search-ladder"))
    #expect(rows.count == 4 && rows[0].count == 11)
    let first = try #require(rows[0].firstIndex(of: "trial 1"))
    #expect(rows.dropFirst().map { Double($0[first]) } == [1.9, 1.7, 1.1])
    let last = try #require(rows[0].firstIndex(of: "trial 9"))
    #expect(rows.dropFirst().map { Double($0[last]) } == [9.9, nil, nil])
    // Those that came further lie above.
    #expect(rows[0].last == "trial 1")
  }

  @Test func `coordinates have the keys' places and the place at the first rung`() throws {
    let rows = try Self.cells(Self.plot("search-coordinates"))
    #expect(rows.count == 5 && rows[1][1].hasPrefix("kind: a | b"))
    for number in 0..<9 {
      let column = try #require(rows[0].firstIndex(of: "trial \(number + 1)"))
      let point = Self.evidence.trials[number].point
      let kind = try #require(Double(rows[1][column]))
      #expect((kind > 0.5) == (point["kind"] == 1))
      let rate = try #require(Double(rows[2][column]))
      #expect(abs(rate - (log10(try #require(point["rate"])) + 4) / 3) < 1e-3)
      #expect(rows[3][column].isEmpty == (point["rare"] == nil))
      #expect(try abs(#require(Double(rows[4][column])) - (1 - Double(number) / 8)) < 1e-3)
    }
  }

  @Test func `the best so far stands against the core-hours of all`() throws {
    let steps = [(3600.0, 9.0), (7200, 5), (9000, 7), (10_800, .nan), (14_400, 4), (18_000, 6)].map {
      CourseStep(seconds: $0.0, reduced: $0.1)
    }
    let rows = try Self.cells(Self.plot("search-best", steps)).dropFirst().map { $0.compactMap(Double.init) }
    #expect(rows == [[1, 9], [2, 9], [2, 5], [4, 5], [4, 4], [5, 4]])
    #expect(!Self.plots().contains { $0.name == "search-best" })
  }

  @Test func `all are drawn, with gnuplot and without`() throws {
    let plots = Self.plots([CourseStep(seconds: 60, reduced: 9), CourseStep(seconds: 90, reduced: 3)])
    #expect(plots.map(\.name) == ["search-ladder", "search-coordinates", "search-importance", "search-best"])
    let folder = try TemporaryFolder()
    #expect(try Plot.drawCharts(of: plots, into: folder.path, kinds: [.svg]).isEmpty)
    for plot in plots {
      let svg = try String(contentsOfFile: folder(plot.name + ".svg"), encoding: .utf8)
      #expect(svg.contains("<path") && !svg.contains("nan"), "\(plot.name)")
    }
    let refused = try Plot.draw(plots, into: folder.path, kinds: [.svg])
    #expect(refused.values.allSatisfy { $0 == .noGnuplot }, "\(refused)")
  }
}

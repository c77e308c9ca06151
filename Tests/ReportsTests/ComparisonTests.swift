import Ansatz
import Experiment
import Ledger
import Testing

@testable import Reports

@Suite struct ComparisonTests {
  private func comparison(_ a: [Double], _ b: [Double]) throws -> Comparison {
    let study = try ResultsTests.Study(seeds: [1])
    var comparison = try Comparison("2", "Classical", at: .best, in: study.ledger)
    comparison.pairs = zip(a, b).enumerated().map { .init(seed: UInt64($0), a: $1.0, b: $1.1) }
    return comparison
  }

  @Test("Three seeds that agree decide it, with the interval and the chance")
  func decided() throws {
    let comparison = try comparison([3.0, 3.1, 2.9], [5.0, 5.3, 4.9])
    // Differences -2.0, -2.2, -2.0: -2.067 ± 4.303 · 0.1155/√3.
    #expect(
      comparison.verdict
        == "2 is better than Classical by 2.07, 95 % interval of 2 - Classical [-2.35, -1.78] over 3 seeds; the chance "
        + "that it is better is over 99 %.")
    let all = try #require(comparison.table.rows.last)
    #expect(
      all.map(\.text) == ["all", "3.00 ± 0.10", "5.07 ± 0.21", "-2.07 ± 0.12", "-2.35", "-1.78", "0.999"])
  }

  @Test("Seeds that disagree cannot decide it, and it says how many could")
  func undecided() throws {
    let comparison = try comparison([3.0, 3.1, 4.9], [3.3, 3.4, 3.9])
    #expect(
      comparison.verdict
        == "3 seeds cannot decide it: the 95 % interval of 2 - Classical is [-1.73, 2.00], the chance that Classical is "
        + "better 61 %; a difference of this size would take about 125 seeds to be seen every other time.")
    #expect(comparison.table.rows.last?.first == "all")
  }

  @Test(
    "The seeds needed have one degree of freedom less than seeds",
    arguments: [
      // t of 1, 2, 3 and 4 degrees of freedom, over √n: 8.985, 2.484, 1.591, 1.242.
      (9.0, 2), (8.9, 3), (2.5, 3), (2.45, 4), (-2.0, 4), (1.6, 4), (1.58, 5), (1.25, 5), (1e-3, nil),
    ] as [(Double, Int?)])
  func seedsNeeded(mean: Double, seeds: Int?) {
    #expect(Comparison.seedsNeeded(mean: mean, deviation: 1) == seeds)
  }

  @Test("One seed cannot decide anything")
  func single() throws {
    #expect(try comparison([3.10], [3.27]).verdict.hasPrefix("One seed cannot decide it"))
    #expect(try comparison([], []).verdict == "Nothing to compare: no seed has both.")
  }

  @Test("The best is taken of the checkpoints that both have")
  func equalCheckpoints() throws {
    let study = try ResultsTests.Study(seeds: [1, 3])
    let comparison = try Comparison("2", "Classical", at: .best, in: study.ledger)
    // The quantum run's best is 3.0 at checkpoint 60, but the classical run ends at 40: there it has 3 + 0.1 · 20.
    #expect(comparison.pairs.map(\.a) == [5, 7])
    #expect(comparison.pairs.map(\.b) == [5, 5])
    #expect(
      comparison.remarks == [
        "The best is of the checkpoints up to 40, which both have: the best of more is lower by chance. Each over all "
          + "its own: 3.00 of 80 and 5.00 of 40; 5.00 of 80 and 5.00 of 40."
      ])
  }

  @Test("At an iteration: the last ten checkpoints up to it, of the runs that have come so far")
  func iterations() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let at = try Comparison("2/2", "2/reference", at: .iterations(20000), in: study.ledger)
    // Checkpoints 11 … 20: 3 + 0.1 · mean(40 … 49) and 5 + 0.1 · mean(0 … 9).
    #expect(abs(at.pairs[0].a - 7.45) < 1e-12 && abs(at.pairs[0].b - 5.45) < 1e-12)
    #expect(
      ComparisonPoint.seconds(90).title
        == "mean χ²/NDF over the last checkpoints, at most 10, up to 0:01:30 of training")
    let beyond = try Comparison("2", "reference", at: .iterations(50000), in: study.ledger)
    #expect(beyond.pairs.isEmpty)
    #expect(beyond.remarks == ["Seeds that have not come so far in both: 1."])
  }

  @Test("At the window: each run's own, with the scatter of its checkpoints")
  func window() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let pair = try Comparison("2", "Classical", at: .window, in: study.ledger).pairs[0]
    #expect(abs(pair.a - 4.323_529) < 1e-6)
    #expect(try #require(pair.scatterA).contains(pair.a))
  }

  @Test(
    "What --at can be",
    arguments: [
      ("best", .best), ("window", .window), ("iterations=5000", .iterations(5000)), ("seconds=3.5", .seconds(3.5)),
      ("iterations=0", nil), ("seconds=x", nil), ("iterations", nil), ("best=1", nil), ("", nil),
    ] as [(String, ComparisonPoint?)])
  func points(text: String, point: ComparisonPoint?) { #expect(ComparisonPoint(text) == point) }

  @Test("A name that means nothing is answered with the rows that there are")
  func names() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let error = #expect(throws: LedgerError.self) { try Comparison("9", "2", at: .best, in: study.ledger) }
    #expect(
      error?.description
        == "there is no row '9'; this ledger has 'Classical', '1', '2', 'reference', 'discriminator 2x'")
  }

  @Test("A row that several sweeps have is compared over the seeds of all of them, or of the one that is named")
  func seedsOfSweeps() throws {
    let study = try ResultsTests.Study(seeds: [1, 3])
    let quantum = Variant(generator: .init(circuit: Circuit(cnot: [1, 2])))
    try study.record(
      [ResultsTests.Study.row("Classical"), ResultsTests.Study.row("2", quantum)], as: "again", seeds: [3])
    #expect(try Comparison("2", "Classical", at: .best, in: study.ledger).pairs.map(\.seed) == [1, 3])
    let named = try Comparison("2", "Classical", at: .best, sweep: "again", in: study.ledger)
    #expect(named.pairs.map(\.seed) == [3])
  }

  @Test("Of one label in two sweeps it is said which option tells them apart")
  func sweeps() throws {
    let study = try ResultsTests.Study(seeds: [1])
    let request = DatasetRequest(source: "/data/pions.hdf5", energies: [65536], eventsPerEnergy: 1000)
    let dataset = DatasetDescription(
      path: "pions.hdf5", sha256: "5a", energies: [65536], eventsPerEnergy: 1000, voxels: 533)
    let row = PlannedVariant(
      label: "2", table: "", variant: Variant(generator: .init(circuit: Circuit(cnot: [3]))), settings: .init(),
      dataset: request, budget: Budget(checkpoints: 80), skip: nil)
    try study.ledger.record(
      SweepPlan(name: "other", seeds: [1], variants: [row]), source: "other.yaml",
      datasets: [RequestedDataset(request: request, dataset: dataset)])
    let error = #expect(throws: LedgerError.self) { try Comparison("2", "Classical", at: .best, in: study.ledger) }
    let sentence = try #require(error?.description)
    #expect(sentence.hasPrefix("there is no single row '2'; this ledger has "))
    #expect(sentence.contains("'2/2' of study (--sweep study)") && sentence.contains("'2' of other (--sweep other)"))
  }
}

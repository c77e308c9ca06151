import Ansatz
import Experiment
import Foundation
import Ledger
import Records
import TestSupport
import Testing

@testable import Reports

@Suite struct ResultsTests {
  /// Tables 2 and 5 in small, with invented curves, two seeds where there is anything to see.
  struct Study {
    let folder: TemporaryFolder
    let ledger: Ledger

    // Without a circuit χ²/NDF is higher by `rise` with each seed.
    init(seeds: [UInt64], energies: [Double] = [65536], rise: Double = 0) throws {
      folder = try TemporaryFolder()
      let request = DatasetRequest(source: "/data/pions.hdf5", energies: energies, eventsPerEnergy: 1000)
      let dataset = DatasetDescription(
        path: "pions.hdf5", sha256: "5a", energies: energies, eventsPerEnergy: 1000, voxels: 533)
      let classical = Variant()
      let reference = Variant(generator: .init(hidden: [50, 100, 200]))
      func row(
        _ label: String, _ variant: Variant, table: String = "2", skip: String? = nil, compared: Bool = true
      ) -> PlannedVariant {
        PlannedVariant(
          label: label, table: table, variant: variant, settings: .init(), dataset: request,
          budget: Budget(checkpoints: variant.generator.circuit == nil ? 40 : 80), skip: skip)
      }
      func quantum(_ cnot: [Int]) -> Variant { Variant(generator: .init(circuit: Circuit(cnot: cnot))) }
      let judge = DiscriminatorArchitecture(hidden: [200, 50, 10], circuit: Circuit(repetitions: 2))
      var rows = [
        row("Classical", classical), row("1", quantum([1]), skip: "not good for [100, #voxels]"),
        row("2", quantum([1, 2])), row("reference", reference),
        row("discriminator 2x", Variant(generator: reference.generator, discriminator: judge), table: "5"),
      ]
      for index in 0..<4 {
        rows[index].baseline = rows[0].id
        rows[index].reference = rows[3].id
      }
      let plan = SweepPlan(name: "study", seeds: seeds, variants: rows)
      let workspace = Workspace(path: folder("work"))
      ledger = try Ledger(workspace)
      try ledger.record(
        plan, source: "study.yaml", datasets: [RequestedDataset(request: request, dataset: dataset)])
      for (index, row) in rows.enumerated() where row.skip == nil && index != 4 {
        for seed in seeds {
          let job = JobDescription(
            variant: row.variant, settings: row.settings, seed: seed, dataset: dataset, budget: row.budget)
          // The quantum run is best at 60 of 80, the classical ones end at 40.
          let (best, last, depth) = index == 2 ? (60, 80, 2.0 + Double(seed)) : (20, 40, 5.0 + rise * Double(seed))
          let lines = try (-1...last + 1).map { number -> String in
            let event: JournalRecord.Event =
              number < 0
              ? .attemptStarted(
                AttemptStart(
                  provenance: Provenance(
                    binary: "b", commit: "c", numericsVersion: 1, host: "h", processor: "p", kernels: "avx2", pid: 1),
                  fromCheckpoint: nil, iteration: 0, dataset: "5a"))
              : number > last
                ? .attemptEnded(
                  AttemptEnd(exit: .finished, reason: "Budget used.", iteration: 1000 * last, cost: Cost()))
                : .checkpoint(
                  CheckpointRecord(
                    checkpoint: number, iteration: 1000 * number, full: nil, generator: nil,
                    evaluation: Evaluation(
                      energies: energies.enumerated().map { place, energy in
                        EnergyEvaluation(
                          incidentEnergy: energy,
                          chi2: 28 * (depth + Double(place) + 0.1 * Double(abs(number - best))), ndf: 28)
                      }), diagnostics: Diagnostics(deadVoxels: 0), cost: Cost()))
            let record = JournalRecord(run: job.run, attempt: 1, sequence: number + 1, time: 1, event: event)
            return String(decoding: try CanonicalJSON.data(record), as: UTF8.self) + "\n"
          }
          let run = "work/runs/\(job.run)"
          try folder.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: run + "/job.json")
          try folder.write(lines.joined(), to: run + "/journal/attempt-0001.jsonl")
        }
      }
      try ledger.collect()
    }
  }

  @Test("One seed: the slides' numbers of each row, and what they hide")
  func oneSeed() throws {
    let results = try SweepResults("study", in: Study(seeds: [1]).ledger)
    #expect(try Golden.difference("results-one-seed", results.table().render(.table)) == nil)
  }

  @Test("Two seeds: mean ± standard deviation, for programs in columns of their own")
  func twoSeeds() throws {
    let results = try SweepResults("study", in: Study(seeds: [1, 3]).ledger)
    #expect(try Golden.difference("results-two-seeds", results.table().render(.table)) == nil)
    let json = try JSONSerialization.jsonObject(with: Data(results.table().render(.json).utf8)) as? [String: Any]
    let rows = try #require(json?["results"] as? [[String: Any]])
    #expect(rows[2]["best_reduced"] as? Double == 4)
    #expect(rows[2]["best_reduced_std"] as? Double == 2.0.squareRoot())
    #expect(rows[2]["best_checkpoint"] as? Int == 60)
  }

  @Test("Rows that compute the same family of functions show what is noise")
  func families() throws {
    var results = try SweepResults("study", in: Study(seeds: [1, 3]).ledger)
    #expect(results.familyNotes.isEmpty)
    var twin = results.rows[2]
    (twin.row.label, twin.row.id) = ("without RZ", "0")
    (twin.row.sameAs, twin.row.sameBecause) = (results.rows[2].row.id, "RZ is inert")
    twin.runs = [twin.runs[0]]
    results.rows += [twin, results.rows[2]]
    #expect(
      results.familyNotes == [
        "2 and without RZ compute the same family of functions (RZ is inert): their χ²/NDF, 4.00 ± 1.41 and 3.00, "
          + "differ by chance alone; all 3 runs: 3.67 ± 1.15."
      ])
    #expect(results.notes.contains(results.familyNotes[0]))
    // Six families are told, of a seventh and more how many there are.
    var many = results
    for number in 1...7 {
      for (row, end) in [(results.rows[2], ""), (twin, " without RZ")] {
        var copy = row
        (copy.row.label, copy.row.id) = ("\(number)\(end)", "\(number)\(end)")
        copy.row.sameAs = end.isEmpty ? nil : "\(number)"
        many.rows.append(copy)
      }
      #expect(many.familyNotes.count == min(1 + number, 7))
      if number == 6 {
        #expect(many.familyNotes.last == "1 more family of several rows: see same_family_as with --format csv.")
      }
    }
    #expect(many.familyNotes.last == "2 more families of several rows: see same_family_as with --format csv.")
    results.rows[5].runs = []
    #expect(results.familyNotes.isEmpty, "only what was trained can differ")
  }

  @Test("Rows of other repetitions start and move otherwise, which is no chance alone")
  func familiesOfOtherRepetitions() throws {
    var results = try SweepResults("study", in: Study(seeds: [1, 3]).ledger)
    var twin = results.rows[2]
    (twin.row.label, twin.row.id) = ("8x", "0")
    (twin.row.sameAs, twin.row.sameBecause) = (
      results.rows[2].row.id, "without CNOTs, later repetitions add nothing"
    )
    twin.row.generatorCircuit?.repetitions = 8
    results.rows.append(twin)
    #expect(
      results.familyNotes == [
        "2 and 8x compute the same family of functions (without CNOTs, later repetitions add nothing): their χ²/NDF, "
          + "4.00 ± 1.41 and 4.00 ± 1.41, may differ by more than chance, for they start and move otherwise."
      ])
  }

  @Test("The state of several runs counts those that are alike")
  func rowState() throws {
    var row = try SweepResults("study", in: Study(seeds: [1, 3, 4]).ledger).rows[2]
    #expect(row.state == "finished")
    row.runs[0].state = .notRun
    #expect(row.state == "1 not run, 2 finished")
  }

  @Test("The slides' numbers are those of the slides")
  func slides() {
    let rows = PublishedRow.all.map { row -> String in
      let numbers = [
        row.reduced, row.best.map(Double.init), row.last.map(Double.init), row.meanQuantum, row.meanClassical,
        row.meanReference,
      ]
      return "\(row.table) \(row.label): "
        + (numbers.map { $0.map { "\($0)" } ?? "-" } + row.perEnergy.map { "\($0)" }).joined(separator: " ")
    }
    #expect(
      rows == [
        "1 Classical: 16.8 418.0 419.0 - 22.2 -", "1 1: 45.9 270.0 280.0 52.1 30.0 -",
        "1 2: 34.0 207.0 231.0 42.6 32.2 -",
        "1 3: 54.1 262.0 271.0 58.9 30.2 -", "1 4: 25.6 229.0 275.0 36.4 31.0 -",
        "2 Classical: 2.13 401.0 561.0 - 5.03 3.14", "2 1: - - - - - -", "2 2: 2.71 222.0 266.0 10.5 6.51 2.48",
        "2 3: 2.22 155.0 165.0 5.39 8.21 3.07", "2 4: 2.12 126.0 163.0 5.91 9.48 3.26",
        "2 reference: 1.25 196.0 556.0 - 6.98 2.97", "3 2x: 1.76 124.0 125.0 3.1 9.72 3.27",
        "3 3x: 2.4 66.0 104.0 7.92 21.1 5.66", "4 2x, 3 energies: 10.6 78.0 85.0 15.8 5.17 - 7.0 14.3 10.0",
        "4 3x, 3 energies: 15.8 26.0 91.0 21.7 17.2 - 6.3 20.4 19.7",
        "4 reference, 3 energies: 1.32 517.0 564.0 - 2.3 - 1.9 1.0 1.1", "5 discriminator 2x: 70.6 - 31.0 - - -",
        "5 discriminator 3x: 70.6 - 4.0 - - -",
      ])
  }

  @Test("Per run: the window with its ends and its count")
  func perRun() throws {
    let results = try SweepResults("study", in: Study(seeds: [1, 3]).ledger)
    #expect(try Golden.difference("results-per-run", results.table(per: .run).render(.csv)) == nil)
  }

  @Test("The paper's columns and order, ✓ and ✗, skipped rows with their reason, the published numbers beside")
  func paper() throws {
    let results = try SweepResults("study", in: Study(seeds: [1]).ledger)
    let plain = results.paperTables().map { $0.render(.markdown) }.joined(separator: "\n")
    #expect(try Golden.difference("paper", plain) == nil)
    let beside = results.paperTables(besideSlides: true).map { $0.render(.table) }.joined(separator: "\n")
    #expect(try Golden.difference("paper-beside-slides", beside) == nil)
  }

  @Test("Several energies: their χ²/NDF stand in brackets behind the total")
  func energies() throws {
    let results = try SweepResults("study", in: Study(seeds: [1], energies: [4096, 65536]).ledger)
    let row = results.paperTables()[0].rows[2].map(\.text)
    #expect(row.contains("3.50 (3.0, 4.0)"))
    // One decimal, where a second would round up to ten as well.
    let high = try SweepResults("study", in: Study(seeds: [1], energies: [4096, 65536], rise: 4.96).ledger)
    #expect(high.paperTables()[0].rows[0].map(\.text).contains("10.5 (10.0, 11.0)"))
  }

  @Test("⟨χ²⟩c averages the baseline's run with the same seed, where it has these checkpoints")
  func baseline() throws {
    let results = try SweepResults("study", in: Study(seeds: [1, 3]).ledger)
    let run = results.rows[2].runs[1]
    // Window [30:80] of the quantum run; the classical one ends at 40: 11 checkpoints, 5 + 0.1 · (10 … 20).
    #expect(run.window?.first == 30 && run.window?.last == 80)
    #expect(run.baseline?.averaged == 11 && run.baseline?.of == 51)
    #expect(abs((run.baseline?.mean ?? 0) - 6.5) < 1e-12)
    let risen = try SweepResults("study", in: Study(seeds: [1, 3], rise: 1).ledger).rows[2].runs
    #expect(abs((risen[1].baseline?.mean ?? 0) - 9.5) < 1e-12 && abs((risen[1].reference?.mean ?? 0) - 9.5) < 1e-12)
    #expect(results.rows[1].runs.isEmpty)
    #expect(results.rows[4].runs.allSatisfy { $0.state == .notRun })
  }

  @Test("A baseline that is skipped in one table is that of the table where it is trained")
  func skippedBaseline() throws {
    let study = try Study(seeds: [1])
    let skipped = Study.row("Classical", table: "1", skip: "in table 2")
    var other = Study.row("reference", Variant(generator: .init(hidden: [50, 100, 200])))
    other.baseline = skipped.id
    try study.record([skipped, Study.row("Classical"), other], as: "again", seeds: [1])
    let results = try SweepResults("again", in: study.ledger)
    let row = results.rows[2]
    #expect(results.rows[0].runs.isEmpty && row.row.baseline == results.rows[1].row.id)
    #expect(row.runs[0].baseline?.averaged == 41 && row.runs[0].baseline?.isComplete == true)
    let plot = try #require(results.plots.last)
    #expect(plot.csv.hasPrefix("checkpoint,seed 1,baseline: Classical\n"), "\(plot.csv.prefix(80))")
  }

  @Test("⟨χ²⟩c of a classical row is its own mean only where the sweep names no baseline, and never of what is no GAN")
  func ownMean() throws {
    let reference = try SweepResults("study", in: Study(seeds: [1]).ledger).rows[3]
    var (row, run) = (reference.row, reference.runs[0])
    run.baseline = nil
    #expect(row.baseline != nil && run.own != nil && run.classical(of: row) == nil)
    row.baseline = nil
    #expect(run.classical(of: row) == run.own)
    for kind in SimulatorKind.allCases where kind != .gan {
      row.kind = kind
      #expect(run.classical(of: row) == nil, "\(kind)")
    }
  }

  @Test("The published tables are those of the study: 18 rows, and their means only where the slides have them")
  func published() {
    #expect(PublishedRow.all.count == 18)
    #expect(PublishedRow.find(table: "2", label: "4")?.meanQuantum == 5.91)
    #expect(PublishedRow.all.compactMap(\.reduced).count == 17)
    #expect(PublishedRow.all.compactMap(\.best).count == 15)
  }
}

extension ResultsTests.Study {
  private static let request = DatasetRequest(source: "/data/pions.hdf5", energies: [65536], eventsPerEnergy: 1000)

  /// A row of a further sweep of the study's events; its runs are the study's where that has the variant.
  static func row(
    _ label: String, _ variant: Variant = Variant(), table: String = "2", skip: String? = nil
  ) -> PlannedVariant {
    PlannedVariant(
      label: label, table: table, variant: variant, settings: .init(), dataset: request,
      budget: Budget(checkpoints: 40), skip: skip)
  }

  /// Records a further sweep, which shares the runs that are there.
  func record(_ rows: [PlannedVariant], as name: String, seeds: [UInt64]) throws {
    let dataset = DatasetDescription(
      path: "pions.hdf5", sha256: "5a", energies: [65536], eventsPerEnergy: 1000, voxels: 533)
    try ledger.record(
      SweepPlan(name: name, seeds: seeds, variants: rows), source: "\(name).yaml",
      datasets: [RequestedDataset(request: Self.request, dataset: dataset)])
  }
}

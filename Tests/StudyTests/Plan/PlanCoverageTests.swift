import Experiment
import Ledger
import Reports
import Sweeps
import TestSupport
import Testing

@testable import Study

@Suite struct PlanCoverageTests {
  private let folder: TemporaryFolder
  private var workspace: Workspace { Workspace(path: folder("work")) }

  init() throws { folder = try TemporaryFolder() }

  private func expand(_ rows: String, name: String = "points") throws -> ExpandedSweep {
    let path = try folder.write(
      """
      name: \(name)
      dataset: {source: events.hdf5, energies: [65536], events: 1000}
      budget: {checkpoints: 10}
      hidden: [50, 200]
      \(rows)

      """, to: name + ".yaml")
    return try SweepFile.expand(path)
  }

  /// The cells of some columns, row by row, as text.
  private func cells(_ table: TextTable, _ keys: String...) -> [[String]] {
    let columns = keys.map { key in table.columns.firstIndex { $0.key == key }! }
    return table.rows.map { row in
      columns.map { column in
        switch row[column] {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .missing: "-"
        default: "?"
        }
      }
    }
  }

  /// Records a sweep and begins its runs, up to a checkpoint.
  private func begin(_ expanded: ExpandedSweep, checkpoint: Int) throws {
    let dataset = DatasetDescription(
      path: "../../datasets/x.h5", sha256: String(repeating: "ab", count: 32), energies: [65536],
      eventsPerEnergy: 1000, voxels: 533)
    let ledger = try Ledger(workspace)
    let prepared = PreparedSweep(expanded.plan, [expanded.plan.variants[0].dataset: dataset])
    try ledger.record(expanded.plan, source: "x.yaml", datasets: prepared.datasets)
    var study = try StudyWorkspace()
    study.workspace = workspace
    for job in prepared.jobs {
      try workspace.write(job)
      try study.journal(job.run, checkpoints: 0...checkpoint)
    }
    try ledger.collect()
  }

  @Test func `two open points of one family are counted once as a family`() throws {
    let expanded = try expand(
      """
      variants:
        - {label: a, circuit: {cnot: [1], rz: false}}
        - {label: b, circuit: {cnot: [1]}}
        - {label: c, circuit: {cnot: [2]}}
        - {label: d, circuit: {cnot: [3]}, skip: not today}
      """)
    let table = try PlanCoverage(expanded, in: workspace).table
    #expect(table.notes == ["4 different points: 3 open (2 different families), 1 skipped."])
    #expect(
      cells(table, "label", "state", "reason") == [
        ["a", "open", "-"], ["b", "open", "computes the same family as a: RZ is inert; neither was run"],
        ["c", "open", "-"], ["d", "skipped", "not today"],
      ])
  }

  @Test func `a point that was run in another sweep is run, and one of its family needs no run`() throws {
    try begin(try expand("variants: [{label: old, circuit: {cnot: [1], rz: false}}]", name: "before"), checkpoint: 7)
    let expanded = try expand(
      """
      tables:
        one: {variants: [{label: a, circuit: {cnot: [1], rz: false}}]}
        two:
          variants:
            - {label: b, circuit: {cnot: [1]}}
            - {label: same as a, circuit: {cnot: [1], rz: false}}
            - {label: c, circuit: {cnot: [2]}}
      """)
    let table = try PlanCoverage(expanded, in: workspace).table
    #expect(
      cells(table, "table", "label", "state", "runs", "last_checkpoint", "sweeps", "reason") == [
        ["one", "a", "run", "1", "7", "before", "-"],
        ["two", "b", "equivalent", "-", "-", "", "computes the same family as before/old: RZ is inert"],
        ["two", "same as a", "run", "1", "7", "before", "-"],
        ["two", "c", "open", "-", "-", "", "-"],
      ])
    // A point of two tables is one.
    #expect(
      table.notes == ["3 different points: 1 run, 1 equivalent to one that was, 1 open (1 different families)."])
  }

  @Test func `the plan's listing knows what was begun, too`() async throws {
    try begin(try expand("variants: [{label: old}, {label: two, circuit: {}}]", name: "before"), checkpoint: 7)
    let expanded = try expand("seeds: [1, 2]\nvariants: [{label: a}, {label: b, circuit: {cnot: [2]}}]")
    let sources = await PlanSources(of: expanded.plan, in: workspace)
    let listing = try PlanListing(expanded, sources: sources, skipEquivalent: false, in: workspace)
    #expect(cells(listing.table, "label", "status") == [["a", "known"], ["b", "new"]])
    #expect(listing.row(0).reason == "1 run begun, up to checkpoint 7")
    #expect(sources.missing.count == 1 && sources.flaws.isEmpty)
    #expect(listing.table.notes.first == "2 variants (1 new, 1 known) with 2 seeds: 4 runs.")
  }
}

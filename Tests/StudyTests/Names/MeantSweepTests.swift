import Experiment
import Ledger
import Sweeps
import TestSupport
import Testing

@testable import Study

@Suite struct MeantSweepTests {
  private static func file(_ hidden: Int) -> String {
    """
    name: mine
    dataset: {source: pions.hdf5, energies: [65536], events: 1000}
    budget.checkpoints: 3
    variants: [{label: a, hidden: [\(hidden)]}, {label: b, hidden: [9]}]
    """
  }

  @Test func `a file means the sweep that it has started, and no other's of the same name`() throws {
    let folder = try TemporaryFolder()
    let workspace = Workspace(path: folder("work"))
    let (mine, copy, other) = (
      try folder.write(Self.file(5), to: "mine.yaml"), try folder.write(Self.file(5), to: "copy.yaml"),
      try folder.write(Self.file(6), to: "other.yaml")
    )
    #expect(try workspace.sweep(meantBy: other) == "mine")
    let ledger = try Ledger(workspace)
    try ledger.record(SweepFile.plan(mine), source: mine, datasets: [])
    #expect(try workspace.sweep(meantBy: "anything") == "anything")
    #expect(try workspace.sweep(meantBy: copy) == "mine")
    let error = #expect(throws: InputError.self) { try workspace.sweep(meantBy: other) }
    #expect(
      error?.description
        == "\(other) is not the sweep mine of \(workspace.path), which was started from \(mine): it lacks a and it has a "
        + "instead; `mine` in its place means that one, another `name:` in the file makes this one its own")
    // The file itself may have changed since.
    try folder.write(Self.file(7), to: "mine.yaml")
    #expect(try workspace.sweep(meantBy: mine) == "mine")
    #expect(try SweepFile.plan(mine).displaced(by: mine, in: workspace) == nil)
    #expect(try SweepFile.plan(other).displaced(by: other, in: workspace)?.hasSuffix("without its rows a") == true)
  }
}

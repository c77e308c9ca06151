import Experiment
import Ledger
import Reports
import Sweeps
import TestSupport
import Testing

@testable import Study

@Suite struct PlanRemarksTests {
  private func plan(_ rows: String, dataset: String) throws -> ExpandedSweep {
    let folder = try TemporaryFolder()
    let text = "dataset: {source: events.hdf5, events: 1000, \(dataset)}\nbudget: {checkpoints: 10}\nvariants:\n\(rows)"
    return try SweepFile.expand(try folder.write(text, to: "x.yaml"))
  }

  @Test func `several energies without an energy label are remarked upon`() throws {
    let rows =
      "  - {label: a}\n  - {label: b, conditioned: true}\n  - {label: c, hidden: [7]}\n  - {label: d, hidden: [8], skip: no}\n"
    let several = "energies: [4096, 65536]"
    #expect(
      try plan(rows, dataset: several).plan.remarks == [
        "a, c: several incident energies without `conditioned: true`, so the generators are not told which, and make the "
          + "same showers, as fractions, at each"
      ])
    #expect(
      try plan("  - {label: a}\n", dataset: "energy_bins: [1000, 10000, 100000]").plan.remarks == [
        "a: several incident energies without `conditioned: true`, so the generator is not told which, and makes the same "
          + "showers, as fractions, at each"
      ])
    #expect(try plan(rows, dataset: "energies: [65536]").plan.remarks.isEmpty)
    #expect(try plan("  - {label: b, conditioned: true}\n", dataset: several).plan.remarks.isEmpty)
  }

  @Test func `parameters are counted for the detector before the data are prepared`() async throws {
    func voxels(_ dataset: String) async throws -> Int {
      let expanded = try plan("  - {hidden: []}\n", dataset: "energies: [65536], " + dataset)
      let folder = try TemporaryFolder()
      let workspace = Workspace(path: folder("work"))
      let sources = await PlanSources(of: expanded.plan, in: workspace)
      let listing = try PlanListing(expanded, sources: sources, skipEquivalent: false, in: workspace)
      // Ten latents and a bias for each voxel.
      return try #require(listing.row(0).parameters).generator / 11
    }
    #expect(try await voxels("particle: pion") == 533)
    #expect(try await voxels("particle: photon") == 368)
    #expect(try await voxels("geometry: dataset_2") == 6480)
    #expect(try await voxels("particle: electron, geometry: dataset_3") == 40_500)
  }
}

import Foundation
import TestSupport
import Testing

/// `qcalo wait` as a process.
@Suite struct WaitProgramTests {
  @Test func `a sweep that is still trained when the time is over ends with 75, and nothing was stopped`() async throws
  {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      budget: {checkpoints: 1000000}
      hidden: [3]
      discriminator.hidden: [8]
      variants: [{label: long}]

      """, to: "long.yaml")
    let environment = ["QCALO_WORKSPACE": folder("work")]
    let run = Started()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let ended = try Programs.run(
          "qcalo", ["run", folder("long.yaml")], environment: environment, started: { run.note($0) })
        #expect(ended.status == 75, "\(ended)")
      }
      group.addTask {
        defer { run.interrupt() }
        // Before its worker is at work there is nothing to wait for.
        for _ in 0..<200 {
          let waited = try Programs.run(["wait", "long", "--at-most", "0.5s"], environment: environment)
          if waited.errors.contains("1 runs are still to end") { return #expect(waited.status == 75, "\(waited)") }
          try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("nobody trains")
      }
      try await group.waitForAll()
    }
  }
}

import Foundation
import TestSupport
import Testing

/// `status --watch`, which ends when it is interrupted only.
@Suite struct StatusProgramTests {
  @Test func `a watched status looks again every so many seconds, and takes in what is new`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      budget: {checkpoints: 1}
      hidden: [3]
      discriminator.hidden: [8]
      variants: [{label: t}]

      """, to: "tiny.yaml")
    let environment = ["QCALO_WORKSPACE": folder("work")]
    #expect(try Programs.run(["run", "tiny.yaml"], in: folder.path, environment: environment).status == 0)

    // Less than two of the usual ten seconds. One program that waits for another would hold two of few threads.
    let watched = try Execution(
      "timeout",
      [
        "--signal=INT", "8", Programs.folder.appendingPathComponent("qcalo").path, "status", "tiny", "--watch",
        "--every", "1",
      ],
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
    #expect(watched.output.ranges(of: "Status of tiny at ").count >= 3, "\(watched)")
    for every in ["0", "\(Int.max)"] {
      let refused = try Programs.run(["status", "--every", every], environment: environment)
      #expect(refused.status == 64 && refused.errors.contains("--every: \(every) is not in 1 … 86400"), "\(refused)")
    }
  }
}

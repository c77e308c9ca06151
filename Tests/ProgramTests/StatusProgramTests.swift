import Foundation
import TestSupport
import Testing

/// `status --watch`, which ends when it is interrupted only.
@Suite struct StatusProgramTests {
  @Test func `a watched status looks again every so many seconds, and takes in what is new`() async throws {
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

    let program = Programs.folder.appendingPathComponent("qcalo").path
    let output = folder("watched")
    let looks: @Sendable () -> Int = {
      ((try? String(contentsOfFile: output, encoding: .utf8)) ?? "").ranges(of: "Status of tiny at ").count
    }
    let watched = Started()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try Execution(
          "/bin/sh", ["-c", "exec '\(program)' status tiny --watch --every 1 > \(output)"],
          environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }
        ) { watched.note($0) }
      }
      group.addTask {
        defer { watched.interrupt() }
        // Less than two of the usual ten seconds.
        for _ in 0..<150 where looks() < 3 { try await Task.sleep(for: .milliseconds(100)) }
      }
      try await group.waitForAll()
    }
    #expect(looks() >= 3)
    let refused = try Programs.run(["status", "--every", "0"], environment: environment)
    #expect(refused.status == 64 && refused.errors.contains("--every: 0 is not 1 or more"), "\(refused)")
  }
}

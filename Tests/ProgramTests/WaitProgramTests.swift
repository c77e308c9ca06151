import Foundation
import TestSupport
import Testing

/// `qcalo wait` as a process.
@Suite struct WaitProgramTests {
  /// Ctrl-C reaches the worker as what it was, too.
  @Test func `a sweep that is still trained when the time is over ends with 75, and nothing was stopped`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      budget: {checkpoints: 1000000}
      hidden: [3]
      discriminator.hidden: [8]
      variants: [{label: model}]

      """, to: "long.yaml")
    // One program that waits for another would hold two of few threads: a shell starts both.
    let together = try Execution(
      "/bin/sh",
      [
        "-c",
        """
        qcalo run long.yaml >run.log 2>&1 &
        # Before its worker is at work there is nothing to wait for.
        for look in $(seq 200); do
          qcalo wait long --at-most 0.5s 2>wait.log
          code=$?
          if grep -q '1 runs are still to end' wait.log; then echo "waited: $code"; break; fi
          sleep 0.1
        done >waited.log
        grep waited: waited.log
        kill -INT $!
        wait $!
        echo "ran: $?"
        qcalo status long
        qcalo why long 2>&1
        echo "why: $?"
        # The worker that qcalo becomes hears what it is told, too.
        qcalo train work/runs/*/job.json --run-folder alone >alone.log 2>&1 &
        for look in $(seq 200); do ls alone/checkpoints/full-*.h5 >/dev/null 2>&1 && break; sleep 0.1; done
        kill -TERM $!
        for look in $(seq 200); do kill -0 $! 2>/dev/null || break; sleep 0.1; done
        kill -KILL $! 2>/dev/null
        wait $!
        echo "trained alone: $?"
        """,
      ], in: folder.path,
      environment: ProcessInfo.processInfo.environment.merging([
        "QCALO_WORKSPACE": folder("work"),
        "PATH": Programs.folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
      ]) { $1 })
    #expect(together.output.contains("waited: 75\n") && together.output.contains("ran: 75\n"), "\(together)")
    #expect(together.output.contains("SIGINT") && !together.output.contains("SIGTERM"), "\(together)")
    #expect(together.output.contains("`qcalo status long` lists its runs"), "\(together)")
    #expect(together.output.hasSuffix("why: 64\ntrained alone: 75\n"), "\(together)")
  }
}

import Experiment
import Foundation
import Glibc
import Storage
import TestSupport
import Testing

/// `qcalo run` of a search killed at random moments, with its workers or without, and started again until it is over.
///
/// `$QCALO_TEST_KILLS` sets how often: `QCALO_TEST_KILLS=200 scripts/test SearchKillTests`.
@Suite struct SearchKillTests {
  private let folder: TemporaryFolder
  private let kills: Int

  init() throws {
    folder = try TemporaryFolder()
    kills = ProcessInfo.processInfo.environment["QCALO_TEST_KILLS"].flatMap { Int($0) } ?? 6
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      discriminator.hidden: [6]
      search:
        space: {hidden: [[3], [4], [5], [6]], training.learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}}
        method: {tpe: {startup: 3}}
        trials: 8
        rungs: [2, 6]
        factor: 2
        replicates: [1, 2]

      """, to: "wanted.yaml")
  }

  private func qcalo(_ arguments: [String], _ workspace: String, started: (Int32) -> Void = { _ in }) throws
    -> Execution
  {
    try Programs.run(
      "qcalo", arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder(workspace)], started: started)
  }

  private func query(_ sql: String, _ workspace: String) throws -> String {
    let found = try qcalo(["query", sql, "--format", "csv"], workspace)
    #expect(found.status == 0, "\(found.errors)")
    return found.output
  }

  /// What came of a search: its decisions, and every checkpoint once.
  private func result(_ workspace: String) throws -> String {
    let collected = try qcalo(["collect", "--rebuild"], workspace)
    #expect(collected.status == 0, "\(collected)")
    return try query("SELECT number, trial, rung, cause, reason FROM decisions ORDER BY 1", workspace)
      + query("SELECT trial, key, value FROM trial_values ORDER BY 1, 2", workspace)
      + query("SELECT DISTINCT run, checkpoint, reduced, full_sha256 FROM checkpoints ORDER BY 1, 2", workspace)
  }

  @Test func `a search that is killed anywhere makes the same decisions, and trains nothing twice over`() throws {
    let whole = try qcalo(["run", "wanted.yaml", "--jobs", "1"], "whole")
    #expect(whole.status == 0, "\(whole)")
    let expected = try result("whole")
    #expect(expected.split(separator: "\n").count > 60)
    var random = SplitMix64(state: 5)
    var (done, round) = (0, 0)
    while done < kills {
      round += 1
      let workspace = "killed-\(round)"
      // Each search is killed a few times, then left to its end.
      let most = min(kills - done, 8)
      for _ in 0..<most {
        let delay = Double.random(in: 0..<0.5, using: &random)
        let killed = try qcalo(["run", "wanted.yaml", "--jobs", "1"], workspace) { pid in
          usleep(UInt32(delay * 1e6))
          kill(pid, SIGKILL)
        }
        if killed.signal == SIGKILL { done += 1 }
        try settle(workspace, killing: random.unit() < 0.7)
      }
      let last = try qcalo(["run", "wanted.yaml", "--jobs", "1"], workspace)
      #expect(last.status == 0, "\(last)")
      #expect(try difference(from: expected, to: result(workspace)) == nil, "search \(round)")
      try FileManager.default.removeItem(atPath: folder(workspace))
    }
    print("\(done) kills of \(round) searches")
  }

  /// Waits until the workers that outlived the `run` that started them are gone, or kills them.
  private func settle(_ workspace: String, killing: Bool) throws {
    func left() throws -> [pid_t] {
      try Folder.names(in: "/proc").compactMap { pid_t($0) }.filter { pid in
        let variables = (try? FileContent.bytes(of: "/proc/\(pid)/environ"))?.split(separator: 0) ?? []
        return variables.contains(ArraySlice("QCALO_WORKSPACE=\(folder(workspace))".utf8))
      }
    }
    for pid in killing ? try left() : [] { kill(pid, SIGKILL) }
    while try !left().isEmpty { usleep(2000) }
  }
}

import Experiment
import Foundation
import Glibc
import Records
import Storage
import TestSupport
import Testing

/// `run`, `resume`, `collect` and `collect --rebuild` killed at random moments, while workers write or are killed too.
///
/// `$QCALO_TEST_KILLS` sets how often, `$QCALO_TEST_PROGRAMS` names the folder of the programs to kill:
/// `QCALO_TEST_KILLS=200 QCALO_TEST_PROGRAMS=.build/release scripts/test BookkeepingKillTests`.
@Suite struct BookkeepingKillTests {
  private let folder: TemporaryFolder
  private let kills: Int

  init() throws {
    folder = try TemporaryFolder()
    kills = ProcessInfo.processInfo.environment["QCALO_TEST_KILLS"].flatMap { Int($0) } ?? 12
    try folder.write(
      """
      name: small
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      budget: {checkpoints: \(20 + 10 * kills)}
      hidden: [4]
      discriminator.hidden: [6]
      baseline: Classical
      variants:
        - label: Classical
        - label: 1x
          circuit: {cnot: [1]}

      """, to: "small.yaml")
  }

  private func qcalo(
    _ arguments: [String], workspace: String = "work", started: (Int32) -> Void = { _ in }
  ) throws -> Programs.Outcome {
    try Programs.run(
      "qcalo", arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder(workspace)], started: started)
  }

  /// - Returns: The lines after the heading.
  private func query(_ sql: String, workspace: String = "work") throws -> [Substring] {
    let found = try qcalo(["query", sql, "--format", "csv"], workspace: workspace)
    #expect(found.status == 0, "\(found.errors)")
    return found.output.split(separator: "\n").dropFirst().map(\.self)
  }

  private func dump() throws -> [Substring: [Substring]] {
    let tables = try query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return try Dictionary(uniqueKeysWithValues: tables.map { ($0, try query("SELECT * FROM \($0)")) })
  }

  @Test func `a ledger whose writers are killed is sound, loses nothing, and is what a rebuild makes`() throws {
    var random = SplitMix64(state: 3)
    var cutShort: [String: Int] = [:]
    for _ in 0..<kills {
      let verbs: [([String], Double)] = [
        (["run", "small.yaml", "--jobs", "2"], 0.8), (["resume", "small"], 0.5), (["collect"], 0.1),
        (["collect", "--rebuild"], 0.1),
      ]
      let (arguments, longest) = verbs[Int(random.next() % 4)]
      let delay = Double.random(in: 0..<longest, using: &random)
      let killed = try qcalo(arguments) { pid in
        usleep(UInt32(delay * 1e6))
        kill(pid, SIGKILL)
      }
      if killed.signal == SIGKILL { cutShort[arguments[0], default: 0] += 1 }
      if Bool.random(using: &random) { try killWorkers() }
      if FileManager.default.fileExists(atPath: folder("work/ledger.sqlite")) {
        let check = try qcalo(["query", "PRAGMA integrity_check", "--format", "csv"])
        // It may have been killed before its first transaction.
        #expect(check.output == "integrity_check\nok\n" || check.errors.contains("there is no ledger"), "\(check)")
      }
    }
    try killWorkers()
    #expect(cutShort.values.reduce(0, +) > kills / 4, "\(cutShort)")
    let last = try qcalo(["run", "small.yaml"])
    #expect(last.status == 0, "\(last.errors)")
    print("\(kills) kills; cut short: \(cutShort.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")

    #expect(try query("PRAGMA integrity_check") == ["ok"])
    // No duplicate and no lost record: what the ledger has is what the journals have.
    let journalled = try records()
    let checkpoints = journalled.filter { if case .checkpoint = $0.event { true } else { false } }
    let identities = checkpoints.map { "\($0.run),\($0.attempt),\($0.sequence)" }
    #expect(
      try query("SELECT run, attempt, sequence FROM checkpoints").map(String.init).sorted() == identities.sorted())
    #expect(try query("SELECT count(*) FROM events") == ["\(journalled.count - checkpoints.count)"])
    // Nor was anything trained twice over or left out.
    let undisturbed = try qcalo(["run", "small.yaml"], workspace: "undisturbed")
    #expect(undisturbed.status == 0, "\(undisturbed.errors)")
    let curve = "SELECT DISTINCT run, checkpoint, reduced, generator_sha256 FROM checkpoints ORDER BY 1, 2"
    #expect(try query(curve) == query(curve, workspace: "undisturbed"))
    #expect(checkpoints.count >= 2 * (21 + 10 * kills))

    let before = try dump()
    #expect(before.count > 10)
    #expect(try qcalo(["collect", "--rebuild"]).status == 0)
    #expect(try dump() == before)
  }

  private var runs: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder("work/runs"))) ?? []).map {
      folder("work/runs/" + $0)
    }
  }

  /// Every line of every journal, read without the ledger.
  private func records() throws -> [JournalRecord] {
    try runs.flatMap { run in
      try FileManager.default.contentsOfDirectory(atPath: run + "/journal").flatMap { name in
        try Data(contentsOf: URL(fileURLWithPath: "\(run)/journal/\(name)")).split(separator: UInt8(ascii: "\n"))
          .map { try CanonicalJSON.value(JournalRecord.self, from: Data($0)) }
      }
    }
  }

  /// Kills the workers that outlived the `run` that started them, and waits until they are gone.
  private func killWorkers() throws {
    struct Owner: Decodable { var pid: Int32 }
    for run in runs {
      guard let lock = FileManager.default.contents(atPath: run + "/lock"),
        let owner = try? JSONDecoder().decode(Owner.self, from: lock)
      else { continue }
      // The number may be another process's by now.
      func isOurs() -> Bool {
        (try? String(contentsOfFile: "/proc/\(owner.pid)/cmdline", encoding: .utf8))?.contains(run) ?? false
      }
      guard isOurs() else { continue }
      kill(owner.pid, SIGKILL)
      while isOurs() { usleep(1000) }
    }
  }
}

import Experiment
import Foundation
import Glibc
import Records
import Storage
import TestSupport

/// A folder with two sweep files of one name, the second with the larger budget, one with a search, and the workspace `work`.
struct StormPlace {
  private let folder: TemporaryFolder

  var work: String { folder("work") }
  /// Where the shim notes the calls.
  var log: String { folder("calls") }
  /// The runs' names.
  var runs: [String] { get throws { try Folder.names(in: folder("work/runs")) } }

  init() throws {
    folder = try TemporaryFolder()
    for (name, checkpoints) in [("small", 2), ("more", 4)] {
      try folder.write(
        """
        name: small
        dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
        training: {checkpoint_interval: 1}
        budget: {checkpoints: \(checkpoints)}
        hidden: [4]
        discriminator.hidden: [6]
        variants: [{label: 1x, circuit: {cnot: [1]}}]

        """, to: "\(name).yaml")
    }
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      discriminator.hidden: [6]
      search: {space: {hidden: [[3], [4], [5]]}, method: random, trials: 2, rungs: [1, 2], factor: 2}

      """, to: "wanted.yaml")
  }

  init(copying other: StormPlace) throws {
    folder = try TemporaryFolder()
    let copied = try Execution("cp", ["-a", other.folder.path + "/.", folder.path])
    guard copied.status == 0 else { throw TestFailure("\(copied)") }
  }

  // MARK: Programs

  func start(_ program: String, _ arguments: [String], _ environment: [String: String] = [:]) throws -> Execution {
    try Programs.run(
      program, arguments, in: folder.path, environment: environment.merging(["QCALO_WORKSPACE": work]) { $1 })
  }

  /// Starts a program that must end with 0, and returns what it prints.
  @discardableResult
  func succeed(_ program: String, _ arguments: [String]) throws -> String {
    let done = try start(program, arguments)
    guard done.status == 0 else {
      throw TestFailure(
        "\(program) \(arguments.joined(separator: " ")) ended with \(done.status): \(done.output)\(done.errors)")
    }
    return done.output
  }

  /// Waits until what killed programs have started here has ended, or kills it.
  func settle(killing: Bool) {
    func left() -> [pid_t] {
      let names = (try? Folder.names(in: "/proc")) ?? []
      return names.compactMap { pid_t($0) }.filter { pid in
        let variables = (try? FileContent.bytes(of: "/proc/\(pid)/environ"))?.split(separator: 0) ?? []
        return variables.contains(ArraySlice("QCALO_WORKSPACE=\(work)".utf8))
      }
    }
    for pid in killing ? left() : [] { kill(pid, SIGKILL) }
    while !left().isEmpty { usleep(2000) }
  }

  // MARK: Content

  /// Removes what was trained and what the ledger knows of it; the runs' descriptions stay.
  func forgetTraining() throws {
    for run in try runs {
      for name in try Folder.names(in: folder("work/runs/\(run)")) where name != "job.json" {
        try FileManager.default.removeItem(atPath: folder("work/runs/\(run)/\(name)"))
      }
    }
    try FileManager.default.removeItem(atPath: folder("work/ledger.sqlite"))
  }

  /// Gives the runs the budget of `more.yaml`.
  func enlargeBudget() throws {
    for run in try runs {
      let path = folder("work/runs/\(run)/job.json")
      var job: JobDescription = try CanonicalJSON.value(inFile: path)
      job.budget.checkpoints = 4
      try DurableFile.write(CanonicalJSON.data(job, pretty: true), to: path)
    }
  }

  private func query(_ sql: String) throws -> String { try succeed("qcalo", ["query", sql, "--format", "csv"]) }

  /// The question for every row of every table of the ledger.
  func questionForRows() throws -> String {
    let tables = try query(
      """
      SELECT m.name, group_concat(p.name, ' ') FROM sqlite_master m, pragma_table_info(m.name) p
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' GROUP BY m.name
      """
    ).split(separator: "\n").dropFirst().map { line in
      let words = line.split { $0 == "," || $0 == " " }
      let columns = words.dropFirst().map { "\"\($0)\"" }.joined(separator: ", ")
      return "SELECT '\(words[0])' AS name, json_array(\(columns)) AS content FROM \(words[0])"
    }
    guard tables.count > 10 else { throw TestFailure("the ledger has only \(tables.count) tables") }
    return tables.joined(separator: " UNION ALL ") + " ORDER BY 1, 2"
  }

  /// The files of the workspace but for what several attempts may leave: their journals, what these set aside, what a
  /// killed writer had not finished, what the last worker said, which is not written when `run` is killed before, and the
  /// lock of a worker killed behind the last line of its run, which nobody takes any more.
  private var files: [String] {
    (FileManager.default.enumerator(atPath: work)?.compactMap { $0 as? String } ?? []).sorted().filter { path in
      !path.contains("/journal/attempt-") && !path.contains("/set-aside") && !path.contains(".partial")
        && !path.hasSuffix("/worker.log") && !path.hasSuffix("/lock")
        && !(path.hasPrefix("datasets/") && path.hasSuffix(".tmp"))
    }
  }

  /// What is wrong with a ledger that was just written by a killed program, for one who only reads it.
  func readingFails() throws -> String? {
    guard FileManager.default.fileExists(atPath: folder("work/ledger.sqlite")) else { return nil }
    let check = try start("qcalo", ["query", "PRAGMA integrity_check", "--format", "csv"])
    // It may have been killed before its first transaction.
    let isSound = check.output == "integrity_check\nok\n" || check.errors.contains("there is no ledger")
    return isSound ? nil : "query after the kill: \(check)"
  }

  /// All that an undisturbed and a disturbed training must have in common: files, checkpoints, records and the ledger.
  /// - Parameter rows: What `questionForRows` returned.
  /// - Returns: A text, in which nothing stands that a kill may change.
  /// - Throws: `TestFailure` when a check of the workspace fails.
  func result(rows: String) throws -> String {
    let collected = try succeed("qcalo", ["collect"])
    guard collected.hasSuffix("; 0 problems.\n") else { throw TestFailure("collect: \(collected)") }
    var parts = files
    for run in try runs {
      parts.append(try succeed("qcalo-worker", ["checkpoints", "verify", "work/runs/\(run)"]))
      parts.append(try succeed("qcalo-worker", ["checkpoints", "digest", "work/runs/\(run)"]))
    }
    // Each checkpoint once.
    parts.append(
      try query(
        """
        SELECT run, checkpoint, iteration, chi2, ndf, reduced, uncertainty, full_sha256, generator_sha256
        FROM checkpoints ORDER BY 1, 2
        """))
    parts.append(try query("SELECT number, trial, rung, cause, reason FROM decisions ORDER BY number"))
    let before = try query(rows)
    try succeed("qcalo", ["collect", "--rebuild"])
    if let other = difference(from: before, to: try query(rows)) {
      throw TestFailure("the ledger is not what a rebuild makes:\n\(other)")
    }
    return parts.joined(separator: "\n")
  }
}

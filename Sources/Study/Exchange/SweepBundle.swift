import Experiment
import Foundation
package import Ledger
import Records
import Storage

/// A sweep's runs in one file, for another workspace: journals, records and kept generators, and no data.
package enum SweepBundle {
  /// The first file of a bundle, `bundle.json`: what else is in it.
  struct Index: Codable, Hashable {
    /// The version of this format.
    var schema = 1
    /// The sweep's name.
    var sweep: String
    /// The files in the archive's order.
    var files: [File]

    struct File: Codable, Hashable {
      /// Its path in the workspace.
      var path: String
      var bytes: Int
      var sha256: String
    }

    static let name = "bundle.json"
  }

  /// What is in a bundle.
  package struct Summary: Sendable {
    /// How many runs have begun, and are in it.
    package var runs = 0
    /// How many files, and their bytes.
    package var files = 0
    /// The sum of the files' sizes.
    package var bytes = 0
  }

  /// Writes a bundle.
  ///
  /// The same files give the same bytes. A journal that is being written is in it up to its last whole line.
  /// - Parameters:
  ///   - sweep: The sweep's name.
  ///   - workspace: Where its runs are.
  ///   - path: The file to write.
  /// - Returns: What is in it.
  /// - Throws: `InputError` when there is no such sweep; `StorageError`.
  package static func write(_ sweep: String, of workspace: Workspace, to path: String) throws -> Summary {
    let record = try RecordedSweep.read(sweep, in: workspace)
    let datasets = Dictionary(record.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
    var paths = ["sweeps/\(sweep).json"]
    if FileManager.default.fileExists(atPath: workspace.searchRecord(sweep)) { paths.append("searches/\(sweep).jsonl") }
    var summary = Summary()
    for run in Set(PreparedSweep(record.plan, datasets).jobs.map(\.run)).sorted() {
      let files = files(ofRun: run, in: workspace)
      if !files.isEmpty { summary.runs += 1 }
      paths += files
    }
    paths += submissions(of: sweep, in: workspace)
    var index = Index(sweep: sweep, files: [])
    for path in paths {
      let data = try content(of: path, in: workspace, bytes: nil)
      index.files.append(.init(path: path, bytes: data.count, sha256: digest(data)))
    }
    try DurableFile.write(to: path, shared: true) { aside in
      let writer = try Tar.Writer(aside)
      try writer.add(Index.name, try CanonicalJSON.data(index, pretty: true))
      for file in index.files {
        let data = try content(of: file.path, in: workspace, bytes: file.bytes)
        guard digest(data) == file.sha256 else {
          throw StorageError(
            operation: "reading", path: "\(workspace.path)/\(file.path)", reason: "it changed meanwhile; try again",
            code: 0,
            writes: false)
        }
        try writer.add(file.path, data)
        (summary.files, summary.bytes) = (summary.files + 1, summary.bytes + data.count)
      }
      try writer.finish()
    }
    return summary
  }

  /// What a run's folder may have beside its description and journals: what it was judged by, and notes.
  static let sideFiles = ["metrics.jsonl", "devices.jsonl", RunNotes.fileName]

  /// The files of a run that has begun: its description and journals, results and notes, and the generators that are kept.
  private static func files(ofRun run: String, in workspace: Workspace) -> [String] {
    let folder = RunFolder(workspace.runFolder(run))
    let attempts = (try? folder.attempts()) ?? []
    guard !attempts.isEmpty else { return [] }
    let generators = ((try? Folder.names(in: folder.checkpointFolder)) ?? [])
      .filter { CheckpointName(file: $0)?.kind == .generator }.sorted()
    let others = sideFiles.map { "runs/\(run)/\($0)" }.filter { FileStatus("\(workspace.path)/\($0)") != nil }
    return ["runs/\(run)/job.json"] + others + attempts.map { "runs/\(run)/journal/\(RunFolder.journalName($0))" }
      + generators.map { "runs/\(run)/checkpoints/\($0)" }
  }

  /// What HTCondor has taken of the sweep, and what was lost there.
  private static func submissions(of sweep: String, in workspace: Workspace) -> [String] {
    ((try? Folder.names(in: workspace.path + "/submissions")) ?? []).sorted().flatMap { name -> [String] in
      let files = ["submitted.json", "lost.json"].map { "submissions/\(name)/\($0)" }
      guard let data = try? FileContent.data(of: "\(workspace.path)/\(files[0])"),
        (try? CanonicalJSON.value(SubmissionRecord.self, from: data))?.sweep == sweep
      else { return [] }
      return files.filter { FileManager.default.fileExists(atPath: "\(workspace.path)/\($0)") }
    }
  }

  /// A file's content, a journal's without a torn last line; only so many bytes of it if a number is given.
  private static func content(of path: String, in workspace: Workspace, bytes: Int?) throws -> Data {
    guard var data = try? FileContent.data(of: "\(workspace.path)/\(path)") else {
      throw StorageError("reading", "\(workspace.path)/\(path)", writes: false)
    }
    if let bytes { return data.prefix(bytes) }
    if path.hasSuffix(".jsonl") { data = data.prefix(data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) }
    return data
  }

  /// The SHA-256 of a content, in hexadecimal digits.
  static func digest(_ data: Data) -> String { SHA256.hexDigest(of: Array(data)) }
}

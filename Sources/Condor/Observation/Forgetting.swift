import Experiment
import FoundationEssentials
import Storage

extension Submission {
  private var forgottenFile: String { folder + "/forgotten.json" }

  private struct Forgotten: Codable { var time: Double }

  /// When the user gave up what is not known of its jobs; seconds since 1970-01-01 00:00 UTC, nil if never.
  package var forgotten: Double? { try? CanonicalJSON.value(Forgotten.self, inFile: forgottenFile).time }

  fileprivate func forget(at time: Double) throws {
    let text = String(decoding: try CanonicalJSON.data(Forgotten(time: time)), as: UTF8.self)
    try DurableFile.write(text + "\n", to: forgottenFile, shared: true)
  }
}

extension CondorState {
  /// Gives up the jobs of a submission of which nobody can say what became of them; its runs may go on elsewhere.
  ///
  /// - Parameters:
  ///   - name: The submission's.
  ///   - workspace: The workspace's folder.
  ///   - tools: HTCondor's commands, which are asked once more.
  ///   - now: The present time; seconds since 1970-01-01 00:00 UTC.
  /// - Returns: The runs that are given up, sorted.
  /// - Throws: `InputError` when there is no such submission, or when it is known what became of it; `StorageError`.
  package static func forget(
    _ name: String, in workspace: String, tools: CondorTools = CondorTools(),
    now: Double = Date().timeIntervalSince1970
  ) async throws -> [String] {
    let state = await read(workspace, tools: tools, now: now)
    guard let entry = state.entries.first(where: { $0.submission.name == name }) else {
      let names = state.entries.map(\.submission.name).joined(separator: ", ")
      throw InputError(
        "'\(Quoting.shown(name))' is no submission; "
          + (names.isEmpty ? "nothing has been submitted from this workspace" : "there are \(names)"))
    }
    if entry.isOver { throw InputError("\(name): all of its jobs are over, so there is nothing to give up") }
    let unknown = entry.submission.manifest.runs.filter { run in
      entry.receipt == nil || entry.unknown(of: run) != nil
    }
    let known = entry.submission.manifest.runs.filter { !unknown.contains($0) && entry.jobs[$0]?.phase != .ended }
    guard entry.submission.token != nil, !unknown.isEmpty, known.isEmpty else {
      throw InputError(
        "\(name): HTCondor has \(known.count) of its jobs, as far as is known; only what nobody can say anything of is "
          + "given up. `qcalo cancel \(name)` removes them")
    }
    try entry.submission.forget(at: now)
    return unknown.sorted()
  }
}

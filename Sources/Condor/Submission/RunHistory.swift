import Experiment
import Records
import Storage

/// What the journals in a run's folder say, as far as submitting needs it.
struct RunHistory {
  /// The full checkpoints that are there, the newest two, relative to the run's folder; a worker that was stopped between
  /// two has saved one that no record names.
  private(set) var fullCheckpoints: [String] = []

  /// - Throws: `StorageError`.
  init(runFolder: String) throws {
    let folder = RunFolder(runFolder)
    var full: [String] = []
    for attempt in try folder.attempts() {
      var reader = JournalReader(folder.journal(attempt))
      // A line that cannot be read, such as a torn last one, is no evidence of anything.
      try reader.read(of: Folder.name(of: runFolder)) { _, line in
        guard case .record(let record) = line, case .checkpoint(let checkpoint) = record.event else { return }
        if let file = checkpoint.full, Self.isInside(file.path) { full.append(file.path) }
      }
    }
    let saved = Files.names(in: folder.checkpointFolder).compactMap(CheckpointName.init(file:))
    if let newest = saved.filter({ $0.kind == .full }).max(), newest.offset > 0 {
      full.append("checkpoints/\(newest.file)")
    }
    for path in full.reversed() where !fullCheckpoints.contains(path) && Files.exists("\(runFolder)/\(path)") {
      fullCheckpoints.append(path)
      if fullCheckpoints.count == 2 { break }
    }
  }

  /// Journals come back from other machines: their paths must not lead out of the folder.
  private static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.first == "checkpoints" && Quoting.isToken(String(parts[1]))
  }
}

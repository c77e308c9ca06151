import Experiment
package import Records
import Storage

/// The checkpoints of a run's folder.
package struct CheckpointStore: Sendable {
  /// The run's folder; the files are in its `checkpoints`.
  package let folder: RunFolder

  package init(folder: RunFolder) { self.folder = folder }

  /// The names of the checkpoints, oldest first; whether they are intact is not looked at.
  package func names(_ kind: Checkpoint.Kind) throws -> [CheckpointName] {
    try Folder.names(in: folder.checkpointFolder).compactMap(CheckpointName.init(file:))
      .filter { $0.kind == kind }.sorted()
  }

  /// The path of the file of that name, whether or not it is there.
  package func path(of name: CheckpointName) -> String { folder.checkpointFolder + "/" + name.file }

  /// Reads a checkpoint and verifies it.
  /// - Throws: `InputError` when it cannot be used.
  package func read(_ name: CheckpointName) throws -> Checkpoint {
    let file = path(of: name)
    let checkpoint = try Checkpoint(file: file)
    guard checkpoint.name == name else {
      throw InputError("\(file): it holds what belongs into \(checkpoint.name.file); was it renamed?")
    }
    return checkpoint
  }

  /// The newest full checkpoint that is intact, and the newer ones that are not, with the reasons.
  package func newest() throws -> (checkpoint: Checkpoint?, rejected: [(name: CheckpointName, reason: String)]) {
    var rejected: [(name: CheckpointName, reason: String)] = []
    for name in try names(.full).reversed() {
      do {
        return (try read(name), rejected)
      } catch let error as InputError {
        rejected.append((name, error.description))
      }
    }
    return (nil, rejected)
  }

  /// Puts a checkpoint on the disk, in place of one of the same name.
  package func write(_ checkpoint: Checkpoint) throws -> CheckpointFile {
    let bytes = try checkpoint.encoded()
    try DurableFile.write(bytes, to: path(of: checkpoint.name))
    return CheckpointFile(
      path: "checkpoints/" + checkpoint.name.file, sha256: checkpoint.sha256, bytes: bytes.count)
  }

  /// Removes what a killed writer left beside the checkpoints: none of them is a checkpoint.
  func removePartial() throws {
    for name in try Folder.names(in: folder.checkpointFolder) where name.contains(".partial") {
      try RunFolder.remove(folder.checkpointFolder + "/" + name)
    }
  }

  /// Removes the full checkpoints that the newer ones have made superfluous.
  ///
  /// To be called when checkpoint `newest` is journalled: what is between two checkpoints goes, and all but the last
  /// `keep`.
  func pruneFull(newest: Int, keep: Int) throws {
    let older = try names(.full).filter { $0.checkpoint < newest }
    let kept = Set(older.filter { $0.offset == 0 }.suffix(keep - 1))
    for name in older where !kept.contains(name) { try RunFolder.remove(path(of: name)) }
  }

  /// Removes the checkpoints between `name` and the one of the run's interval before it.
  func pruneBetween(before name: CheckpointName) throws {
    for other in try names(.full) where other < name && other.checkpoint == name.checkpoint && other.offset > 0 {
      try RunFolder.remove(path(of: other))
    }
  }
}

extension Checkpoint {
  /// The name that its file must have, by kind, iteration and the run's checkpoint interval.
  package var name: CheckpointName {
    CheckpointName(header.kind, iteration: header.iteration, interval: header.job.settings.checkpointInterval)
  }
}

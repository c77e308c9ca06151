import Experiment
package import Records

/// Which checkpoints of a run stay when its folder is tidied.
package struct PrunePolicy: Hashable, Sendable {
  /// The last full checkpoints: what a resume needs.
  package var full: Int
  /// Generators this far on both sides of the best checkpoint: those of ⟨χ²⟩q.
  package var window: Int
  /// Every how many checkpoints a generator stays besides; nil: none.
  package var every: Int?

  package init(full: Int = 2, window: Int = 30, every: Int? = nil) {
    self.full = full
    self.window = window
    self.every = every
  }

  /// The files of a folder that this policy does not keep, oldest first.
  ///
  /// Checkpoint 0 and the last one stay always, and so does all that is newer than the last record: a start will
  /// complete it.
  /// - Throws: `StorageError`.
  package func superfluous(in folder: RunFolder) throws -> [String] {
    let (store, history) = (CheckpointStore(folder: folder), try folder.history())
    guard let last = history.checkpoints.keys.max(), let best = history.best?.checkpoint else { return [] }
    let generators = try store.names(.generator).filter { name in
      let near = abs(name.checkpoint - best) <= window
      let regular = every.map { name.checkpoint % $0 == 0 } ?? false
      return !(near || regular || name.checkpoint == 0 || name.checkpoint >= last)
    }
    let boundary = try store.names(.full).filter { $0.offset == 0 }
    let fulls = boundary.dropLast(max(full, 1)).filter { $0.checkpoint < last }
    return (fulls + generators).map(store.path)
  }

  /// Removes what is superfluous, while no worker trains the run.
  /// - Returns: The removed files.
  /// - Throws: `RunLocked`, `StorageError`.
  package func apply(to folder: RunFolder) throws -> [String] {
    let lock = try RunLock(folder: folder)
    defer { lock.release() }
    let files = try superfluous(in: folder)
    for file in files { try RunFolder.remove(file) }
    return files
  }
}

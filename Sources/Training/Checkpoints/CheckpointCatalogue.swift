import Experiment
package import Records
package import Storage

/// What a run's folder holds, checkpoint by checkpoint: for `checkpoints list|verify|digest`.
package struct CheckpointCatalogue: Codable, Sendable {
  /// The files and the χ²/NDF of one iteration.
  package struct Entry: Codable, Hashable, Sendable {
    /// The number of the last checkpoint of the run's interval at or before the iteration.
    package var checkpoint: Int
    /// The iterations done since the run's first start.
    package var iteration: Int
    /// χ²/NDF; nil for one between two checkpoints, and for one that no journal records.
    package var reduced: Double?
    /// The path of the full checkpoint relative to the run's folder; nil when it is not there.
    package var full: String?
    /// The path of the generator's checkpoint relative to the run's folder; nil when it is not there.
    package var generator: String?
  }

  /// The run's name, from its job.json.
  package var run: String
  /// The iterations that have a file or a record, ascending.
  package var checkpoints: [Entry]
  /// The checkpoint with the lowest χ²/NDF.
  package var best: Int?

  /// - Throws: `InputError` when the folder is no run's; `StorageError`.
  package init(folder: RunFolder) throws {
    guard let job = try folder.job() else {
      throw InputError("\(folder.path): there is no job.json, so this is not the folder of a run")
    }
    let (store, history) = (CheckpointStore(folder: folder), try folder.history())
    let interval = job.settings.checkpointInterval
    var entries: [Int: Entry] = [:]
    func entry(_ checkpoint: Int, _ iteration: Int, _ change: (inout Entry) -> Void) {
      change(&entries[iteration, default: Entry(checkpoint: checkpoint, iteration: iteration)])
    }
    for record in history.checkpoints.values {
      entry(record.checkpoint, record.iteration) {
        $0.reduced = record.evaluation.reduced.isNaN ? nil : record.evaluation.reduced
      }
    }
    for name in try store.names(.full) {
      entry(name.checkpoint, name.checkpoint * interval + name.offset) { $0.full = "checkpoints/" + name.file }
    }
    for name in try store.names(.generator) {
      entry(name.checkpoint, name.checkpoint * interval + name.offset) { $0.generator = "checkpoints/" + name.file }
    }
    run = job.run
    checkpoints = entries.values.sorted { $0.iteration < $1.iteration }
    best = history.best?.checkpoint
  }
}

/// What a check of a run's checkpoints found.
package struct CheckpointVerification: Codable, Sendable {
  /// The files that are intact and are what the journal says.
  package var intact: [String] = []
  /// A sentence for each that is not.
  package var flaws: [String] = []
  /// A sentence for each thing that the journals lack, or that they say and the folder lacks.
  package var journal: [String] = []

  /// Reads every checkpoint and every journal of a folder, and compares them.
  /// - Parameters:
  ///   - folder: The run's.
  ///   - progress: Tells how many files are read.
  /// - Throws: `StorageError`.
  package init(folder: RunFolder, progress: ProgressLine? = nil) throws {
    let (store, history) = (CheckpointStore(folder: folder), try folder.history())
    let records = history.checkpoints
    journal = history.unreadable + history.torn.map { "\($0.file): the last line is torn" }
    let names = try store.names(.full) + store.names(.generator)
    progress?.begin("reading checkpoints", of: names.count)
    for name in names {
      defer { progress?.advance() }
      do {
        let checkpoint = try store.read(name)
        let record = name.offset == 0 ? records[name.checkpoint] : nil
        if let reason = record.flatMap(checkpoint.difference) {
          flaws.append("\(store.path(of: name)): \(reason)")
        } else {
          intact.append("checkpoints/" + name.file)
        }
      } catch let error as InputError {
        flaws.append(error.description)
      }
    }
    let boundaries = Set(names.lazy.filter { $0.offset == 0 }.map(\.checkpoint))
    for checkpoint in boundaries.subtracting(records.keys).sorted() {
      journal.append("\(folder.path): no journal records checkpoint \(checkpoint), whose file is there")
    }
    let known = boundaries.union(records.keys)
    if let last = known.max(), known.count <= last {
      journal.append(
        "\(folder.path): \(last + 1 - known.count) checkpoints before \(last) have neither record nor file")
    }
    if let last = records.values.max(by: { $0.checkpoint < $1.checkpoint }), let full = last.full,
      !names.contains(where: { $0.kind == .full && $0.checkpoint >= last.checkpoint })
    {
      journal.append("\(folder.path): \(full.path) is the last full checkpoint that is recorded, and is not there")
    }
  }
}

extension Checkpoint {
  /// How the file of a checkpoint differs from its record, a clause; nil when it does not.
  fileprivate func difference(from record: CheckpointRecord) -> String? {
    let file = header.kind == .full ? record.full : record.generator
    if let file, file.sha256 != sha256 { return "its arrays are not those that the journal records" }
    guard let score = header.score else { return nil }
    var here = record
    (here.iteration, here.evaluation, here.diagnostics) = (header.iteration, score.evaluation, score.diagnostics)
    return here.sameResult(as: record) ? nil : "its score is not the one that the journal records"
  }
}

/// All of a run that an undisturbed and a disturbed training must have in common, to the last bit.
package struct RunDigest: Codable, Sendable {
  /// A checkpoint on the disk.
  package struct File: Codable, Sendable {
    /// The path relative to the run's folder.
    package var path: String
    /// The iterations done since the run's first start.
    package var iteration: Int
    /// The SHA-256 of each array (name, shape and values), by its name.
    package var arrays: [String: String]
  }

  /// The run's name, from its job.json.
  package var run: String
  /// The checkpoints on the disk, by name.
  package var files: [File]
  /// The journals' checkpoint records without their cost, by checkpoint, the SHA-256 of all their arrays among them.
  package var records: [CheckpointRecord]

  /// - Throws: `InputError` when a checkpoint is damaged or two records of one differ; `StorageError`.
  package init(folder: RunFolder) throws {
    guard let job = try folder.job() else {
      throw InputError("\(folder.path): there is no job.json, so this is not the folder of a run")
    }
    run = job.run
    let (store, history) = (CheckpointStore(folder: folder), try folder.history())
    files = try (store.names(.full) + store.names(.generator)).map { name in
      let checkpoint = try store.read(name)
      return File(
        path: "checkpoints/" + name.file, iteration: checkpoint.header.iteration,
        arrays: Dictionary(
          uniqueKeysWithValues: checkpoint.arrays.map { ($0.name, Checkpoint.digest(of: [$0])) }))
    }
    let known = history.checkpoints
    for case .checkpoint(let record) in history.records.lazy.map(\.event) {
      guard known[record.checkpoint]?.sameResult(as: record) ?? true else {
        throw InputError("\(folder.path): the journals hold two different records of checkpoint \(record.checkpoint)")
      }
    }
    records = known.values.sorted { $0.checkpoint < $1.checkpoint }.map(\.result)
  }
}

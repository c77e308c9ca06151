package import Experiment
import FoundationEssentials
import Glibc
package import Records
import Storage

/// What an attempt starts from, found out without changing anything.
struct Preparation {
  let job: JobDescription
  let folder: RunFolder
  let history: History
  let checkpoint: Checkpoint?
  /// Newer checkpoints that cannot be used, with the reasons.
  let rejected: [(name: CheckpointName, reason: String)]
  let provenance: Provenance
  /// The records before what is resumed that the journals have lost, and the checkpoints' files still give.
  let lost: [CheckpointRecord]
  /// Why what is resumed is not bit-identical by construction; nil when it is.
  let notBitIdentical: String?

  /// - Throws: `InputError` when what is there cannot be resumed by this worker; `StorageError`.
  init(
    job: JobDescription, folder: RunFolder, history: History, trainee: any Trainee.Type, acceptDifferentBinary: Bool
  ) throws {
    self.job = job
    self.folder = folder
    self.history = history
    (checkpoint, rejected) = try CheckpointStore(folder: folder).newest()
    let provenance = try Provenance.current(of: trainee)
    self.provenance = provenance
    guard let checkpoint else {
      (lost, notBitIdentical) = ([], nil)
      return
    }
    let differences = job.differences(from: checkpoint.header.job)
    guard differences.isEmpty else {
      throw InputError(
        "\(folder.path): checkpoints/\(checkpoint.name.file) is of another job: \(differences.joined(separator: "; ")); "
          + "give this job a folder of its own")
    }
    lost = try CheckpointStore(folder: folder).records(before: checkpoint, notIn: history.checkpoints)
    var reasons: [String] = []
    let (there, here) = (checkpoint.header.numericsVersion, provenance.numericsVersion)
    if there != here {
      guard acceptDifferentBinary else {
        throw InputError(
          "\(folder.path): checkpoints/\(checkpoint.name.file) was trained with numerics version \(there), this worker has "
            + "\(here) and would train other numbers; go on with the worker of before, or accept it with "
            + "--accept-different-binary")
      }
      reasons.append("numerics version \(there), then \(here) (accepted)")
    }
    if let last = history.lastStart?.provenance {
      func compare(
        _ what: String, _ path: KeyPath<Provenance, String>, digits: Int = .max,
        by agree: (String, String) -> Bool = (==)
      ) {
        let (there, here) = (last[keyPath: path], provenance[keyPath: path])
        if !agree(there, here) { reasons.append("\(what) \(there.prefix(digits)), then \(here.prefix(digits))") }
      }
      compare("binary", \.binary, digits: 12)
      compare("processor", \.processor)
      compare("kernels", \.kernels, by: InstructionSet.agree)
    }
    notBitIdentical = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }
}

extension TrainingRun {
  /// Trains a run until something ends it, and keeps its journal.
  ///
  /// - Parameters:
  ///   - jobFile: The job description. It is copied into the folder, unless it is there.
  ///   - folder: The run's folder; nil for that of the job description.
  ///   - control: What decides from outside when the run stops.
  ///   - make: Makes what is trained, at iteration 0. The path is the dataset's, from here.
  /// - Returns: How the attempt ended; how the last one did, where the run was over already.
  /// - Throws: `InputError`, `StorageError`, `RunLocked`; what went wrong is in the journal too where there is one.
  package static func train(
    jobFile: String, folder: RunFolder? = nil, control: RunControl,
    trainee make: (JobDescription, _ dataset: String) throws -> any Trainee
  ) throws -> AttemptEnd {
    var job = try JobDescription(json: InputFile.data(of: jobFile, "the job description"), from: jobFile)
    if job.budget.checkpoints == nil && job.budget.trainingSeconds == nil && control.walltime == nil {
      throw InputError("\(jobFile): the budget is empty and there is no walltime: the run would never end")
    }
    let jobFolder = jobFile.lastIndex(of: "/").map { String(jobFile[...$0]) } ?? ""
    let dataset = job.dataset.path.hasPrefix("/") ? job.dataset.path : jobFolder + job.dataset.path
    let folder = folder ?? RunFolder(jobFolder.isEmpty ? "." : String(jobFolder.dropLast()))
    try folder.create()
    let lock = try RunLock(
      folder: folder, heartbeat: control.heartbeat, in: RunLock.Surroundings(steady: control.steady))
    defer { lock.release() }
    if !sameFile(jobFile, folder.jobFile) {
      let known = try folder.job()
      let differences = known.map(job.differences) ?? []
      guard differences.isEmpty else {
        throw InputError(
          "\(folder.path) is the folder of another job: \(differences.joined(separator: "; ")); "
            + "give this one a folder of its own")
      }
      // The copy would look for a relative path beside itself.
      job.dataset.path = absolute(dataset)
      if known != job { try DurableFile.write(try CanonicalJSON.data(job, pretty: true), to: folder.jobFile) }
    }

    let history = try folder.history()
    if let end = history.end, end.exit == .diverged { return end }
    let subject = try make(job, dataset)
    let preparation = try Preparation(
      job: job, folder: folder, history: history, trainee: type(of: subject),
      acceptDifferentBinary: control.acceptDifferentBinary)
    if let end = preparation.alreadyFinished { return end }
    return try attempt(preparation, subject, control, lock)
  }

  private static func attempt(
    _ preparation: Preparation, _ subject: any Trainee, _ control: RunControl, _ lock: RunLock
  ) throws -> AttemptEnd {
    let (folder, history) = (preparation.folder, preparation.history)
    let store = CheckpointStore(folder: folder)
    let journal = try JournalWriter(
      folder: folder, run: preparation.job.run, attempt: history.lastAttempt + 1, now: control.now)
    let checkpoint = preparation.checkpoint
    try journal.append(
      .attemptStarted(
        AttemptStart(
          provenance: preparation.provenance, fromCheckpoint: checkpoint?.header.checkpoint,
          iteration: checkpoint?.header.iteration ?? 0, notBitIdentical: preparation.notBitIdentical,
          dataset: preparation.job.dataset.sha256, threads: subject.threads > 1 ? subject.threads : nil)))
    let run = TrainingRun(preparation, trainee: subject, control: control, lock: lock, journal: journal)
    do {
      for torn in history.torn { try run.note(try folder.repair(torn)) }
      for line in history.unreadable { try run.note(line) }
      for (name, reason) in preparation.rejected {
        let place = try folder.setAside(store.path(of: name))
        try run.note(
          "\(reason); it is now \(place), and "
            + (checkpoint.map { "checkpoints/\($0.name.file) is taken instead" } ?? "the run starts from nothing"))
      }
      if let reason = preparation.notBitIdentical { control.notice("not bit-identical by construction: \(reason)") }
      try store.removePartial()
      if let checkpoint {
        do {
          try subject.restore(checkpoint.arrays, iteration: checkpoint.header.iteration)
        } catch {
          throw InputError("checkpoints/\(checkpoint.name.file): \(error)")
        }
        try run.recordAgain(preparation.lost)
        if checkpoint.name.offset == 0 { try run.complete(checkpoint) }
        // A kill may have come between a record and the tidying after it.
        try store.pruneFull(newest: checkpoint.header.checkpoint, keep: preparation.job.keep.full)
        try store.pruneBetween(before: checkpoint.name)
      }
      let end = try run.iterate()
      try journal.append(.attemptEnded(end))
      return end
    } catch {
      // The journal may be what cannot be written.
      try? journal.append(
        .attemptEnded(
          AttemptEnd(
            exit: ProgramEnd(of: error), reason: "\(error)", iteration: subject.iteration, cost: run.watch.cost)))
      throw error
    }
  }

  private static func sameFile(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_ino == second.st_ino
      && first.st_dev == second.st_dev
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}

extension Preparation {
  /// How the run ended, when its budget was used by the last attempt, which said so, and nothing is to be recorded again.
  fileprivate var alreadyFinished: AttemptEnd? {
    guard let end = history.end, end.exit == .finished, let checkpoint, rejected.isEmpty, history.torn.isEmpty,
      lost.isEmpty, history.checkpoints[checkpoint.header.checkpoint] != nil
    else { return nil }
    let header = checkpoint.header
    return job.budget.isUsed(checkpoint: header.checkpoint, trainingSeconds: header.cost.training) ? end : nil
  }
}

import Experiment
import FoundationEssentials
import QuantumGAN
import Records

/// One attempt at a run: resume, iterate, checkpoint, evaluate, record, stop.
///
/// A checkpoint k is complete when its line stands in the journal. Before that come, each durable when the next
/// begins: the generator's file, the full file. The evaluation is in both, so that whatever a kill leaves behind, the
/// next attempt ends up with the same files and the same records as an undisturbed run.
package final class TrainingRun {
  let job: JobDescription
  let folder: RunFolder
  let store: CheckpointStore
  let trainee: any Trainee
  let control: RunControl
  let lock: RunLock
  let journal: JournalWriter
  let watch: Stopwatch
  var records: [Int: CheckpointRecord]
  /// The iteration of the newest full checkpoint on the disk; nil when there is none.
  var saved: Int?
  /// What `saved` was at the start of this attempt.
  private let savedBefore: Int?
  private var losses: IterationLosses?
  /// When this start began, in seconds of `control.steady`.
  private let start: Double

  /// Called by `TrainingRun.train`, which has prepared everything.
  init(_ preparation: Preparation, trainee: any Trainee, control: RunControl, lock: RunLock, journal: JournalWriter) {
    job = preparation.job
    folder = preparation.folder
    store = CheckpointStore(folder: preparation.folder)
    self.trainee = trainee
    self.control = control
    self.lock = lock
    self.journal = journal
    records = preparation.history.checkpoints
    saved = preparation.checkpoint?.header.iteration
    savedBefore = saved
    start = control.steady()
    watch = Stopwatch(
      cost: preparation.checkpoint?.header.cost ?? Cost(), checkpoints: records.count, steady: control.steady)
  }

  private var interval: Int { job.settings.checkpointInterval }
  /// Whether the next iteration is the last before a checkpoint.
  private var completesCheckpoint: Bool { (trainee.iteration + 1) % interval == 0 }

  /// Trains until something ends it.
  func iterate() throws -> AttemptEnd {
    do { return try iterateWhileFinite() } catch let error as NotFinite { return try diverged(error.description) }
  }

  private func iterateWhileFinite() throws -> AttemptEnd {
    if saved == nil { try takeCheckpoint() }
    while true {
      if let end = try reasonToStop() { return end }
      let losses = watch.measure(.iteration) { trainee.iterate(norms: completesCheckpoint) }
      self.losses = losses
      lock.beat()
      guard losses?.allFinite ?? true else {
        return try diverged("the losses of iteration \(trainee.iteration) are not finite")
      }
      let save = control.takeSaveRequest()
      if trainee.iteration % interval == 0 {
        guard trainee.isFinite else {
          return try diverged("numbers of the state at checkpoint \(trainee.iteration / interval) are not finite")
        }
        try takeCheckpoint()
        if let exitInterval = control.exitInterval, control.steady() - start >= exitInterval, budgetUsed == nil {
          return end(.checkpointed, "checkpoint \(trainee.iteration / interval) is written; start again to go on")
        }
      } else if save {
        try saveBetween()
        try note("checkpoint asked for by a signal: \(checkpoint(.full).name.file)")
      }
    }
  }

  /// A sentence for the journal and the user.
  func note(_ text: String) throws {
    control.notice(text)
    try journal.append(.notice(text))
  }

  // MARK: Stopping

  private func end(_ exit: ProgramEnd, _ reason: String) -> AttemptEnd {
    AttemptEnd(exit: exit, reason: reason, iteration: trainee.iteration, cost: watch.cost)
  }

  /// How the budget is used up; nil while it is not.
  private var budgetUsed: String? {
    switch job.budget.use(checkpoint: trainee.iteration / interval, trainingSeconds: watch.cost.training) {
    case .checkpoints(let last): "checkpoint \(last) is reached"
    case .trainingSeconds(let seconds): "the budget of \(Progress.duration(seconds)) of training is used"
    case nil: nil
    }
  }

  private func reasonToStop() throws -> AttemptEnd? {
    if let reason = budgetUsed {
      try saveBetween()
      return end(.finished, reason)
    }
    guard let interruption = interruption() else { return nil }
    try saveBetween()
    return end(interruption)
  }

  private enum Interruption {
    case request(by: String)
    case walltime(limit: Double)
  }

  /// What ends this start here, for the next one to go on; nil when nothing does.
  private func interruption() -> Interruption? {
    if let who = control.stopRequest() { return .request(by: who) }
    guard let walltime = control.walltime, control.now() + nextStep >= walltime.deadline else { return nil }
    return .walltime(limit: walltime.limit)
  }

  private func end(_ interruption: Interruption, _ more: String = "") -> AttemptEnd {
    switch interruption {
    case .request(let who): return end(.resumable, "\(who) asked to stop" + more)
    case .walltime(let limit):
      // HTCondor keeps the files of an exit with 85 only. The next start, in the same slot, has nothing new to keep.
      let exit: ProgramEnd = control.exitInterval != nil && saved != savedBefore ? .checkpointed : .resumable
      return end(exit, "the walltime of \(Progress.duration(limit)) is nearly over" + more)
    }
  }

  /// The seconds until the state could be saved next, if it is not saved now.
  private var nextStep: Double {
    var seconds = watch.expected(.iteration) + watch.expected(.checkpoint)
    if completesCheckpoint { seconds += watch.expected(.evaluation) }
    return seconds
  }

  // MARK: Saving

  func checkpoint(_ kind: Checkpoint.Kind, score: Checkpoint.Score? = nil) -> Checkpoint {
    Checkpoint(
      header: .init(
        kind: kind, job: job, iteration: trainee.iteration, numericsVersion: type(of: trainee).numericsVersion,
        cost: watch.cost, score: score),
      arrays: kind == .full ? trainee.state : trainee.generatorState)
  }

  /// Saves the state between two checkpoints of the interval, if it is not saved.
  private func saveBetween() throws {
    guard saved != trainee.iteration else { return }
    try lock.confirm()
    let name = try watch.measure(.checkpoint) {
      let checkpoint = checkpoint(.full)
      _ = try store.write(checkpoint)
      return checkpoint.name
    }
    saved = trainee.iteration
    try store.pruneBetween(before: name)
  }

  /// Evaluates, saves and records checkpoint k, the state after k · interval iterations.
  private func takeCheckpoint() throws {
    try lock.confirm()
    let (compared, inversion) = try watch.measure(.evaluation) {
      (try trainee.evaluate(), (trainee as? any InvertingTrainee)?.inversion)
    }
    let (evaluation, deadVoxels) = compared
    lock.beat()
    let adversarial = losses.flatMap { $0.isAdversarial ? $0 : nil }
    let diagnostics = Diagnostics(
      discriminatorLoss: adversarial?.discriminator, generatorLoss: losses?.generator,
      penalty: adversarial?.penalty,
      discriminatorGradient: adversarial?.discriminatorGradient,
      generatorGradient: losses?.generatorGradient, deadVoxels: deadVoxels, inversion: inversion)
    let score = Checkpoint.Score(evaluation: evaluation, diagnostics: diagnostics)
    let files = try watch.measure(.checkpoint) {
      let generator = try keepsGenerator ? store.write(checkpoint(.generator, score: score)) : nil
      return (full: try store.write(checkpoint(.full, score: score)), generator: generator)
    }
    saved = trainee.iteration
    try record(
      CheckpointRecord(
        checkpoint: trainee.iteration / interval, iteration: trainee.iteration, full: files.full,
        generator: files.generator, evaluation: evaluation, diagnostics: diagnostics, cost: watch.cost))
  }

  var keepsGenerator: Bool {
    job.keep.generatorEvery > 0 && (trainee.iteration / interval) % job.keep.generatorEvery == 0
  }

  func record(_ record: CheckpointRecord) throws {
    let known = records[record.checkpoint]
    // Done again, after a damaged checkpoint was passed over, the line is there already, if it came out the same.
    if known.map({ !$0.sameResult(as: record) }) ?? true {
      if known != nil {
        try note(
          "checkpoint \(record.checkpoint), done again, came out differently; the new record is the run's, as are its files"
        )
      }
      try journal.append(.checkpoint(record))
      records[record.checkpoint] = record
    }
    try store.pruneFull(newest: record.checkpoint, keep: job.keep.full)
    reportProgress(record)
  }

  private func reportProgress(_ record: CheckpointRecord) {
    let best = History.best(of: records)
    var left: Double?
    if let iteration = watch.secondsPerIteration {
      let perCheckpoint =
        iteration * Double(interval) + watch.expected(.evaluation) + watch.expected(.checkpoint)
      let byCheckpoints = job.budget.checkpoints.map { Double($0 - record.checkpoint) * perCheckpoint }
      let bySeconds = job.budget.trainingSeconds.map {
        ($0 - watch.cost.training) * perCheckpoint / (iteration * Double(interval))
      }
      left = [byCheckpoints, bySeconds].compactMap { $0 }.min().map { max(0, $0) }
    }
    control.progress(
      Progress(
        run: job.run, record: record, best: best ?? record, lastCheckpoint: job.budget.checkpoints,
        secondsPerIteration: watch.secondsPerIteration, secondsLeft: left))
  }

  // MARK: Divergence

  /// Goes back to the last checkpoint and from there to the last finite state, and saves that.
  ///
  /// Interrupted on the way it saves nothing: the next start diverges again.
  private func diverged(_ what: String) throws -> AttemptEnd {
    guard let last = try lastFinite() else { return end(.diverged, "diverged: \(what)") }
    let (first, failed) = (last.header.iteration, trainee.iteration)
    var stopped: Interruption?
    /// Does so many iterations from there, or as many as leave everything finite; returns how many.
    func replay(_ count: Int) throws -> Int {
      try trainee.restore(last.arrays, iteration: first)
      for done in 0..<count {
        lock.beat()
        stopped = interruption()
        guard stopped == nil, trainee.iterate(norms: false)?.allFinite ?? true, trainee.isFinite else { return done }
      }
      return count
    }
    // The weights may have gone before the losses did: look at them after each iteration.
    let finite = try replay(max(0, failed - first - 1))
    if stopped == nil { _ = try replay(finite) }
    if let stopped { return end(stopped, " while the last finite state was looked for; diverged: \(what)") }
    saved = first
    try saveBetween()
    return end(
      .diverged,
      "diverged: \(what); the last finite state, after iteration \(trainee.iteration), is kept in "
        + "checkpoints/\(checkpoint(.full).name.file), and iteration \(trainee.iteration + 1) is the one that breaks it"
    )
  }

  /// The newest full checkpoint that is intact and finite: one between two checkpoints is saved as it is.
  private func lastFinite() throws -> Checkpoint? {
    for name in try store.names(.full).reversed() {
      if let checkpoint = try? store.read(name), checkpoint.arrays.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) {
        return checkpoint
      }
    }
    return nil
  }
}

extension CheckpointRecord {
  /// What the training made: without the cost, without the sizes of files, which hold costs and a budget too, and
  /// without the uncertainties, which earlier workers did not record.
  var result: CheckpointRecord {
    var result = self
    result.cost = Cost()
    result.full?.bytes = 0
    result.generator?.bytes = 0
    result.evaluation.uncertainty = nil
    for energy in result.evaluation.energies.indices { result.evaluation.energies[energy].uncertainty = nil }
    return result
  }

  /// Whether another record says the same of the training.
  func sameResult(as other: CheckpointRecord) -> Bool {
    var (one, two) = (result, other.result)
    // What is kept may change between two starts.
    if one.full == nil || two.full == nil { (one.full, two.full) = (nil, nil) }
    if one.generator == nil || two.generator == nil { (one.generator, two.generator) = (nil, nil) }
    // As text, since NaN is never equal to itself.
    return (try? CanonicalJSON.data(one)) == (try? CanonicalJSON.data(two))
  }
}

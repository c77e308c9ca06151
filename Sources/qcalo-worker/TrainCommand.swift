import ArgumentParser
import Calorimetry
import Commands
import Experiment
import FoundationEssentials
import Glibc
import HDF5
import QuantumGAN
import Records
import Storage
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains one run, from its last checkpoint or from nothing.",
    discussion: """
      Ends with \(ProgramEnd.finished.rawValue) when the budget is used, with \
      \(ProgramEnd.resumable.rawValue) when stopped early with everything saved (SIGTERM, SIGINT, SIGHUP, the \
      walltime), with \(ProgramEnd.diverged.rawValue) when the numbers are no longer finite. SIGUSR1 asks for a \
      checkpoint now.

      qcalo train qcalo-work/runs/RUN/job.json --walltime 86400
      qcalo train job.json --run-folder /tmp/run --trace trace.h5
      """)

  @Argument(help: "The job description (JSON).", completion: .file(extensions: ["json"]))
  var job: String

  @Option(help: "The run's folder; by default that of the job description.", completion: .directory)
  var runFolder: String?

  @Option(
    help:
      "Seconds (or 24h, 90m) that this start may last, or 'auto': what HTCondor's $_CONDOR_JOB_AD says, no limit elsewhere."
  )
  var walltime: WalltimeOption?

  @Option(help: "Seconds before the walltime to be done by; by default 5 % or 300 s, a tenth of short walltimes.")
  var margin: Double?

  @Flag(help: "Go on from a checkpoint that another numerics version trained. The journal notes it.")
  var acceptDifferentBinary = false

  @Flag(
    help:
      "For HTCondor: exit with \(ProgramEnd.checkpointed.rawValue) when a checkpoint is written, to be started again."
  )
  var exitAfterCheckpoint = false

  @Option(help: "With --exit-after-checkpoint: not before so many seconds of this start.")
  var exitInterval: Double = 0

  @Option(help: "Writes everything random of the first iterations to this file (HDF5).", completion: .file())
  var trace: String?

  @Option(help: "The iterations that --trace records.")
  var traceIterations = 1000

  @Option(
    help: """
      Threads, used while they save time. The sweep is the parallelism: one is best when there are more runs than cores.
      """)
  var threads = 1

  @Option(
    help:
      "Kernels of this instruction set (\(InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))), so that others' processors compute the same bits; by default the best that the processor has."
  )
  var instructionSet: InstructionSet?

  func validate() throws {
    if case .seconds(let seconds, let text) = walltime, !Bounds.time.contains(seconds) {
      throw ValidationError("--walltime: \(text) is not in \(Bounds.timeText)")
    }
    let times = 0...Bounds.time.upperBound
    if let flaw = margin.flatMap({ Bounds.flaw("--margin", $0, times) })
      ?? Bounds.flaw("--exit-interval", exitInterval, times)
    {
      throw ValidationError(flaw)
    }
    if traceIterations < 1 { throw ValidationError("--trace-iterations: \(traceIterations) is not 1 or more") }
    if let flaw = Bounds.flaw("--threads", threads, Bounds.threads) { throw ValidationError(flaw) }
  }

  func run() throws {
    if let instructionSet, !GANTrainer.use(instructionSet) {
      Terminal.say(
        "--instruction-set: this processor has no \(instructionSet.rawValue), its best is \(GANTrainer.kernelName)")
      throw ProgramEnd.unsuitable.exit
    }
    StopSignals.installForTraining()
    var control = RunControl()
    control.stopRequest = { StopSignals.request }
    control.takeSaveRequest = { StopSignals.takeSaveRequest() }
    control.walltime = try resolvedWalltime()
    control.exitInterval = exitAfterCheckpoint ? exitInterval : nil
    control.acceptDifferentBinary = acceptDifferentBinary
    var accessPoint = ProcessInfo.processInfo.environment["_CONDOR_CHIRP_CONFIG"].flatMap(ChirpReport.init(config:))
    control.progress = {
      Terminal.line($0.line)
      accessPoint?.tell($0.record, of: $0.run)
    }
    control.notice = { Terminal.say($0) }
    var recorder: TraceRecorder?
    let end = try TrainingRun.train(
      jobFile: job, folder: runFolder.map(RunFolder.init), control: control
    ) { job, path in
      let dataset: PreparedDataset
      do {
        dataset = try PreparedDataset(reading: path)
      } catch let error where error is HDF5Error || error is InputError {
        throw InputError("\(error); if it is damaged, remove it: `qcalo run` prepares it again where it is missing")
      }
      guard dataset.description.sha256 == job.dataset.sha256 else {
        throw InputError(
          "\(path): this is not the dataset of the job: its SHA-256 is \(dataset.description.sha256), the job asks for "
            + "\(job.dataset.sha256)")
      }
      for sentence in dataset.description.oddities.sentences { Terminal.say("\(path): \(sentence)") }
      if let remark = dataset.description.remark { Terminal.say("\(path): \(remark)") }
      if job.variant.kind != .gan, trace != nil {
        throw InputError("--trace: \(job.run) is \(job.variant.kind.noun); only a GAN's iterations are traced")
      }
      switch job.variant.kind {
      case .parametric: return try ParametricTrainee(job: job, dataset: dataset)
      case .coupling: return try CouplingTrainee(job: job, dataset: dataset)
      case .qinn: return try INNTrainee(job: job, dataset: dataset)
      case .gan: break
      }
      recorder = trace.map {
        TraceRecorder(
          path: $0, iterations: traceIterations, job: job.run, steps: job.settings.discriminatorSteps,
          batch: job.settings.batchSize, latent: job.variant.generator.latent)
      }
      return try GANTrainee(job: job, dataset: dataset, trace: recorder, threads: threads)
    }
    try finishTrace(recorder)
    Terminal.line(
      "\(end.exit.rawValue == 0 ? "finished" : "stopped with exit code \(end.exit.rawValue)"): \(end.reason)")
    Glibc.exit(end.exit.rawValue)
  }

  private func resolvedWalltime() throws -> Walltime? {
    switch walltime {
    case nil: return nil
    case .seconds(let limit, _): return Walltime(start: RunControl.systemTime(), limit: limit, margin: margin)
    case .auto:
      guard let ad = ProcessInfo.processInfo.environment["_CONDOR_JOB_AD"] else {
        Terminal.say("--walltime auto: there is no $_CONDOR_JOB_AD, so there is no limit")
        return nil
      }
      // HTCondor writes it when it begins a job here, and not again after an exit with 85.
      let begun = ProcessInfo.processInfo.environment["_CONDOR_MACHINE_AD"].flatMap(Self.modified)
      let walltime = try Walltime.ofCondorJob(adPath: ad, begun: begun, margin: margin)
      if let walltime, walltime.start == begun {
        Terminal.say("this machine's clock is ahead of the access point's; the walltime is counted by its own")
      }
      return walltime
    }
  }

  /// When a file was written; seconds since 1970-01-01 00:00 UTC.
  private static func modified(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
  }

  private func finishTrace(_ recorder: TraceRecorder?) throws {
    guard let trace else { return }
    guard let recorder, recorder.count > 0 else {
      throw InputError(
        "\(trace): nothing was traced: a trace begins with a run's first iteration, and this run has gone on from a "
          + "checkpoint; trace a run in a fresh folder")
    }
    try recorder.write()
    if recorder.count < traceIterations {
      Terminal.say("\(trace) holds \(recorder.count) of the \(traceIterations) iterations that were asked for")
    }
  }
}

/// Seconds, or `auto`.
enum WalltimeOption: ExpressibleByArgument {
  case seconds(Double, text: String)
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let seconds = DecimalNumber(argument)?.value ?? lengthOfTime(argument) {
      self = .seconds(seconds, text: argument)
    } else {
      return nil
    }
  }
}

extension InstructionSet: ExpressibleByArgument {}

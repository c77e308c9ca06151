import ArgumentParser
import Experiment
import Records
import Storage
import Training

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Times trainings on this machine: what `qcalo plan --estimate` asks.",
    discussion: """
      Reads a JSON list of shapes (variant, batchSize, discriminatorSteps, voxels, events) from the standard input, and \
      prints what an iteration, an evaluation and a checkpoint of each take.
      """)

  @Option(help: "Seconds of iterations for each shape.")
  var seconds = 0.5

  @Option(help: "Threads of each training.")
  var threads = 1

  func validate() throws {
    if !(seconds >= 0) { throw ValidationError("--seconds: \(seconds) is not a time") }
    if let flaw = Bounds.flaw("--threads", threads, Bounds.threads) { throw ValidationError(flaw) }
  }

  func run() throws {
    let shapes: [TrainingShape] = try CircuitFile.value(in: "-")
    try Output.line(json(Calibration(of: shapes, seconds: seconds, threads: threads)))
  }
}

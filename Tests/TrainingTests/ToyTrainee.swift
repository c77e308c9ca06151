import Experiment
import Glibc
import Records
import TestSupport

@testable import QuantumGAN
@testable import Training

/// A trainee of a few numbers that shows every lost, repeated or misplaced iteration: each iteration's result depends
/// on all bits before it.
class ToyTrainee: Trainee {
  class var numericsVersion: Int { 1 }
  static let kernelName = "toy"
  let threads = 1

  private(set) var iteration = 0
  private var weights: [Float]
  private var moments: [Float]
  /// The iteration that makes NaN of the weights, and whether the losses show it at once.
  var breaksAt: (iteration: Int, silently: Bool)?
  /// The iteration from which on the discriminator's norm, where it is wanted, is infinite.
  var normsBreakAt: Int?
  /// The iteration from which on the showers are none, while the weights are finite.
  var showersBreakAt: Int?
  /// What another processor would do differently.
  var factor: Float = 1.7
  /// Called before each iteration.
  var before: (Int) -> Void = { _ in }
  /// Called in each evaluation.
  var evaluating: () -> Void = {}

  required init(seed: UInt64) {
    weights = (0..<6).map { Float(seed % 7) + Float($0) / 3 }
    moments = [0, 0]
  }

  func iterate(norms: Bool) -> IterationLosses? {
    before(iteration)
    iteration += 1
    for index in weights.indices {
      weights[index] = sin(weights[index] * factor + Float(iteration)) + moments[index % 2]
      moments[index % 2] = 0.9 * moments[index % 2] + 0.1 * weights[index]
    }
    var losses = IterationLosses()
    losses.discriminator = Double(weights[0])
    losses.generator = Double(weights[1])
    losses.discriminatorGradient = norms ? Double(weights[2]) : 0
    if let normsBreakAt, norms, iteration >= normsBreakAt { losses.discriminatorGradient = .infinity }
    if let breaksAt, iteration >= breaksAt.iteration {
      weights[3] = .nan
      if !breaksAt.silently { losses.generator = .nan }
    }
    return losses
  }

  var state: [NamedArray] {
    [
      NamedArray(name: "generator/weights", shape: [2, 2], values: Array(weights[..<4])),
      NamedArray(name: "discriminator/weights", shape: [2], values: Array(weights[4...])),
      NamedArray(name: "adam/m", shape: [2], values: moments),
    ]
  }
  var generatorState: [NamedArray] { [state[0]] }
  var isFinite: Bool { (weights + moments).allSatisfy(\.isFinite) }

  func restore(_ state: [NamedArray], iteration: Int) throws {
    func values(_ name: String) throws -> [Float] {
      guard let array = state.first(where: { $0.name == name }) else { throw InputError("no array \(name)") }
      return array.values
    }
    weights = try values("generator/weights") + values("discriminator/weights")
    moments = try values("adam/m")
    self.iteration = iteration
  }

  func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double) {
    if let showersBreakAt, iteration >= showersBreakAt {
      throw NotFinite(description: "3 of the 1000 showers at iteration \(iteration) are not of finite numbers")
    }
    evaluating()
    let chi2 = weights.reduce(0) { $0 + Double(abs($1)) }
    return (Evaluation(energies: [EnergyEvaluation(incidentEnergy: 65536, chi2: chi2, ndf: 28)]), Double(moments[0]))
  }
}

/// A clock that the test turns.
final class TurnedClock {
  var now = 1000.0

  /// Makes an iteration and an evaluation of a toy take so many seconds.
  func turn(_ toy: ToyTrainee, iteration: Double, evaluation: Double) {
    toy.before = { _ in self.now += iteration }
    toy.evaluating = { self.now += evaluation }
  }
}

/// The toy of a later worker.
final class NewerToy: ToyTrainee {
  override class var numericsVersion: Int { 2 }
}

/// A folder with a job for the toy.
struct ToyRun {
  let temporary: TemporaryFolder
  var job: JobDescription
  var folder: RunFolder { RunFolder(temporary.path) }
  var control = RunControl()
  /// What the user was told.
  final class Told { var notices: [String] = [], checkpoints: [Int] = [] }
  let told = Told()

  init(checkpoints: Int? = 4, interval: Int = 10, seed: UInt64 = 3, keep: Retention = .init()) throws {
    temporary = try TemporaryFolder()
    var settings = TrainingSettings()
    settings.checkpointInterval = interval
    job = JobDescription(
      variant: Variant(), settings: settings, seed: seed,
      dataset: DatasetDescription(
        path: "dataset.h5", sha256: "d5", energies: [65536], eventsPerEnergy: 1000, voxels: 533),
      budget: Budget(checkpoints: checkpoints), keep: keep)
    let told = told
    control.notice = { told.notices.append($0) }
    control.progress = { told.checkpoints.append($0.record.checkpoint) }
    try write()
  }

  func write() throws {
    try temporary.write(String(decoding: try CanonicalJSON.data(job, pretty: true), as: UTF8.self), to: "job.json")
  }

  @discardableResult
  func train(_ type: ToyTrainee.Type = ToyTrainee.self, _ change: (ToyTrainee) -> Void = { _ in }) throws -> AttemptEnd
  {
    try TrainingRun.train(jobFile: folder.jobFile, control: control) { job, _ in
      let toy = type.init(seed: job.seed)
      change(toy)
      return toy
    }
  }

  func digest() throws -> String {
    String(decoding: try CanonicalJSON.data(try RunDigest(folder: folder), pretty: true), as: UTF8.self)
  }

  /// What the same job gives when nothing disturbs it.
  static func undisturbed(checkpoints: Int = 4) throws -> String {
    let run = try ToyRun(checkpoints: checkpoints)
    try run.train()
    return try run.digest()
  }

  func checkpointFiles() throws -> [String] {
    try CheckpointStore(folder: folder).names(.full).map(\.file)
  }
}

package import Experiment
package import QuantumGAN
package import Records

/// What a run trains: the GAN, another kind of simulator or, in tests of the run itself, a toy with the same manners.
///
/// Everything is a pure function of what it was made with and of the number of iterations: two of a kind that have
/// done the same iterations, with or without a `restore` in between, hold the same bits.
package protocol Trainee: AnyObject {
  /// Raised whenever the same job would train other numbers.
  static var numericsVersion: Int { get }
  /// The instruction set that the kernels chose.
  static var kernelName: String { get }
  /// How many threads may train.
  var threads: Int { get }
  /// The iterations done since the start from nothing.
  var iteration: Int { get }
  /// One iteration.
  /// - Parameter norms: Whether the gradients' norms are wanted.
  /// - Returns: The losses, and the norms where they are wanted; nil where nothing is lost, as in a fit.
  func iterate(norms: Bool) -> IterationLosses?
  /// All that decides what the next iterations do.
  var state: [NamedArray] { get }
  /// What is needed to generate.
  var generatorState: [NamedArray] { get }
  /// Goes to where `state` was read.
  /// - Throws: A sentence when an array is missing, of another shape or unknown.
  func restore(_ state: [NamedArray], iteration: Int) throws
  /// Whether every number of `state` is finite.
  var isFinite: Bool { get }
  /// Generates as many events as are trained on, and compares. Does not disturb the training.
  /// - Throws: `NotFinite` when an event is not of finite numbers.
  func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double)
}

/// A trainee whose model goes there and back.
package protocol InvertingTrainee: Trainee {
  /// What it is as such a map, at the present iteration.
  var inversion: Inversion { get }
}

/// The showers of an evaluation that are none, though the weights are finite: the training has diverged.
package struct NotFinite: Error, CustomStringConvertible, Hashable, Sendable {
  /// A clause that says how many.
  package let description: String
}

extension IterationLosses {
  /// Whether no loss is NaN or infinite.
  ///
  /// A gradient's norm may be, since its squares are summed as floats, while every number of the state is finite.
  var allFinite: Bool { isFinite && penalty.isFinite }
}

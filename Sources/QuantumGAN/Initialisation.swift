import Ansatz
import Experiment
import NeuralNetwork

/// How parameters start: kernels and angles drawn, γ one, all else zero.
struct Initialisation {
  let randomness: Randomness
  let settings: TrainingSettings

  /// Draws kernel number `layer` of a network.
  ///
  /// Every layer has a stream of its own, so that networks that share their first layers share their start.
  func kernel(
    _ slice: Parameters.Slice, layer: Int, _ purpose: Randomness.Purpose, in parameters: Parameters,
    scale: Float = 1
  ) {
    let (fanIn, fanOut) = (Float(slice.shape[0]), Float(slice.shape[1]))
    let limit =
      switch settings.kernels {
      case .heUniform: (6 / fanIn).squareRoot()
      case .glorotUniform: (6 / (fanIn + fanOut)).squareRoot()
      }
    var values = [Float](repeating: 0, count: slice.count)
    randomness.fill(&values, uniformIn: -limit * scale, limit * scale, purpose, iteration: layer)
    parameters.set(slice, to: values, in: parameters.values)
  }

  /// Draws a circuit's angles.
  func angles(_ slice: Parameters.Slice, _ purpose: Randomness.Purpose, in parameters: Parameters) {
    let (low, high): (Float, Float) =
      switch settings.angles {
      case .uniform: (0, 2 * .pi)
      case .zero: (0, 0)
      case .glorotUniform: Self.glorotRange(shape: slice.shape)
      }
    var values = [Float](repeating: 0, count: slice.count)
    randomness.fill(&values, uniformIn: low, high, purpose)
    parameters.set(slice, to: values, in: parameters.values)
  }

  /// Keras' glorot_uniform of the weights that PennyLane's KerasLayer has: `[qubits]` for one repetition, with fan_in =
  /// fan_out = qubits, else `[repetitions, qubits]`.
  ///
  /// For ten qubits the limits are 0.548, 0.707, 0.679.
  private static func glorotRange(shape: [Int]) -> (Float, Float) {
    let (repetitions, qubits) = (Float(shape[0]), Float(shape[2]))
    let limit = (6 / (repetitions == 1 ? 2 * qubits : repetitions + qubits)).squareRoot()
    return (-limit, limit)
  }
}

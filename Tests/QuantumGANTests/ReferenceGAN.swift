import Ansatz
import Experiment
import Foundation
import NeuralNetwork
import Simulator

/// The two networks' losses in double precision, written down as STUDY's formulas: no fusing, no gradients of parameters.
///
/// Gradients are had from it by finite differences.
struct ReferenceGAN {
  var values: [String: [Double]] = [:]
  var shapes: [String: [Int]] = [:]
  var generator = GeneratorArchitecture()
  var discriminator = DiscriminatorArchitecture()
  var affine = true

  /// Takes a network's parameters as they are.
  mutating func take(_ parameters: Parameters) {
    for slice in parameters.slices {
      values[slice.name] = parameters.elements(of: slice, in: parameters.values).map(Double.init)
      shapes[slice.name] = slice.shape
    }
  }

  private func dense(_ x: [Double], _ name: String) -> [Double] {
    let (kernel, bias) = (values[name + "/kernel"]!, values[name + "/bias"]!)
    return bias.indices.map { o in x.indices.reduce(bias[o]) { $0 + x[$1] * kernel[$1 * bias.count + o] } }
  }

  private func relu(_ x: [Double]) -> [Double] { x.map { max(0, $0) } }

  /// Takes what an iteration's state has, but the moments.
  mutating func take(_ state: [NamedArray]) {
    for array in state where !array.name.hasPrefix("adam/") {
      values[array.name] = array.values.map(Double.init)
      shapes[array.name] = array.shape
    }
  }

  // MARK: - Discriminator

  /// D(x) and ∂D/∂x, x being the voxels and the label.
  func judge(_ x: [Double]) -> (output: Double, gradient: [Double]) {
    var activations = [x]
    for l in discriminator.hidden.indices {
      activations.append(relu(dense(activations[l], "discriminator/dense_\(l)")))
    }
    let h = activations.last!
    var output: Double
    var error: [Double]
    if let circuit = discriminator.circuit {
      let simulator = ReferenceSimulator<Double>(circuit)
      let angles = values["discriminator/circuit/angles"]!
      var weights = [Double](repeating: 0, count: circuit.qubits)
      for (j, qubit) in discriminator.readout.enumerated() {
        weights[qubit] =
          discriminator.finalDense ? values["discriminator/final/kernel"]![j] : Double(discriminator.outputScale)
      }
      let z = simulator.expectations(inputs: h, angles: angles)
      output = zip(weights, z).reduce(0) { $0 + $1.0 * $1.1 }
      if discriminator.finalDense { output += values["discriminator/final/bias"]![0] }
      error = simulator.gradients(inputs: h, angles: angles, weights: weights).inputs
    } else {
      let name = "discriminator/dense_\(discriminator.hidden.count)"
      output = dense(h, name)[0]
      error = values[name + "/kernel"]!
    }
    for l in discriminator.hidden.indices.reversed() {
      let width = discriminator.hidden[l]
      let kernel = values["discriminator/dense_\(l)/kernel"]!
      let masked = (0..<width).map { activations[l + 1][$0] > 0 ? error[$0] : 0 }
      error = activations[l].indices.map { i in (0..<width).reduce(0) { $0 + masked[$1] * kernel[i * width + $1] } }
    }
    return (output, error)
  }

  /// mean D(fake) - mean D(real) + λ·mean((‖∇_x̂ D‖ - 1)²), the gradient being that of the voxels.
  func discriminatorLoss(
    real: [[Double]], fake: [[Double]], mixing: [Double], penaltyWeight: Double
  ) -> (loss: Double, penalty: Double) {
    let batch = Double(real.count)
    var (loss, penalty) = (0.0, 0.0)
    for i in real.indices {
      loss += (judge(fake[i]).output - judge(real[i]).output) / batch
      let between = zip(real[i], fake[i]).map { mixing[i] * $0 + (1 - mixing[i]) * $1 }
      let g = judge(between).gradient.dropLast()
      let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
      penalty += penaltyWeight * (norm - 1) * (norm - 1) / batch
    }
    return (loss + penalty, penalty)
  }

  // MARK: - Generator

  func generate(_ inputs: [Double]) -> [Double] {
    var x = inputs
    if let qinn = generator.qinn { x = stage(qinn, x) }
    switch (generator.features, generator.circuit) {
    case (.cosine, _):
      x = zip(inputs, values["generator/circuit/angles"]!).map { cos($0) * cos($1) }
    case (_, let circuit?):
      // The closed form must give what the simulator gives.
      x = ReferenceSimulator<Double>(circuit).expectations(
        inputs: inputs, angles: values["generator/circuit/angles"]!)
    default: break
    }
    for l in generator.hidden.indices {
      x = dense(x, "generator/dense_\(l)")
      if affine {
        let gamma = values["generator/affine_\(l)/gamma"]!
        let beta = values["generator/affine_\(l)/beta"]!
        x = x.indices.map { gamma[$0] * x[$0] / 1.001.squareRoot() + beta[$0] }
      }
      x = relu(x)
    }
    return relu(dense(x, "generator/dense_\(generator.hidden.count)"))
  }

  /// Dense → tanh → blocks, each with tanh → Dense, and softplus in the inverse direction.
  private func stage(_ qinn: QINNSettings, _ inputs: [Double]) -> [Double] {
    var x = dense(inputs, "generator/qinn/entry").map(tanh)
    for block in 0..<qinn.blocks {
      let name = "generator/qinn/block_\(block)"
      let values =
        qinn.blocksOf == .dense
        ? dense(x, name)
        : ReferenceSimulator<Double>(qinn.circuits[block]).expectations(inputs: x, angles: values[name + "/angles"]!)
      x = values.map(tanh)
    }
    x = dense(x, "generator/qinn/exit")
    return qinn.direction == .inverse ? x.map { log(1 + exp($0)) } : x
  }

  /// -mean D(G(z)).
  func generatorLoss(inputs: [[Double]], labels: [Double]) -> Double {
    zip(inputs, labels).reduce(0) { $0 - judge(generate($1.0) + [$1.1]).output } / Double(inputs.count)
  }

  // MARK: - Finite differences

  /// The central difference of a loss in one parameter.
  func difference(_ name: String, _ index: Int, step: Double = 1e-6, of loss: (ReferenceGAN) -> Double) -> Double {
    var copy = self
    copy.values[name]![index] += step
    let above = loss(copy)
    copy.values[name]![index] -= 2 * step
    return (above - loss(copy)) / (2 * step)
  }

  /// The gradient of a loss in all parameters whose names begin so.
  func gradient(of prefix: String, _ loss: (ReferenceGAN) -> Double) -> [String: [Double]] {
    var gradients: [String: [Double]] = [:]
    for (name, elements) in values where name.hasPrefix(prefix) {
      gradients[name] = elements.indices.map { difference(name, $0, of: loss) }
    }
    return gradients
  }
}

/// Some numbers in [low, high), the same for the same seed.
func numbers(_ count: Int, seed: UInt64, in low: Double = -1, _ high: Double = 1) -> [Double] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    // Float numbers, so that the kernels are given exactly these.
    return Double(Float(low + (high - low) * Double(state >> 40) * 0x1p-24))
  }
}

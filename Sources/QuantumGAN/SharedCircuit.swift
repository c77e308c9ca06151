package import Ansatz
package import NeuralNetwork
import Simulator

/// A circuit's simulators, one for each thread of a team, which share the samples of a batch.
///
/// What a sample gives is its own wherever it is computed, and the samples' gradients by the angles are added one after the
/// other: results are the same for any number of threads.
package final class SharedCircuit {
  private let circuit: Circuit
  private let team: Team
  private let simulators: [CircuitSimulator]
  /// The samples' own gradients by the angles; nil for one thread, which adds them as it goes.
  private let ownGradients: Rows?

  /// Simulators of a circuit for batches of at most `batchCapacity` samples.
  package init(_ circuit: Circuit, batchCapacity: Int, team: Team) {
    (self.circuit, self.team) = (circuit, team)
    simulators = (0..<team.threads).map { _ in CircuitSimulator(circuit, batchCapacity: batchCapacity) }
    ownGradients = team.threads == 1 ? nil : Rows(rows: batchCapacity, columns: circuit.angleCount)
  }

  /// ⟨Z⟩ of a batch, as `CircuitSimulator.forward` has it.
  package func forward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, batch: Int, rowStride: Int,
    expectations: UnsafeMutablePointer<Float>
  ) {
    share(batch) { simulator, samples in
      let row = samples.lowerBound * rowStride
      simulator.forward(
        inputs: inputs + row, angles: angles, batch: samples.count, rowStride: rowStride,
        expectations: expectations + row)
    }
  }

  /// The gradients of a batch, as `CircuitSimulator.backward` has them.
  package func backward(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>, batch: Int,
    rowStride: Int, angleGradients: UnsafeMutablePointer<Float>?, inputGradients: UnsafeMutablePointer<Float>?,
    expectations: UnsafeMutablePointer<Float>? = nil
  ) {
    gather(batch, into: angleGradients) { gradients, stride in
      share(batch) { simulator, samples in
        let row = samples.lowerBound * rowStride
        simulator.backward(
          inputs: inputs + row, angles: angles, weights: weights + row, batch: samples.count, rowStride: rowStride,
          angleGradients: gradients.map { $0 + samples.lowerBound * stride }, angleStride: stride,
          inputGradients: inputGradients.map { $0 + row }, expectations: expectations.map { $0 + row })
      }
    }
  }

  /// The second order of a batch, as `CircuitSimulator.secondOrder` has it.
  func secondOrder(
    inputs: UnsafePointer<Float>, angles: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    tangent: UnsafePointer<Float>, batch: Int, rowStride: Int, angleGradients: UnsafeMutablePointer<Float>,
    inputGradients: UnsafeMutablePointer<Float>?
  ) {
    gather(batch, into: angleGradients) { gradients, stride in
      share(batch) { simulator, samples in
        let row = samples.lowerBound * rowStride
        simulator.secondOrder(
          inputs: inputs + row, angles: angles, weights: weights + row, tangent: tangent + row, batch: samples.count,
          rowStride: rowStride, angleGradients: gradients! + samples.lowerBound * stride, angleStride: stride,
          inputGradients: inputGradients.map { $0 + row })
      }
    }
  }

  private func share(_ batch: Int, _ body: (CircuitSimulator, Range<Int>) -> Void) {
    team.share(batch, work: batch * circuit.repetitions * circuit.qubits << circuit.qubits) {
      body(simulators[$0], $1)
    }
  }

  /// Has a body add the gradients by the angles to the sum, or each sample's to a row of its own, from which they are added
  /// in the samples' order.
  private func gather(
    _ batch: Int, into sum: UnsafeMutablePointer<Float>?,
    _ body: (_ gradients: UnsafeMutablePointer<Float>?, _ stride: Int) -> Void
  ) {
    guard let sum, let ownGradients else { return body(sum, 0) }
    ownGradients[0].update(repeating: 0, count: batch * ownGradients.stride)
    body(ownGradients[0], ownGradients.stride)
    for sample in 0..<batch {
      for angle in 0..<circuit.angleCount { sum[angle] += ownGradients[sample][angle] }
    }
  }
}

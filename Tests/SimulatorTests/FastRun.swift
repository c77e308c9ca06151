import Ansatz
import Testing

@testable import Simulator

/// A circuit simulator with arrays of Double in and out.
struct FastRun {
  let simulator: CircuitSimulator
  var circuit: Circuit { simulator.circuit }

  init(_ circuit: Circuit, batchCapacity: Int = 50) {
    simulator = CircuitSimulator(circuit, batchCapacity: batchCapacity)
  }

  func forward(_ inputs: [[Double]], _ angles: [Double]) -> [[Double]] {
    var result = [Float](repeating: .nan, count: inputs.count * circuit.qubits)
    simulator.forward(inputs: flat(inputs), angles: angles.map(Float.init), batch: inputs.count, expectations: &result)
    return rows(result)
  }

  func backward(
    _ inputs: [[Double]], _ angles: [Double], _ weights: [[Double]]
  ) -> (inputs: [[Double]], angles: [Double]) {
    var (byInput, byAngle) = results(inputs.count)
    simulator.backward(
      inputs: flat(inputs), angles: angles.map(Float.init), weights: flat(weights), batch: inputs.count,
      angleGradients: &byAngle, inputGradients: &byInput)
    return (rows(byInput), byAngle.map(Double.init))
  }

  func secondOrder(
    _ inputs: [[Double]], _ angles: [Double], _ weights: [[Double]], _ tangent: [[Double]]
  ) -> (inputs: [[Double]], angles: [Double]) {
    var (byInput, byAngle) = results(inputs.count)
    simulator.secondOrder(
      inputs: flat(inputs), angles: angles.map(Float.init), weights: flat(weights), tangent: flat(tangent),
      batch: inputs.count, angleGradients: &byAngle, inputGradients: &byInput)
    return (rows(byInput), byAngle.map(Double.init))
  }

  /// Overwritten ones start as NaN, added-to ones at zero.
  private func results(_ batch: Int) -> ([Float], [Float]) {
    ([Float](repeating: .nan, count: batch * circuit.qubits), [Float](repeating: 0, count: circuit.angleCount))
  }
  private func flat(_ rows: [[Double]]) -> [Float] { rows.joined().map(Float.init) }
  private func rows(_ flat: [Float]) -> [[Double]] {
    stride(from: 0, to: flat.count, by: circuit.qubits).map { start in
      flat[start..<(start + circuit.qubits)].map(Double.init)
    }
  }
}

/// Records an issue with the largest difference when it is above the tolerance.
func expectClose(
  _ found: [Double], _ expected: [Double], _ tolerance: Double, _ what: String = "",
  at location: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: location)
  let difference = zip(found, expected).map { abs($0 - $1) }.max { $1.isNaN || $0 < $1 } ?? 0
  #expect(difference <= tolerance, "\(what) off by \(difference)", sourceLocation: location)
}

package import Ansatz
import Storage

/// ⟨Z_i⟩ of every sample of a problem under noise.
package struct NoisyEvaluation: Encodable, Sendable {
  /// Where the circuit is carried out.
  package enum Place: Sendable {
    /// Its own gates, under noise.
    case model(NoiseModel)
    /// A device's qubits.
    case device(PlacedCircuit)
  }

  /// ⟨Z_i⟩ before the read-out's confusion, one list per sample; nil with shots.
  package var expectations: [[Double]]?
  /// The standard errors of these; nil of exact noise, and of a single trajectory.
  package var errors: [[Double]]?
  /// ⟨Z_i⟩ as measured: the read-out's confusion, and shots, included.
  package var measured: [[Double]]

  /// - Parameters:
  ///   - problem: Circuit, inputs and angles; without a flaw.
  ///   - place: Where it is carried out.
  ///   - method: How noise is simulated.
  ///   - shots: How many of each sample; nil for expectations.
  ///   - seed: Of trajectories and shots.
  /// - Precondition: The method takes so many qubits.
  package init(
    _ problem: CircuitProblem, on place: Place, method: MeasuredCircuit.Method, shots: Int?, seed: UInt64
  ) {
    let angles = problem.angles
    // Drawn, since neighbours in the generator's own sequence would share all draws but one.
    var source = SplitMix64(state: seed)
    let seeds = problem.inputs.map { _ in source.next() }
    let noise: NoiseModel =
      switch place {
      case .model(let noise): noise
      case .device(let placed): placed.noise
      }
    switch (method, shots) {
    case (.trajectories(let number), _):
      let batch = shots == nil ? 1 : problem.inputs.count
      let simulator =
        switch place {
        case .model(let noise):
          MeasuredSimulator(
            problem.circuit, noise: noise, trajectories: number, shots: shots, batchCapacity: batch)
        case .device(let placed):
          MeasuredSimulator(placed, trajectories: number, shots: shots, batchCapacity: batch)
        }
      guard shots == nil else {
        measured = simulator.forward(problem.inputs, angles: angles, seeds: seeds)
        return
      }
      let found = zip(problem.inputs, seeds).map { simulator.expectations(inputs: $0, angles: angles, seed: $1) }
      let known = found.compactMap(\.errors)
      (expectations, errors) = (found.map(\.means), known.count == found.count ? known : nil)
      measured = found.map { Self.measured($0.means, noise) }
    case (.exact, let shots?):
      let circuit =
        switch place {
        case .model(let noise): MeasuredCircuit(problem.circuit, noise: noise)
        case .device(let placed): MeasuredCircuit(placed)
        }
      measured = zip(problem.inputs, seeds).map {
        circuit.expectations(inputs: $0, angles: angles, shots: [shots], seed: $1)[0]
      }
    case (.exact, nil):
      let simulator =
        switch place {
        case .model(let noise): NoisySimulator(problem.circuit, noise: noise)
        case .device(let placed): NoisySimulator(placed)
        }
      let found = problem.inputs.map { simulator.expectations(inputs: $0, angles: angles) }
      (expectations, measured) = (found, found.map { Self.measured($0, noise) })
    }
  }

  private static func measured(_ expectations: [Double], _ noise: NoiseModel) -> [Double] {
    expectations.enumerated().map { noise.qubit($0).readout.measured($1) }
  }
}

extension MeasuredSimulator {
  /// ⟨Z_i⟩ of samples, one list each.
  fileprivate func forward(_ inputs: [[Double]], angles: [Double], seeds: [UInt64]) -> [[Double]] {
    let qubits = circuit.qubits
    var values = [Float](repeating: 0, count: inputs.count * qubits)
    forward(
      inputs: inputs.joined().map(Float.init), angles: angles.map(Float.init), batch: inputs.count,
      rowStride: qubits, seeds: seeds, expectations: &values)
    return inputs.indices.map { values[$0 * qubits..<($0 + 1) * qubits].map(Double.init) }
  }
}

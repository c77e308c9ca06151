package import Ansatz
import Storage

/// A circuit as it is measured: its noise, what is done about it, and how many shots are taken.
package struct MeasuredCircuit: Sendable {
  /// Numbers of shots, each for the ⟨Z⟩ of one circuit; nil for exact expectations.
  package typealias ShotNumber = Int?

  /// What is done about noise.
  package struct Mitigation: Hashable, Sendable, Codable {
    /// Whether the read-out's confusion is undone on each ⟨Z⟩.
    package var readout: Bool
    /// Whether ⟨Z⟩ is extrapolated to no noise, linearly from gates of two qubits carried out once and three times.
    package var extrapolation: Bool

    package init(readout: Bool = false, extrapolation: Bool = false) {
      self.readout = readout
      self.extrapolation = extrapolation
    }
  }

  /// How noise is simulated.
  package enum Method: Hashable, Sendable {
    /// Exactly, in double precision; up to `NoisySimulator.qubitLimit` qubits.
    case exact
    /// So many trajectories with errors of each sample, relaxation as its Pauli twirl.
    case trajectories(Int)

    /// What is taken for so many qubits where nobody says.
    package static func usual(qubits: Int) -> Method {
      qubits <= NoisySimulator.qubitLimit ? .exact : .trajectories(100)
    }
  }

  /// What finds the probabilities of bit strings.
  private enum Simulation: Sendable {
    case exact(NoisySimulator)
    case trajectories(PauliErrors, NoiseModel, Int)

    var noise: NoiseModel {
      switch self {
      case .exact(let simulator): simulator.noise
      case .trajectories(_, let noise, _): noise
      }
    }

    func probabilities(inputs: [Double], angles: [Double], seed: UInt64) -> [Double] {
      switch self {
      case .exact(let simulator): return simulator.probabilities(inputs: inputs, angles: angles)
      case .trajectories(let errors, let noise, let number):
        let simulator = MeasuredSimulator(
          errors.circuit, errors: errors, noise: noise, trajectories: number, shots: nil, batchCapacity: 1)
        return simulator.probabilities(inputs: inputs, angles: angles, seed: seed)
      }
    }
  }

  /// The circuit as it is, and with each gate of two qubits three times.
  private let simulations: [Simulation]
  private let mitigation: Mitigation

  /// A circuit under noise of its own gates.
  /// - Precondition: As for `NoisySimulator`; nothing is corrected that has no inverse (`Readout.isInvertible`), and nothing
  ///   is extrapolated from trajectories.
  package init(
    _ circuit: Circuit, noise: NoiseModel, mitigation: Mitigation = .init(), method: Method = .exact
  ) {
    self.mitigation = mitigation
    simulations = Self.simulations(mitigation, method) {
      .exact(NoisySimulator(circuit, noise: noise, folds: $0))
    } sampled: {
      .trajectories(PauliErrors(circuit, noise: noise), noise, $0)
    }
  }

  /// A circuit on a device.
  /// - Precondition: As above.
  package init(_ placed: PlacedCircuit, mitigation: Mitigation = .init(), method: Method = .exact) {
    self.mitigation = mitigation
    simulations = Self.simulations(mitigation, method) {
      .exact(NoisySimulator(placed, folds: $0))
    } sampled: {
      .trajectories(PauliErrors(placed), placed.noise, $0)
    }
  }

  private static func simulations(
    _ mitigation: Mitigation, _ method: Method, exact: (_ folds: Int) -> Simulation,
    sampled: (_ trajectories: Int) -> Simulation
  ) -> [Simulation] {
    switch method {
    case .exact: return (mitigation.extrapolation ? [1, 3] : [1]).map(exact)
    case .trajectories(let number):
      precondition(!mitigation.extrapolation, "trajectories are not extrapolated")
      return [sampled(number)]
    }
  }

  /// How many circuits are carried out for one set of ⟨Z⟩, each with its shots.
  package var circuitsPerSample: Int { simulations.count }

  /// ⟨Z_i⟩ of one sample as each number of shots gives them; fewer shots are the first of the more.
  /// - Parameters:
  ///   - inputs: One per qubit.
  ///   - angles: In the circuit's flat numbering.
  ///   - shots: How many, or nil for exact expectations.
  ///   - seed: Of the sample's shots.
  /// - Returns: `[shots.count][qubits]`.
  package func expectations(
    inputs: [Double], angles: [Double], shots: [ShotNumber], seed: UInt64
  ) -> [[Double]] {
    var random = SplitMix64(state: seed)
    let scales = simulations.map { simulation -> [[Double]] in
      let probabilities = simulation.probabilities(inputs: inputs, angles: angles, seed: ~seed)
      var drawn = Shots(of: probabilities, seed: random.next())
      var values = shots.map { _ in [Double]() }
      for (place, count) in shots.enumerated().sorted(by: { ($0.element ?? 0) < ($1.element ?? 0) }) {
        guard let count else {
          values[place] = Self.expectations(of: probabilities)
          continue
        }
        drawn.draw(upTo: count)
        values[place] = drawn.expectations
      }
      return values.map { mitigation.readout ? undone($0, simulation.noise) : $0 }
    }
    guard scales.count == 2 else { return scales[0] }
    return zip(scales[0], scales[1]).map { once, thrice in zip(once, thrice).map { (3 * $0 - $1) / 2 } }
  }

  private func undone(_ values: [Double], _ noise: NoiseModel) -> [Double] {
    values.enumerated().map { noise.qubit($0).readout.prepared($1) }
  }

  private static func expectations(of probabilities: [Double]) -> [Double] {
    (0..<probabilities.count.trailingZeroBitCount).map { qubit in
      probabilities.indices.reduce(0) { $0 + ($1 >> qubit & 1 == 0 ? probabilities[$1] : -probabilities[$1]) }
    }
  }
}

package import Ansatz
import Storage

/// What becomes of a circuit on a device: where it lies, what it costs, and how far its noise shifts each ⟨Z⟩.
package struct PlacementExplanation: Encodable, Sendable {
  /// One ⟨Z⟩.
  package struct Readout: Encodable, Sendable {
    /// The circuit's qubit.
    package var qubit: Int
    /// The device's.
    package var place: Int
    /// ⟨Z⟩ without noise, at the inputs and angles given; nil of random ones.
    package var ideal: Double?
    /// ⟨Z⟩ under the gates' noise; nil of random ones.
    package var noisy: Double?
    /// ⟨Z⟩ as measured, the read-out's confusion included; nil of random ones.
    package var measured: Double?
    /// `noisy` − `ideal`; of random ones its root mean square.
    package var shift: Double
    /// `measured` − `ideal`, likewise.
    package var measuredShift: Double
    /// The standard error of ⟨Z⟩ by trajectories, of random numbers its root mean square; nil of exact noise.
    package var error: Double?
  }

  /// The device's name.
  package var device: String
  /// The device's qubits, in the order of the circuit's.
  package var chain: [Int]
  /// The device's gate of two qubits.
  package var gate: String
  /// Gates, depth and time.
  package var cost: PlacedCircuit.Cost
  /// What is known of each read-out.
  package var readouts: [Readout]
  /// The random inputs and angles that shifts are of; nil where they were given.
  package var draws: Int?
  /// What the calibration lacks or cannot be right about: sentences.
  package var remarks: [String]

  /// - Parameters:
  ///   - placed: The circuit on the device.
  ///   - device: The device.
  ///   - readout: The qubits that are read.
  ///   - numbers: Inputs and angles; nil for random ones.
  ///   - inputs: How random inputs are distributed.
  ///   - angles: How random angles are.
  ///   - method: How noise is simulated.
  ///   - draws: How many.
  /// - Precondition: The method takes so many qubits.
  package init(
    _ placed: PlacedCircuit, of device: Device, readout: [Int], at numbers: (inputs: [Double], angles: [Double])?,
    inputs: [InputDistribution], angles: AngleDistribution, method: MeasuredCircuit.Method = .exact, draws: Int = 20
  ) {
    self.device = device.name
    chain = placed.chain
    gate = placed.pairGate.rawValue
    remarks = device.remarks
    self.draws = numbers == nil ? draws : nil
    var source = SplitMix64(state: 1)
    let samples =
      numbers.map { [$0] }
      ?? (0..<draws).map { _ in
        (
          inputs: inputs.map { source.draw($0) },
          angles: (0..<placed.circuit.angleCount).map { _ in source.draw(angles) }
        )
      }
    cost = placed.cost(inputs: samples[0].inputs, angles: samples[0].angles)
    let simulate: (_ inputs: [Double], _ angles: [Double]) -> (means: [Double], errors: [Double]?)
    switch method {
    case .exact:
      let simulator = NoisySimulator(placed)
      simulate = { (simulator.expectations(inputs: $0, angles: $1), nil) }
    case .trajectories(let number):
      let simulator = MeasuredSimulator(placed, trajectories: number, shots: nil, batchCapacity: 1)
      simulate = {
        let found = simulator.expectations(inputs: $0, angles: $1, seed: source.next())
        return (found.means, found.errors)
      }
      remarks.append("Noise by \(number) trajectories with errors and the one without; relaxation as its Pauli twirl.")
    }
    let reference = ReferenceSimulator<Double>(placed.circuit)
    let values = samples.map { sample in
      let (noisy, errors) = simulate(sample.inputs, sample.angles)
      return (
        ideal: reference.expectations(inputs: sample.inputs, angles: sample.angles), noisy: noisy,
        measured: noisy.enumerated().map { placed.noise.qubit($0).readout.measured($1) }, errors: errors
      )
    }
    readouts = readout.map { qubit in
      func shift(_ shifts: [Double]) -> Double {
        numbers == nil
          ? (shifts.reduce(0) { $0 + $1 * $1 } / Double(shifts.count)).squareRoot() : shifts[0]
      }
      let only = numbers == nil ? nil : values[0]
      return Readout(
        qubit: qubit, place: placed.chain[qubit], ideal: only?.ideal[qubit], noisy: only?.noisy[qubit],
        measured: only?.measured[qubit], shift: shift(values.map { $0.noisy[qubit] - $0.ideal[qubit] }),
        measuredShift: shift(values.map { $0.measured[qubit] - $0.ideal[qubit] }),
        error: values.allSatisfy { $0.errors != nil } ? shift(values.map { $0.errors![qubit] }) : nil)
    }
  }

  /// Placement, counts and a line for each read-out.
  package var text: String {
    let qubits = chain.map { "\($0)" }.joined(separator: ", ")
    var lines = [
      "on \(device)", "qubits      \(qubits)",
      "gates       \(cost.pairs) \(gate), \(cost.sx) sx, \(cost.rz) virtual rz; depth \(cost.depth), of \(gate) alone \(cost.pairDepth)",
      "time        \(Self.fixed(cost.duration / 1000, 2)) µs, of a shot \(Self.fixed(cost.shot, 1)) µs", "",
    ]
    if let draws {
      lines.append("read-out  qubit  shift    with read-out")
      lines += readouts.map {
        Self.padded("⟨Z_\($0.qubit)⟩", 10) + Self.padded("\($0.place)", 7) + Self.padded(Self.fixed($0.shift, 4), 9)
          + Self.fixed($0.measuredShift, 4)
      }
      lines.append("(root mean squares over \(draws) random sets of inputs and angles)")
    } else {
      lines.append("read-out  qubit  ideal    noisy    measured  shift    with read-out")
      lines += readouts.map {
        Self.padded("⟨Z_\($0.qubit)⟩", 10) + Self.padded("\($0.place)", 7)
          + Self.padded(Self.fixed($0.ideal ?? 0, 4), 9)
          + Self.padded(Self.fixed($0.noisy ?? 0, 4), 9) + Self.padded(Self.fixed($0.measured ?? 0, 4), 10)
          + Self.padded(Self.fixed($0.shift, 4), 9) + Self.fixed($0.measuredShift, 4)
      }
    }
    if let error = readouts.compactMap(\.error).max() {
      lines.append("(by trajectories: the largest standard error of a ⟨Z⟩ is \(Self.fixed(error, 4)))")
    }
    return (lines + remarks).joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// So many digits behind the point.
  private static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((abs(value) * scale).rounded())
    let (before, behind) = (whole / Int(scale), whole % Int(scale))
    let rest = "\(behind)"
    return (value < 0 && whole > 0 ? "−" : "") + "\(before)."
      + String(repeating: "0", count: digits - rest.count) + rest
  }
}

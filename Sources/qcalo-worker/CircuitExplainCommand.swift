import Ansatz
import ArgumentParser
import Commands
import Experiment
import Simulator
import Storage

extension CircuitCommand {
  struct Explain: ParsableCommand {
    enum Angles: String, CaseIterable, ExpressibleByArgument { case glorot, circle }

    static let configuration = CommandConfiguration(
      abstract: "What the circuit can compute: inert angles, closed forms, light cones, gradients.",
      discussion: """
        Proven by propagating the read-outs backwards, without simulating. The variances of read-outs and gradients, \
        over inputs of the study's latent distribution and random angles, are exact for one repetition and sampled else.

        With --device, besides: on which of the device's qubits the circuit errs least, its gates there, their depth and \
        time, and how far noise shifts each ⟨Z⟩: at the inputs and angles of the circuit's JSON file, or over random ones.

        Examples:
          qcalo circuit explain ry-rz-cnot12-x1
          qcalo circuit explain ry-rz-cnot1-x2 --device props_sherbrooke.json
          qcalo circuit explain ry-rz-cnot1-x2-cond --labels 0,0.50268,1 --format json
        """)

    @OptionGroup var choice: CircuitChoice
    @Option(help: "The qubits whose ⟨Z⟩ is read, separated by commas; all if not given.")
    var readout: IntegerList?
    @Option(help: "The start of the angles: glorot (glorot_uniform, the study's default) or circle (U(0, 2π)).")
    var start = Angles.glorot
    @Option(
      parsing: .unconditional, help: "Values that the last input takes instead of latent ones, separated by commas.")
    var labels: NumberList?
    @Option(help: "Random sets of angles to estimate variances from.")
    var samples = 500
    @Option(help: "text or json.")
    var format = OutputFormat.text
    @OptionGroup var device: DeviceOptions
    @OptionGroup var noisy: TrajectoriesOption

    func validate() throws {
      if noisy.trajectories != nil && device.device == nil {
        throw ValidationError("--trajectories are of a --device's noise; give one.")
      }
      if samples < 1 { throw ValidationError("--samples: \(samples) is not a number of samples.") }
      if let labels, labels.values.isEmpty { throw ValidationError("--labels: give at least one value.") }
    }

    func run() throws {
      let circuit = try choice.circuit()
      let analysis = CircuitAnalysis(circuit, readout: try readout?.qubits(of: circuit))
      var inputs = [InputDistribution](repeating: .latent, count: circuit.qubits)
      if let labels { inputs[circuit.qubits - 1] = .values(labels.values) }
      let angles: AngleDistribution = start == .circle ? .circle : .glorot(circuit)
      let estimates =
        analysis.gradientEstimates(inputs: inputs, angles: angles)
        ?? analysis.sampledGradientEstimates(inputs: inputs, angles: angles, samples: samples)
      let explanation = CircuitExplanation(analysis, estimates: estimates)
      let placement = try placement(circuit, analysis.readout, inputs, angles)
      guard format == .json else {
        return try Output.line(
          explanation.text(width: Terminal.width) + (placement.map { "\n\n" + $0.text } ?? ""))
      }
      try Output.line(json(PlacedExplanation(explanation: explanation, placement: placement)))
    }

    private func placement(
      _ circuit: Circuit, _ readout: [Int], _ inputs: [InputDistribution], _ angles: AngleDistribution
    ) throws -> PlacementExplanation? {
      guard let (device, placed) = try device.placed(circuit) else { return nil }
      let problem = try choice.problem().flatMap { $0.flaw == nil ? $0 : nil }
      return PlacementExplanation(
        placed, of: device, readout: readout, at: problem.map { ($0.inputs[0], $0.angles) }, inputs: inputs,
        angles: angles,
        method: noisy.trajectories.map(MeasuredCircuit.Method.trajectories) ?? .usual(qubits: circuit.qubits))
    }

    /// What is printed as JSON: the explanation's own keys, and the device's part.
    private struct PlacedExplanation: Encodable {
      var explanation: CircuitExplanation
      var placement: PlacementExplanation?

      private enum CodingKeys: CodingKey { case placement }

      func encode(to encoder: any Encoder) throws {
        try explanation.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(placement, forKey: .placement)
      }
    }
  }
}

extension IntegerList {
  /// These as qubits to be read.
  /// - Throws: `InputError`.
  func qubits(of circuit: Circuit) throws -> [Int] {
    if let qubit = values.first(where: { !(0..<circuit.qubits).contains($0) }) {
      throw InputError("--readout: there is no qubit \(qubit); qubits are 0 … \(circuit.qubits - 1)")
    }
    if values.isEmpty || Set(values).count != values.count {
      throw InputError("--readout: name each qubit to be read once")
    }
    return values
  }
}

/// Numbers as one argument: "0,0.5,1".
struct NumberList: ExpressibleByArgument {
  var values: [Double]

  init?(argument: String) {
    let numbers = argument.commaSeparated { DecimalNumber($0).flatMap { $0.value.isFinite ? $0.value : nil } }
    guard let numbers else { return nil }
    values = numbers
  }
}

package import Ansatz
import ArgumentParser
import Experiment
import Storage
import Training

extension CircuitCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The circuit with its angles, for real hardware or another simulator.",
      discussion: """
        The angles come from a checkpoint, from a JSON file with theta and phi (one list per repetition each) or angles, \
        or from the circuit's own JSON file. OpenQASM 3 and PennyLane leave the inputs open unless they are given.

        With --device the circuit is placed there, in the device's gates. --latents feeds the checkpoint's generator as \
        `generate` does and makes a circuit of each event, energy by energy: a list of Qiskit's in one Python module, or \
        an OpenQASM 3 program each in the folder --output. `generate --counts` takes what comes of them.

        Examples:
          qcalo circuit export --checkpoint full-000120.h5 --format pennylane > circuit.py
          qcalo circuit export ry-rz-cnot12-x2 --angles angles.json --format openqasm3
          qcalo circuit export circuit.json --inputs 0.1,0.2,0.3 --format openqasm2
          qcalo circuit export --checkpoint c.h5 --latents l.h5 --device props_sherbrooke.json --format qiskit > events.py
        """)

    @OptionGroup var choice: CircuitChoice
    @Option(help: "openqasm3, openqasm2, pennylane or qiskit.")
    var format: CircuitExport.Format
    @Option(help: "A JSON file with theta and phi, or angles, or - for the standard input.", completion: .file())
    var angles: String?
    @Option(help: "A checkpoint, which says the circuit too.", completion: .file())
    var checkpoint: String?
    @Flag(help: "The discriminator's circuit of the checkpoint, not the generator's.")
    var discriminator = false
    @Option(help: "Of a checkpoint with a QINN stage: which of its circuits, from 0, as they follow each other.")
    var block: Int?
    @Option(parsing: .unconditional, help: "The inputs, one per qubit, separated by commas.")
    var inputs: NumberList?
    @Option(help: "The qubits whose ⟨Z⟩ is read, separated by commas; all, or the checkpoint's, if not given.")
    var readout: IntegerList?
    @OptionGroup var device: DeviceOptions
    @Option(
      help: "An HDF5 file whose dataset 'latents' [events, latent] feeds the checkpoint's generator: a circuit each.",
      completion: .file())
    var latents: String?
    @Option(help: "The incident energies (MeV) of the latents, separated by commas; by default those trained on.")
    var energies: EnergyList?
    @Option(help: "The folder for a program of each event.", completion: .directory)
    var output: String?

    func validate() throws {
      if checkpoint != nil && (angles != nil || choice.isGiven) {
        throw ValidationError("A checkpoint says circuit and angles; leave the others out.")
      }
      if latents != nil && (checkpoint == nil || discriminator || inputs != nil) {
        throw ValidationError("--latents feeds the generator of a --checkpoint, in the place of --inputs.")
      }
      if energies != nil && latents == nil { throw ValidationError("--energies are those of --latents.") }
      if (output != nil) != (latents != nil && format == .openqasm3) {
        throw ValidationError("--output is the folder for an OpenQASM 3 program of each of the --latents.")
      }
      if (device.device != nil || latents != nil) && ![.openqasm3, .qiskit].contains(format) {
        throw ValidationError("--device and --latents: take openqasm3 or qiskit.")
      }
      if block != nil && (checkpoint == nil || discriminator) {
        throw ValidationError("--block is one of the circuits of a --checkpoint's generator.")
      }
      if discriminator && checkpoint == nil { throw ValidationError("--discriminator belongs to --checkpoint.") }
    }

    func run() throws {
      let known =
        try checkpoint.map {
          try TrainedCircuit(checkpoint: $0, discriminator: discriminator, block: block)
        } ?? described()
      let circuit = known.circuit
      if let inputs, inputs.values.count != circuit.qubits {
        throw InputError("--inputs: \(inputs.values.count) numbers for \(circuit.qubits) qubits; give one per qubit")
      }
      let readout = try readout?.qubits(of: circuit)
      let placed = try device.placed(circuit)
      for remark in placed?.device.remarks ?? [] { Terminal.say(remark) }
      if let latents {
        let feed = try CircuitFeed(
          of: Checkpoint(file: checkpoint!), latentsIn: latents, energies: energies?.values)
        return try write(
          feed.inputs.map { bound(circuit, placed, $0, known.angles, readout ?? known.readout) }, title: known.title)
      }
      if placed != nil || format == .qiskit {
        guard let inputs else {
          throw InputError(
            "a circuit for \(format == .qiskit ? "Qiskit" : "a device") has no open inputs; give them "
              + "with --inputs, or --latents")
        }
        return try write(
          [bound(circuit, placed, inputs.values, known.angles, readout ?? known.readout)], title: known.title)
      }
      if format == .openqasm2 && inputs == nil {
        throw InputError("OpenQASM 2 has no open inputs; give them with --inputs, or take openqasm3")
      }
      let export = CircuitExport(
        circuit, angles: known.angles, inputs: inputs?.values,
        readout: readout ?? known.readout, title: known.title)
      try Output.write(export.text(format))
    }

    private func bound(
      _ circuit: Circuit, _ placed: (device: Device, circuit: PlacedCircuit)?, _ inputs: [Double], _ angles: [Double],
      _ readout: [Int]?
    ) -> BoundCircuit {
      let readout = readout ?? Array(0..<circuit.qubits)
      guard let placed else { return BoundCircuit(circuit, inputs: inputs, angles: angles, readout: readout) }
      return BoundCircuit(
        placed.circuit, register: placed.device.qubits.count, inputs: inputs, angles: angles, readout: readout)
    }

    /// Writes circuits, one program each into a folder where there is one.
    private func write(_ circuits: [BoundCircuit], title: String) throws {
      let title = title + (device.device.map { ", on \($0)" } ?? "")
      guard format == .openqasm3 else { return try Output.write(BoundCircuit.qiskit(circuits, title: title)) }
      guard let output else { return try Output.write(circuits[0].openQASM3(title: title)) }
      try Folder.make(output)
      for (event, circuit) in circuits.enumerated() {
        let number = "\(event)"
        let name = String(repeating: "0", count: max(0, 6 - number.count)) + number
        try DurableFile.write(
          circuit.openQASM3(title: title + ", event \(event)"), to: "\(output)/event-\(name).qasm")
      }
    }

    private func described() throws -> TrainedCircuit {
      let problem = try choice.problem()
      let circuit = try problem?.circuit ?? choice.circuit()
      let file = angles ?? choice.source ?? ""
      var numbers = problem ?? CircuitProblem(circuit: circuit, inputs: [], theta: [])
      if let angles {
        let lists: AngleLists = try CircuitFile.value(in: angles)
        (numbers.theta, numbers.phi, numbers.lists) = (lists.theta ?? [], lists.phi ?? [], lists.angles ?? [])
      } else if !numbers.hasAngles {
        throw InputError("there are no angles; give them with --angles or --checkpoint")
      }
      if let flaw = numbers.angleFlaw { throw InputError("\(file): \(flaw)") }
      return TrainedCircuit(circuit: circuit, angles: numbers.angles, readout: nil, title: "\(circuit.name), \(file)")
    }
  }
}

/// The angles of a JSON file: one list per repetition.
private struct AngleLists: Decodable {
  var theta: [[Double]]?
  var phi: [[Double]]?
  var angles: [[[Double]]]?
}

/// A circuit and the angles it was given or trained to.
private struct TrainedCircuit {
  var circuit: Circuit
  var angles: [Double]
  /// nil: every qubit.
  var readout: [Int]?
  var title: String

  init(circuit: Circuit, angles: [Double], readout: [Int]?, title: String) {
    self.circuit = circuit
    self.angles = angles
    self.readout = readout
    self.title = title
  }

  /// - Throws: `InputError`.
  init(checkpoint path: String, discriminator: Bool, block: Int?) throws {
    let checkpoint = try Checkpoint(file: path)
    let variant = checkpoint.header.job.variant
    let network = discriminator ? "discriminator" : "generator"
    let circuits = discriminator ? variant.discriminator.circuit.map { [$0] } ?? [] : variant.generator.circuits
    if circuits.isEmpty { throw InputError("\(path): the \(network) of \(variant.name) has no circuit") }
    let isStage = !discriminator && variant.generator.qinn != nil
    if block != nil && !isStage { throw InputError("\(path): \(variant.name) has no QINN stage; leave --block out") }
    if isStage && block == nil && circuits.count > 1 {
      throw InputError("\(path): \(variant.name) has \(circuits.count) circuits; choose one by --block, from 0")
    }
    guard circuits.indices.contains(block ?? 0) else {
      throw InputError("\(path): there is no block \(block ?? 0); there are 0 … \(circuits.count - 1)")
    }
    let circuit = circuits[block ?? 0]
    let place = isStage ? "qinn/block_\(block ?? 0)" : "circuit"
    guard let array = checkpoint.arrays.first(where: { $0.name == "\(network)/\(place)/angles" }) else {
      throw InputError("\(path): it does not hold the \(network)'s angles; take a full checkpoint")
    }
    guard array.values.count == circuit.angleCount else {
      throw InputError(
        "\(path): \(array.values.count) angles for the \(circuit.angleCount) of \(circuit.name): a closed form has fewer"
      )
    }
    self.init(
      circuit: circuit, angles: array.values.map(Double.init),
      readout: discriminator ? variant.discriminator.readout : nil,
      title: "\(checkpoint.header.job.run), checkpoint \(checkpoint.header.checkpoint), the \(network)'s circuit"
        + (isStage ? " \(block ?? 0)" : ""))
  }
}

extension CircuitExport.Format: ExpressibleByArgument {}

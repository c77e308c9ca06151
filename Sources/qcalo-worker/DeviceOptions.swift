import Ansatz
import ArgumentParser
import Commands
import Experiment
import Simulator

/// How noise is simulated, as an option.
struct TrajectoriesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Simulate noise by so many trajectories with errors for each event, relaxation as its Pauli twirl; if not given exactly "
        + "up to \(NoisySimulator.qubitLimit) qubits, and by 100 for more.", valueName: "count"))
  var trajectories: Int?

  func validate() throws {
    if let flaw = trajectories.flatMap({ Bounds.flaw("--trajectories", $0, Bounds.trajectories) }) {
      throw ValidationError(flaw)
    }
  }
}

/// A model of noise, as an option.
struct NoiseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The noise of the circuit's own gates and of its read-out: a JSON file with qubit, pair, qubits, pairs.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var noise: String?

  /// The model that is named.
  /// - Parameter circuit: What is carried out under it.
  /// - Returns: A model without noise where none is named.
  /// - Throws: `InputError` when the file is none, or names a qubit that the circuit does not have.
  func value(for circuit: Circuit) throws -> NoiseModel {
    try noise.map { try NoiseFile.noise($0, for: circuit) } ?? NoiseModel()
  }
}

/// A device, and the qubits of it, as options.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A device's properties as IBM publishes them (JSON); the configuration beside it, conf for props in its name, is "
        + "read too, or another one after a comma.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var device: String?
  @Option(
    help: ArgumentHelp(
      "The device's qubits in the circuit's order, separated by commas; those that err least if not given.",
      valueName: "qubits"))
  var chain: IntegerList?

  func validate() throws {
    if chain != nil && device == nil { throw ValidationError("--chain names qubits of a --device; give one.") }
  }

  /// The device with a circuit on it; nil where none is named.
  /// - Throws: `InputError` when the circuit does not go onto it.
  func placed(_ circuit: Circuit) throws -> (device: Device, circuit: PlacedCircuit)? {
    guard let path = self.device else { return nil }
    let device = try DeviceFile.device(path)
    if circuit.inverse { throw InputError("\(device.name): an inverse circuit is not carried out on a device") }
    if let chain {
      if let flaw = device.flaw(of: chain.values, for: circuit) { throw InputError("--chain: \(flaw)") }
      return (device, PlacedCircuit(circuit, on: chain.values, of: device))
    }
    guard let placed = device.place(circuit) else {
      throw InputError(
        "\(device.name): it has no \(circuit.qubits) usable qubits in a row, which \(circuit.name) takes; smaller circuits "
          + "have --qubits")
    }
    return (device, placed)
  }
}

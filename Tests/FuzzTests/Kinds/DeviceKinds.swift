import Ansatz
import Experiment
import Foundation
import Simulator
import Storage
import Sweeps
import TestSupport
import Training

/// What of a circuit under noise must hold, whatever noise was read.
private func requireSound(_ expectations: [Double], _ errors: PauliErrors) throws {
  for value in expectations { try require(abs(value) <= 1 + 1e-9, "an expectation is \(value)") }
  try require((0...1).contains(errors.chanceOfNone), "no error has a chance of \(errors.chanceOfNone)")
  for some in [false, true] {
    let drawn = errors.draw(seed: 1, some: some)
    try require(!some || !drawn.isEmpty || errors.chanceOfNone == 1, "a trajectory with errors has none")
  }
}

/// Models of noise in YAML, of which JSON is a part.
struct NoiseKind: FuzzKind {
  static let name = "noise"
  let mutator: Mutator
  private let path: String

  init(in folder: String) throws {
    path = folder + "/noise.yaml"
    let seeds = [
      """
      qubit: {depolarizing: 0.0005, duration: 35, over_rotation: 0.01, t1: 100, t2: 80, prob_meas1_prep0: 0.01, prob_meas0_prep1: 0.02}
      pair: {depolarizing: 0.01, duration: 400}
      qubits:
        1: {t2: 30}                     # the rest as in qubit
      pairs:
        0-1: {depolarizing: 0.03, over_rotation: -0.1}

      """, "pair: {depolarizing: 1.0666}\n", #"{"qubit": {"depolarizing": 0.1}, "pairs": {"1-0": {"duration": 3e5}}}"#,
    ]
    mutator = Mutator(seeds: seeds.map { Array($0.utf8) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    let noise = try NoiseFile.noise(NoiseDocument.json(of: path))
    try require(noise.flaw == nil, "it has a flaw: \(noise.flaw ?? "")")
    try requireRoundTrip(noise, "the noise")
    let circuit = Circuit(qubits: 2, cnot: [1])
    let simulator = NoisySimulator(circuit, noise: noise)
    let angles = [0.1, 0.2, 0.3, 0.4]
    let sum = simulator.probabilities(inputs: [0.5, 0.6], angles: angles).reduce(0, +)
    try require(abs(sum - 1) < 1e-9, "probabilities add up to \(sum)")
    try requireSound(
      simulator.measured(inputs: [0.5, 0.6], angles: angles), PauliErrors(circuit, noise: noise))
  }
}

/// Devices' calibrations as IBM publishes them, with a configuration beside them.
struct DeviceKind: FuzzKind {
  static let name = "device"
  let mutator: Mutator
  private let path: String

  init(in folder: String) throws {
    path = folder + "/props_fuzz.json"
    try write(
      Array(#"{"n_qubits": 3, "basis_gates": ["sx", "ecr", "cz"], "coupling_map": [[0, 1], [2, 1]]}"#.utf8),
      to: folder + "/conf_fuzz.json")
    func item(_ name: String, _ unit: String, _ value: Double) -> String {
      #"{"name": "\#(name)", "unit": "\#(unit)", "value": \#(value)}"#
    }
    func gate(_ name: String, _ qubits: [Int], _ error: Double, _ length: Double) -> String {
      #"{"gate": "\#(name)", "qubits": \#(qubits), "parameters": [\#(item("gate_error", "", error)), \#(item("gate_length", "ns", length))]}"#
    }
    let qubit =
      [
        item("T1", "us", 80), item("T2", "us", 100), item("prob_meas0_prep1", "", 0.02),
        item("prob_meas1_prep0", "", 0.01), item("readout_length", "ns", 1200),
      ].joined(separator: ", ")
    func device(_ pair: String, _ qubit: String) -> String {
      let gates =
        (0..<3).map { gate("sx", [$0], 0.0003, 35) } + [gate(pair, [0, 1], 0.01, 500), gate(pair, [2, 1], 0.02, 600)]
      return #"""
        {"backend_name": "fuzz", "qubits": [[\#(qubit)], [\#(qubit)], [\#(qubit)]],
         "gates": [\#(gates.joined(separator: ",\n  "))]}
        """#
    }
    let seeds = [
      device("ecr", qubit), device("cz", item("readout_error", "", 0.1)), device("ecr", item("T1", "ms", 1)),
    ]
    mutator = Mutator(seeds: seeds.map { Array($0.utf8) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    let device = try DeviceFile.device(path)
    for remark in device.remarks { if let flaw = Finding.flaw(ofSentence: remark) { throw Finding(flaw) } }
    try require(DeviceFile.isMeant(by: path), "a device is taken for a model of noise")
    for circuit in [Circuit(qubits: 3, cnot: [1, 2]), Circuit(qubits: 2, cnot: [1], repetitions: 2)] {
      guard let placed = device.place(circuit) else { continue }
      try require(placed.noise.flaw == nil, "its noise has a flaw: \(placed.noise.flaw ?? "")")
      try requireRoundTrip(placed.place, "the chain")
      let inputs = (0..<circuit.qubits).map { 0.3 + Double($0) }
      let angles = (0..<circuit.angleCount).map { 0.2 + Double($0) }
      try requireSound(
        NoisySimulator(placed).measured(inputs: inputs, angles: angles), PauliErrors(placed))
    }
  }
}

/// Counts that a device gave for the circuits of two events.
struct CountsKind: FuzzKind {
  static let name = "counts"
  let mutator: Mutator
  private let path: String
  private let feed = CircuitFeed(
    circuit: Circuit(qubits: 2, cnot: [1]), angles: [0.1, 0.2, 0, 0], inputs: [[0.4, 0.5], [0.1, 1]])

  init(in folder: String) throws {
    path = folder + "/counts"
    let seeds = [
      #"[{"00": 70, "01": 10, "10": 15, "11": 5}, {"0x0": 60, "0x3": 40}]"#,
      #"{"results": [{"data": {"counts": {"0x0": 1, "0x2": 3}}}, {"data": {"counts": {"00": 9}}}]}"#,
      "event,bits,count\n0,00,7\n0,11,3\n1, 00, 12\n1,01,1\n", "1,10,1\n0,00,5\n",
    ]
    mutator = Mutator(seeds: seeds.map { Array($0.utf8) }, isText: true)
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    let counts = try MeasuredCounts(reading: path, order: .last, of: feed)
    try require(counts.expectations.count == 2, "\(counts.expectations.count) events")
    try require(
      counts.expectations.joined().allSatisfy { abs($0) <= 1 }, "⟨Z⟩ beyond −1 … 1: \(counts.expectations)")
    if let flaw = Finding.flaw(ofSentence: counts.sentence) { throw Finding(flaw) }
  }
}

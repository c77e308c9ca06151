import Ansatz
import Experiment
import TestSupport
import Testing

@testable import Sweeps

@Suite struct MeasuredSweepTests {
  private static let line = """
    {"backend_name": "line", "qubits": [[], [], []], "gates": [
      {"gate": "sx", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 0.001}]},
      {"gate": "sx", "qubits": [1], "parameters": [{"name": "gate_error", "unit": "", "value": 0.002}]},
      {"gate": "sx", "qubits": [2], "parameters": [{"name": "gate_error", "unit": "", "value": 0.003}]},
      {"gate": "cx", "qubits": [0, 1], "parameters": [{"name": "gate_error", "unit": "", "value": 0.01}]},
      {"gate": "cx", "qubits": [2, 1], "parameters": [{"name": "gate_error", "unit": "", "value": 0.02}]}]}
    """

  private func files(_ sweep: String) throws -> (TemporaryFolder, String) {
    let folder = try TemporaryFolder()
    try folder.write("pair: {depolarizing: 0.02}\n", to: "noise.yaml")
    try folder.write("{\"pair\": {\"depolarizing\": 0.02}}", to: "noise.json")
    try folder.write("qubits: {3: {depolarizing: 0.02}}\npairs: {1-2: {depolarizing: 0.02}}\n", to: "four.yaml")
    try folder.write("pairs: {0-4: {depolarizing: 0.02}}\n", to: "five.yaml")
    try folder.write(Self.line, to: "props_line.json")
    return (folder, try folder.write(frame + sweep, to: "x.yaml"))
  }

  private func plan(_ sweep: String) throws -> SweepPlan {
    let (folder, path) = try files(sweep)
    return try withExtendedLifetime(folder) { try SweepFile.plan(path) }
  }

  private func problems(_ sweep: String) throws -> [String] {
    let (folder, path) = try files(sweep)
    do {
      _ = try SweepFile.plan(path)
      return []
    } catch { return error.problems.map { $0.replacing(path + ":", with: "").replacing(folder(""), with: "") } }
  }

  @Test func `a circuit has its noise by content, whatever file it is from`() throws {
    let plan = try plan(
      """
      variants:
        - {label: ideal, circuit: {}}
        - {label: shots, circuit: {shots: 1000}}
        - {label: noise, circuit: {noise: noise.yaml, trajectories: 4}}
        - {label: both, circuit: {noise: noise.json, shots: 50, gradient: parameter_shift}}
        - {label: same again, table: other, circuit: {noise: noise.json, trajectories: 4}}
      """)
    let noise = NoiseModel(everyPair: .init(depolarizing: 0.02))
    #expect(
      plan.variants.map(\.variant.generator.measurement) == [
        nil, CircuitMeasurement(shots: 1000), CircuitMeasurement(noise: noise, trajectories: 4),
        CircuitMeasurement(shots: 50, noise: noise, gradient: .parameterShift),
        CircuitMeasurement(noise: noise, trajectories: 4),
      ])
    #expect(plan["noise"]?.id == plan["same again", "other"]?.id && Set(plan.variants.map(\.id)).count == 4)
    #expect(plan["ideal"]?.variant == Variant(generator: .init(circuit: Circuit())))
  }

  @Test func `a device's calibration is placed, and what lies on the chain is what counts`() throws {
    let plan = try plan(
      """
      latent: 2
      circuit.noise: props_line.json
      variants:
        - {label: a, circuit: {}}
        - {label: b, circuit: {repetitions: 2}}
        - {label: c, circuit: {noise: none}}
        - {label: d, circuit: none}
        - {label: e, latent: 3}
      """)
    let chain = try #require(plan["a"]?.variant.generator.measurement?.device)
    #expect(chain.device == "line" && Set(chain.qubits) == [0, 1] && chain.gate == .cx)
    #expect(chain.noise.pair(0, 1).depolarizing > 0.01 && plan["b"]?.variant.generator.measurement?.device == chain)
    #expect(plan["c"]?.variant.generator.measurement == nil && plan["d"]?.variant.generator.measurement == nil)
    #expect(plan["e"]?.variant.generator.measurement?.device?.qubits.count == 3)
  }

  @Test func `a circuit that was taken away takes what was said of it along`() throws {
    let plan = try plan(
      """
      circuit: {shots: 100, repetitions: 2}
      tables:
        t: {circuit: none, variants: [{label: a, circuit: {}}, {label: b}]}
      """)
    #expect(plan["a", "t"]?.variant == Variant(generator: .init(circuit: Circuit())))
    #expect(plan["b", "t"]?.variant == Variant())
  }

  @Test(arguments: [
    ("circuit: {noise: missing.yaml}", "circuit.noise: /missing.yaml: it cannot be read: No such file or directory"),
    ("circuit: {noise: x.yaml}", "circuit.noise:  not a noise model: 'budget': unknown"),
    ("latent: 4, circuit: {noise: props_line.json}", "circuit.noise: line has no 4 usable qubits in a row"),
    (
      "latent: 3, circuit: {noise: four.yaml}",
      "circuit.noise: the model names qubit 3, and ry-rz-cnot1-x1-q3 has 3 qubits, from 0 on; take it out of the model"
    ),
    ("latent: 4, circuit: {noise: five.yaml}", "circuit.noise: the model names qubit 4, and ry-rz-cnot1-x1-q4 has 4"),
    ("circuit: {shots: 0}", "circuit.shots: 0 is not in 1 … 1000000"),
    ("circuit: {trajectories: 4}", "circuit.shots: neither these nor noise are given"),
    ("circuit: {shots: 9, trajectories: 4}", "circuit.trajectories: there is no noise to draw them by"),
    ("circuit: {noise: noise.yaml, gradient: parameter_shift}", "circuit.gradient: parameter_shift is for shots"),
    ("circuit: {shots: 9}, features: closed_form", "circuit.shots: there is no circuit that could be measured"),
    ("discriminator.circuit: {shots: 9}", "unknown key 'discriminator.circuit.shots'; did you mean circuit.shots?"),
  ])
  func `what cannot be is told`(row: String, sentence: String) throws {
    let found = try problems("variants: [{\(row)}]\n")
    #expect(found.first?.contains(sentence) == true, "\(found)")
  }

  @Test func `a model may name each of the circuit's qubits`() throws {
    let plan = try plan(
      "variants: [{latent: 4, circuit: {noise: four.yaml}}, {latent: 5, circuit: {noise: five.yaml}}]\n")
    #expect(plan.variants.map { $0.variant.generator.measurement?.noise?.highestQubit } == [3, 4])
  }

  @Test func `what noise follows is not left out of a circuit's family`() throws {
    let plan = try plan(
      """
      circuit.noise: noise.yaml
      variants:
        - {label: a, circuit: {rz: false}}
        - {label: b, circuit: {rz: true}}
      """)
    #expect(Equivalence(plan).partners.allSatisfy { $0 == nil })
  }
}

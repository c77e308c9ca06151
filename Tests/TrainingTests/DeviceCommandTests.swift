import Ansatz
import Experiment
import Foundation
import HDF5
import QuantumGAN
import Records
import Simulator
import TestSupport
import Testing

@testable import Training

@Suite("The worker's commands with a device")
struct DeviceCommandTests {
  let temporary: TemporaryFolder
  let job: JobDescription
  private static let device = Repository.path("Tests/ExperimentTests/Devices/props_guadalupe.json")
  private static let events = 6

  init() throws {
    temporary = try TemporaryFolder()
    var job = try smallJob(in: temporary)
    job = JobDescription(
      variant: Variant(
        generator: .init(circuit: Circuit(qubits: 4, cnot: [1, 2]), latent: 4, hidden: [4]),
        discriminator: .init(hidden: [6])), settings: job.settings, seed: 1, dataset: job.dataset,
      budget: Budget(checkpoints: 1))
    self.job = job
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
    let trained = try Program.run(Program.worker, ["train", temporary("job.json")])
    guard trained.code == 0 else { throw TestFailure("\(trained)") }
    let file = try HDF5File(creating: temporary("l.h5"))
    try file.write(try latents, to: "latents", shape: [Self.events, 4])
    try file.close()
  }

  private var generator: String { temporary("checkpoints/generator-000001.h5") }
  private var latents: [Float] {
    get throws {
      try Generator(
        architecture: job.variant.generator, settings: job.settings, voxels: job.dataset.voxels,
        state: Checkpoint(file: generator).arrays
      ).latents(events: Self.events, seed: 2)
    }
  }
  private var feed: CircuitFeed {
    get throws { try CircuitFeed(of: Checkpoint(file: generator), latentsIn: temporary("l.h5"), energies: nil) }
  }

  private func worker(_ arguments: String...) throws -> Program.Result {
    try Program.run(Program.worker, arguments)
  }

  private func showers(_ arguments: String...) throws -> [Float] {
    let made = try Program.run(
      Program.worker,
      [
        "generate", "--checkpoint", generator, "--events", "\(Self.events)", "--latents", temporary("l.h5"), "--output",
        temporary("g.h5"),
      ] + arguments)
    guard made.code == 0 else { throw TestFailure("\(made)") }
    return try HDF5File(reading: temporary("g.h5")).read("showers", as: Float.self).1
  }

  @Test("export writes a circuit of each event: a module for Qiskit, or a program each in a folder")
  func export() throws {
    let export = ["circuit", "export", "--checkpoint", generator, "--latents", temporary("l.h5")]
    let module = try Program.run(Program.worker, export + ["--format", "qiskit", "--device", Self.device])
    #expect(module.code == 0 && module.output.contains("made = QuantumCircuit(16, 4)"), "\(module)")
    #expect(module.output.split(separator: "\n").count { $0.hasPrefix("    [(\"rz\"") } == Self.events)
    let folder = temporary("circuits")
    let programs = try Program.run(
      Program.worker, export + ["--format", "openqasm3", "--output", folder, "--energies", "65536"])
    #expect(programs.code == 0 && programs.output.isEmpty, "\(programs)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == Self.events)
    let first = try String(contentsOfFile: folder + "/event-000000.qasm", encoding: .utf8)
    #expect(first.contains("rx(\(try feed.inputs[0][0])) q[0];") && first.contains("c[3] = measure q[3];"))
    let unknown = try Program.run(Program.worker, export + ["--format", "qiskit", "--energies", "4096"])
    #expect(unknown.code == 65 || unknown.code == 64)
    #expect(unknown.errors.contains("an energy of 4096.0 MeV"), "\(unknown)")
  }

  /// Counts of so many shots of each event's circuit without noise.
  private func counts(_ shots: Int) throws -> [[Int]] {
    let feed = try feed
    let simulator = NoisySimulator(feed.circuit, noise: NoiseModel())
    return feed.inputs.enumerated().map { event, inputs in
      var drawn = Shots(of: simulator.probabilities(inputs: inputs, angles: feed.angles), seed: UInt64(event))
      drawn.draw(upTo: shots)
      return drawn.counts
    }
  }

  private func bits(_ string: Int, first: Bool) -> String {
    (0..<4).map { String(string >> (first ? $0 : 3 - $0) & 1) }.joined()
  }

  @Test("generate makes of counts the showers of their ⟨Z⟩, in every form, and sees when the bits are turned round")
  func counts() throws {
    let counts = try counts(400_000)
    func json(_ key: (Int) -> String) throws -> String {
      let list = counts.map { strings in
        "{"
          + strings.enumerated().filter { $0.element > 0 }.map { "\"\(key($0.offset))\": \($0.element)" }
          .joined(separator: ", ") + "}"
      }
      return try temporary.write("[" + list.joined(separator: ", ") + "]", to: "counts.json")
    }
    func table(first: Bool, of some: [[Int]]? = nil) throws -> String {
      let rows = (some ?? counts).enumerated().flatMap { event, strings in
        strings.enumerated().map { "\(event), \(bits($0.offset, first: first)), \($0.element)" }
      }
      return try temporary.write("event,bits,count\n" + rows.joined(separator: "\n"), to: "counts.csv")
    }
    let measured = try showers("--counts", json { bits($0, first: false) })
    #expect(try showers("--counts", json { "0x" + String($0, radix: 16) }) == measured)
    #expect(try showers("--counts", table(first: true), "--bit-order", "first") == measured)
    #expect(try showers("--counts", table(first: false), "--bit-order", "last") == measured)
    // So many shots are near the simulation.
    let simulated = try showers()
    let scale = simulated.map(abs).max()!
    #expect(measured != simulated && zip(measured, simulated).allSatisfy { abs($0 - $1) < 0.2 * scale })
    func refusal(_ arguments: String...) throws -> String {
      let found = try Program.run(
        Program.worker,
        [
          "generate", "--checkpoint", generator, "--events", "\(Self.events)", "--latents", temporary("l.h5"),
          "--output",
          temporary("g.h5"),
        ] + arguments)
      #expect(found.code == 64 || found.code == 65, "\(found)")
      return found.errors
    }
    #expect(try refusal("--counts", table(first: true)).contains("a table does not say where qubit 0 stands"))
    #expect(
      try refusal("--counts", table(first: true), "--bit-order", "last").contains(
        "the other way round: --bit-order first"))
    let few = try self.counts(400)
    #expect(
      try refusal("--counts", table(first: true, of: few), "--bit-order", "last").contains("the other way round"),
      "few shots tell it, too")
    try temporary.write("[{\"0000\": 5}]", to: "few.json")
    #expect(try refusal("--counts", temporary("few.json")).contains("counts of 1 events; the circuits are of 6"))
    try temporary.write("0,00000,5\n", to: "long.csv")
    #expect(try refusal("--counts", temporary("long.csv"), "--bit-order", "first").contains("counts of 1 events"))
    let uneven = #expect(throws: InputError.self) {
      try CircuitFeed(of: Checkpoint(file: generator), latentsIn: temporary("l.h5"), energies: [1, 2, 3, 4])
    }
    #expect(uneven?.description.hasSuffix("6 events are not as many for each of 4 energies") == true)
    try temporary.write("0,0,5,6\n", to: "wide.csv")
    #expect(
      try refusal("--counts", temporary("wide.csv"), "--bit-order", "first")
        .contains("wide.csv:1: not an event, a bit string and a count"))
  }

  @Test("a measured training is evaluated as it was trained, to the bit, and on a device as its circuit alone")
  func measuredTraining() throws {
    var generator = job.variant.generator
    generator.measurement = CircuitMeasurement(
      shots: 30, device: DeviceChain([0, 1, 2, 3], of: try DeviceFile.device(Self.device)), trajectories: 2)
    let noisy = JobDescription(
      variant: Variant(generator: generator, discriminator: job.variant.discriminator), settings: job.settings, seed: 1,
      dataset: job.dataset, budget: Budget(checkpoints: 1))
    let path = try temporary.write(
      String(decoding: try CanonicalJSON.data(noisy), as: UTF8.self), to: "noisy/job.json")
    #expect(try worker("train", path).code == 0)
    let folder = RunFolder(temporary("noisy"))
    let recorded = try #require(try folder.history().checkpoints[1])
    let checkpoint = temporary("noisy/checkpoints/generator-000001.h5")
    func evaluated(_ arguments: String...) throws -> Data {
      let found = try Program.run(
        Program.worker,
        ["evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", checkpoint] + arguments)
      guard found.code == 0 else { throw TestFailure("\(found)") }
      return Data(found.output.utf8)
    }
    struct Found: Decodable { var chi2: Double }
    #expect(try JSONDecoder().decode(Found.self, from: evaluated()).chi2 == recorded.evaluation.chi2)
    // The same angles and layers, the circuit carried out exactly.
    let settings = try CanonicalJSON.value(
      MeasuredCheckpoint.self, from: evaluated("--shots", "exact", "--metrics", "separation", "--format", "json")
    ).settings
    #expect(abs(settings[0].values[.separation]!.value - settings[1].values[.separation]!.value) < 1e-3)
  }

  @Test("evaluate measures a circuit: without noise and exactly it is the trained one, and a row says what it costs")
  func measured() throws {
    func settings(_ arguments: String...) throws -> MeasuredCheckpoint {
      let found = try Program.run(
        Program.worker,
        [
          "evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", generator, "--metrics", "chi2,separation",
          "--format", "json", "--seed", "3",
        ] + arguments)
      guard found.code == 0 else { throw TestFailure("\(found)") }
      return try CanonicalJSON.value(from: Data(found.output.utf8))
    }
    let ideal = try settings("--shots", "exact,50")
    #expect(ideal.device == "ideal" && ideal.settings.count == 3)
    let (trained, exact) = (ideal.settings[0], ideal.settings[1])
    #expect(abs(trained.values[.separation]!.value - exact.values[.separation]!.value) < 1e-3)
    #expect(ideal.settings[2].values != trained.values && ideal.settings[2].seconds == nil)
    #expect(try settings("--shots", "exact,50") == ideal)
    let device = try settings("--shots", "50", "--device", Self.device, "--chain", "0,1,2,3", "--extrapolate")
    #expect(device.device == "ibmq_guadalupe" && device.chain == [0, 1, 2, 3] && device.extrapolated)
    #expect(device.settings[1].seconds.map { $0 > 50 * 2 * 5e-6 } == true)
    // Extrapolated, each shot is taken of two circuits.
    let once = try settings("--shots", "50", "--device", Self.device, "--chain", "0,1,2,3")
    #expect(device.settings[1].seconds == once.settings[1].seconds.map { 2 * $0 })
  }

  @Test(
    "what has no effect on a measurement is refused, and so is noise of a qubit that the circuit has not",
    arguments: [
      (
        "--shots 50 --correct-readout",
        "--trajectories, --correct-readout and --extrapolate are of noise: give a --device or --noise"
      ),
      (
        "--shots 50 --trajectories 5",
        "--trajectories, --correct-readout and --extrapolate are of noise: give a --device or --noise"
      ),
      ("--shots 128,50,128", "The value '128,50,128' is invalid for '--shots"),
      (
        #"--shots 50 --noise {"qubits":{"4":{}}}"#,
        "--noise: the model names qubit 4, and ry-rz-cnot12"
      ),
    ])
  func withoutEffect(options: String, sentence: String) throws {
    let found = try Program.run(
      Program.worker,
      ["evaluate", "--reference", temporary("dataset.h5"), "--checkpoint", generator]
        + options.split(separator: " ").map(String.init))
    #expect([64, 65].contains(found.code) && found.errors.contains(sentence), "\(found)")
  }
}

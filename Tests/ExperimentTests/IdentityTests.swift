import Ansatz
import Experiment
import Foundation
import Storage
import Testing

@Suite struct IdentityTests {
  private let dataset = DatasetDescription(
    path: "a.hdf5", sha256: String(repeating: "0", count: 64), energies: [65536], eventsPerEnergy: 1000, voxels: 533)

  @Test(arguments: [
    (Variant(), "classical-50-200"),
    (Variant(generator: .init(circuit: Circuit(cnot: [2, 1], repetitions: 2))), "ry-rz-cnot12-x2-50-200"),
    (Variant(generator: .init(circuit: Circuit(rz: false), hidden: [100])), "ry-cnot1-x1-100"),
    (
      Variant(generator: .init(circuit: Circuit(qubits: 11), conditioned: true)), "ry-rz-cnot1-x1-cond-50-200"
    ),
    (
      Variant(
        generator: .init(hidden: [50, 100, 200]),
        discriminator: .init(hidden: [200, 50, 10], circuit: Circuit(repetitions: 2))),
      "classical-50-100-200-d-200-50-10-ry-rz-cnot1-x2"
    ),
    (
      Variant(generator: .init(circuit: Circuit(qubits: 12, cnot: [], order: .blocked, ring: true), latent: 12)),
      "ry-rz-nocnot-x1-q12-blocked-ring-50-200"
    ),
  ])
  func `names are spelled from the variant`(variant: Variant, name: String) {
    #expect(variant.name == name)
  }

  @Test func `circuits that once had one name are told apart, and their runs are called as ever`() {
    func variants(_ circuits: [Circuit], conditioned: Bool) -> [Variant] {
      circuits.map {
        Variant(
          generator: .init(circuit: $0, latent: $0.qubits - (conditioned ? 1 : 0), conditioned: conditioned))
      }
    }
    for (variants, names, runs) in [
      (
        variants([[12], [1, 2]].map { Circuit(qubits: 16, cnot: $0) }, conditioned: false),
        ["ry-rz-cnot12_-x1-q16-50-200", "ry-rz-cnot12-x1-q16-50-200"],
        .init(repeating: "ry-rz-cnot12-x1-q16-50-200-s1", count: 2)
      ),
      (
        variants([5, 10, 11].map { Circuit(qubits: $0) }, conditioned: true),
        ["ry-rz-cnot1-x1-q5-cond-50-200", "ry-rz-cnot1-x1-q10-cond-50-200", "ry-rz-cnot1-x1-cond-50-200"],
        ["ry-rz-cnot1-x1-q5-cond-50-200-s1"] + .init(repeating: "ry-rz-cnot1-x1-cond-50-200-s1", count: 2)
      ),
      (
        [Variant(generator: .init(conditioned: true, qinn: .init(qubits: 10)))], ["qinn-q10-cond-50-200"],
        ["qinn-q10-cond-50-200-s1"]
      ),
    ] {
      #expect(variants.map(\.name) == names)
      let ids = variants.map { TrainedVariant(variant: $0, settings: .init()).runID(seed: 1, dataset: dataset) }
      #expect(ids.map { String($0.dropLast(13)) } == runs && Set(ids).count == ids.count)
    }
  }

  @Test func `how a circuit is carried out is part of what it is, noise by its content`() throws {
    func variant(_ measurement: CircuitMeasurement?) -> Variant {
      Variant(generator: .init(circuit: Circuit(), measurement: measurement))
    }
    let noise = NoiseModel(
      everyPair: .init(depolarizing: 0.02), qubits: [3: .init(relaxation: .init(t1: 0.1, t2: 0.15))])
    var other = noise
    other.qubits[3]?.relaxation?.t2 += 1e-13
    let line = Device(
      name: "line", qubits: (0..<10).map { _ in .init(sx: .init(error: 0.001, duration: 35)) }, pairGate: .ecr,
      couplings: Dictionary(uniqueKeysWithValues: (0..<9).map { ($0, [$0 + 1: .init(error: 0.01, duration: 500)]) }))
    let measurements = [
      nil, CircuitMeasurement(shots: 100), CircuitMeasurement(noise: noise), CircuitMeasurement(noise: other),
      CircuitMeasurement(shots: 100, noise: noise), CircuitMeasurement(noise: noise, trajectories: 3),
      CircuitMeasurement(shots: 100, gradient: .parameterShift),
      CircuitMeasurement(device: DeviceChain(Array(0..<10), of: line)),
    ]
    #expect(Set(measurements.map { variant($0).id }).count == measurements.count)
    for variant in measurements.map(variant) {
      #expect(variant.flaw == nil)
      let job = JobDescription(variant: variant, settings: .init(), seed: 1, dataset: dataset, budget: .init())
      let read: JobDescription = try CanonicalJSON.value(from: CanonicalJSON.data(job))
      #expect(read == job && read.trained.runID(seed: 1, dataset: dataset) == job.run)
    }
    #expect(
      variant(CircuitMeasurement(shots: 100, gradient: .parameterShift)).name == "ry-rz-cnot1-x1-50-200-shots100-shift")
    #expect(
      variant(CircuitMeasurement(noise: noise, trajectories: 3)).canonical
        == "generator: circuit(qubits 10, cnot [1], rz true, repetitions 1), hidden [50, 200], measured(noise \(SHA256.hexDigest(of: Array(try CanonicalJSON.data(noise)))), trajectories 3)"
    )
    var broken = DeviceChain(Array(0..<9), of: line)
    #expect(
      variant(CircuitMeasurement(device: broken)).flaw
        == "generator: noise: 9 of a device's qubits for the circuit's 10")
    broken = DeviceChain(Array(0..<10), of: line)
    broken.ascending = []
    #expect(
      variant(CircuitMeasurement(device: broken)).flaw == "generator: noise: 0 couplings between 10 qubits")
  }

  @Test func `identities stay what they are`() {
    var settings = TrainingSettings()
    settings.penaltyAt = .real
    settings.epsilon = 1e-12
    settings.kernels = .glorotUniform
    settings.affine = false
    let circuit = Circuit(qubits: 12, cnot: [1, 11], order: .blocked, ring: true, reupload: true)
    let judge = Circuit(cnot: [2], rz: false)
    let row = PlannedVariant(
      label: "",
      variant: Variant(
        generator: .init(circuit: circuit, latent: 12),
        discriminator: .init(hidden: [100, 10], circuit: judge, readout: [0, 3], finalDense: true, outputScale: 2.5)),
      settings: settings,
      dataset: DatasetRequest(source: "/data/pions.hdf5", energies: [4096.5, 65536], eventsPerEnergy: 1000),
      budget: .init())
    #expect(
      row.variant.canonical == """
        generator: circuit(qubits 12, cnot [1, 11], rz true, repetitions 1, order blocked, ring, reupload), \
        latent 12, hidden [50, 200]
        discriminator: hidden [100, 10], circuit(qubits 10, cnot [2], rz false, repetitions 1), hidden [], \
        readout [0, 3], final dense, output scale 2.5
        """)
    #expect(
      row.name == "ry-rz-cnot1_11-x1-q12-blocked-ring-reupload-50-200-d-100-10-ry-cnot2-x1-z0_3-dense-scaled"
        + "-penalty_at=real-epsilon=1e-12-kernels=glorotUniform-affine=false")
    let canonical =
      row.variant.canonical + "\n" + row.settings.departures.map { "setting: \($0)\n" }.joined()
      + "dataset: pions.hdf5 [4096.5, 65536.0] 1000"
    #expect(row.id == SHA256.hexDigest(of: canonical, digits: 12))
  }

  @Test func `what decides the trained numbers is in the run's identity, and nothing else`() {
    func run(_ change: (inout Variant, inout TrainingSettings, inout UInt64, inout DatasetDescription) -> Void)
      -> String
    {
      var (variant, settings, seed, dataset) = (Variant(), TrainingSettings(), UInt64(1), dataset)
      change(&variant, &settings, &seed, &dataset)
      return TrainedVariant(variant: variant, settings: settings).runID(seed: seed, dataset: dataset)
    }
    let plain = run { _, _, _, _ in }
    #expect(plain.hasPrefix("classical-50-200-s1-"))
    let others = [
      run { variant, _, _, _ in variant.generator.hidden = [100] },
      run { variant, _, _, _ in variant.discriminator.hidden = [800] },
      run { _, settings, _, _ in settings.batchSize = 20 },
      run { _, settings, _, _ in settings.generatorLearningRate = 2e-4 },
      run { _, _, seed, _ in seed = 2 },
      run { _, _, _, dataset in dataset.sha256 = String(repeating: "1", count: 64) },
    ]
    #expect(Set(others + [plain]).count == others.count + 1)
    #expect(run { _, _, _, dataset in dataset.path = "elsewhere.hdf5" } == plain)
  }

  @Test func `every setting that departs from the study's is named`() {
    #expect(TrainingSettings().departures.isEmpty && TrainingSettings().flaw == nil)
    var settings = TrainingSettings()
    settings.batchSize = 20
    settings.angles = .uniform
    #expect(settings.departures.count == 2)
    #expect(settings.departures.contains { $0.hasPrefix("batch_size 20") })
    // A setting that `departures` forgot would give two trainings one identity.
    let fields = Mirror(reflecting: settings).children.count
    var all = TrainingSettings()
    all.latentMean = 1
    all.latentSpread = 1
    all.penaltyWeight = 1
    all.penaltyAt = .real
    all.discriminatorSteps = 1
    all.batchSize = 1
    all.generatorLearningRate = 1
    all.discriminatorLearningRate = 1
    all.beta1 = 0.9
    all.beta2 = 0.9
    all.epsilon = 1
    all.checkpointInterval = 1
    all.angles = .zero
    all.kernels = .glorotUniform
    all.circuitInputScale = 2
    all.affine = false
    #expect(all.departures.count == fields)
  }

  @Test func `differences are spelt out`() {
    let job = JobDescription(variant: Variant(), settings: .init(), seed: 1, dataset: dataset, budget: .init())
    var other = job
    other.budget.checkpoints = 7
    other.dataset.path = "moved.hdf5"
    #expect(job.differences(from: other).isEmpty)
    other.seed = 2
    other.variant.generator.hidden = [100]
    #expect(job.differences(from: other).count == 2)
    #expect(job.differences(from: other).contains { $0.contains("seed: 2 there, 1 here") })
  }

  @Test(arguments: [
    (Circuit(qubits: 25), "qubits: 25 is not in 1 … 24"),
    (Circuit(cnot: [0]), "cnot: 0 is not a distance; distances are 1 … 9"),
    (Circuit(cnot: [1, 10]), "cnot: 10 is not a distance; distances are 1 … 9"),
    (Circuit(repetitions: 0), "repetitions: 0 is not in 1 … 64"),
  ])
  func `an impossible circuit says why`(circuit: Circuit, flaw: String) {
    #expect(circuit.flaw == flaw)
    #expect(GeneratorArchitecture(circuit: circuit).flaw == flaw)
  }
}

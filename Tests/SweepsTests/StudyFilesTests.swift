import Ansatz
import Experiment
import Sweeps
import TestSupport
import Testing

/// The sweep files of the repository say what STUDY's tables say.
@Suite struct StudyFilesTests {
  static func plan(_ name: String) throws -> SweepPlan {
    try SweepFile.plan(Repository.path("sweeps/\(name).yaml"))
  }

  /// A row as the slides print it: label, CNOTs (nil: classical), RZ, repetitions, hidden layers.
  struct Row: CustomStringConvertible {
    var file: String
    var label: String
    var cnot: [Int]?
    var rz = true
    var repetitions = 1
    var hidden: [Int]
    var description: String { "table \(file.suffix(1)) \(label)" }
  }

  static let rows: [Row] = [
    Row(file: "table1", label: "Classical", hidden: [100]),
    Row(file: "table1", label: "1", cnot: [1], rz: false, hidden: [100]),
    Row(file: "table1", label: "2", cnot: [1, 2], rz: false, hidden: [100]),
    Row(file: "table1", label: "3", cnot: [1], hidden: [100]),
    Row(file: "table1", label: "4", cnot: [1, 2], hidden: [100]),
    Row(file: "table2", label: "Classical", hidden: [50, 200]),
    Row(file: "table2", label: "1", cnot: [1], hidden: [50, 200]),
    Row(file: "table2", label: "2", cnot: [1, 2], hidden: [50, 200]),
    Row(file: "table2", label: "3", cnot: [1, 2, 3], hidden: [50, 200]),
    Row(file: "table2", label: "4", cnot: [1, 2, 3, 4], hidden: [50, 200]),
    Row(file: "table2", label: "reference", hidden: [50, 100, 200]),
    Row(file: "table3", label: "2x", cnot: [1], repetitions: 2, hidden: [50, 200]),
    Row(file: "table3", label: "3x", cnot: [1], repetitions: 3, hidden: [50, 200]),
    Row(file: "table4", label: "2x, 3 energies", cnot: [1], repetitions: 2, hidden: [50, 200]),
    Row(file: "table4", label: "3x, 3 energies", cnot: [1], repetitions: 3, hidden: [50, 200]),
    Row(file: "table4", label: "reference, 3 energies", hidden: [50, 100, 200]),
    Row(file: "table5", label: "discriminator 2x", hidden: [50, 100, 200]),
    Row(file: "table5", label: "discriminator 3x", hidden: [50, 100, 200]),
  ]

  @Test("each row of the slides is a row of its table's file and of study.yaml", arguments: rows)
  func row(_ row: Row) throws {
    let table = String(row.file.suffix(1))
    let planned = try #require(try Self.plan(row.file)[row.label, table])
    let generator = planned.variant.generator
    let conditioned = table == "4"
    #expect(generator.hidden == row.hidden)
    #expect(generator.conditioned == conditioned)
    #expect(
      generator.circuit
        == row.cnot.map {
          Circuit(qubits: conditioned ? 11 : 10, cnot: $0, rz: row.rz, repetitions: row.repetitions)
        })
    #expect(planned.dataset.energies == (conditioned ? [4096, 65536, 1_048_576] : [65536]))
    #expect(planned.dataset.eventsPerEnergy == (conditioned ? 500 : 1000))
    #expect(planned.dataset.source == Repository.path("sweeps/data/geant4_pions.hdf5"))
    #expect(planned.budget == Budget(trainingSeconds: 86400))
    #expect(planned.settings == TrainingSettings())
    #expect(try Self.plan("study")[row.label, table]?.id == planned.id)
  }

  @Test("a table's file has no other rows", arguments: 1...5)
  func rowsOnly(_ table: Int) throws {
    let shown = try Self.plan("table\(table)").variants.filter { $0.table == "\(table)" }
    #expect(shown.map(\.label) == Self.rows.filter { $0.file == "table\(table)" }.map(\.label))
  }

  @Test func `table 2 skips its first model with the slides' reason`() throws {
    let plan = try Self.plan("table2")
    #expect(plan["1", "2"]?.skip == "not good for [100, #voxels]")
    #expect(plan.variants.filter { $0.skip != nil }.count == 1)
  }

  @Test func `table 5's discriminators end in a circuit whose first qubit is read`() throws {
    let plan = try Self.plan("table5")
    for (label, repetitions) in [("discriminator 2x", 2), ("discriminator 3x", 3)] {
      let discriminator = try #require(plan[label, "5"]).variant.discriminator
      #expect(discriminator.hidden == [200, 50, 10])
      #expect(discriminator.circuit == Circuit(cnot: [1], rz: true, repetitions: repetitions))
      #expect(discriminator.readout == [0] && !discriminator.finalDense)
    }
  }

  @Test func `the slides' models have the parameters that STUDY counts`() throws {
    let count = { (file: String, label: String, table: String) in
      try #require(try Self.plan(file)[label, table]).variant.generator.parameterCount(voxels: 533)
    }
    #expect(try count("table1", "Classical", "1") == 55133)
    #expect(try count("table2", "Classical", "2") == 118383)
    #expect(try count("table2", "4", "2") == 118383)
    #expect(try count("table2", "reference", "2") == 133683)
    let classical = try #require(try Self.plan("table1")["Classical", "1"]).variant
    #expect(classical.discriminator.parameterCount(voxels: 533) == 828_801)
    let angles = try ["1", "4"].map {
      try Self.plan("table1")[$0, "1"]?.variant.generator.angleCount
    }
    #expect(angles == [10, 20])
  }

  @Test func `tables 1 to 4 are compared with the slides' classical models`() throws {
    for name in ["1", "2", "3", "4"] {
      let plan = try Self.plan("table\(name)")
      let classical = plan.variants.first {
        $0.label == (name == "4" ? "reference, 3 energies" : "Classical")
      }
      for variant in plan.variants where variant.table == name {
        #expect(variant.baseline == classical?.id, "table \(name) \(variant.label)")
        let reference =
          ["2", "3"].contains(name) ? plan.variants.first { $0.label == "reference" }?.id : nil
        #expect(variant.reference == reference)
      }
    }
    #expect(
      try Self.plan("table5").variants.allSatisfy { $0.baseline == nil && $0.reference == nil })
  }

  @Test func `the whole study names its shared baselines by identity`() throws {
    let study = try Self.plan("study")
    #expect(study.variants.count == 18)
    #expect(Set(study.variants.map(\.id)).count == 18)
    #expect(study["2x", "3"]?.baseline == study["Classical", "2"]?.id)
    #expect(study["2x", "3"]?.reference == study["reference", "2"]?.id)
  }

  @Test func `study-seeds is the study with five seeds`() throws {
    let (study, seeds) = (try Self.plan("study"), try Self.plan("study-seeds"))
    #expect(seeds.name == "study-seeds" && seeds.seeds == [1, 2, 3, 4, 5] && study.seeds == [1])
    #expect(seeds.variants == study.variants)
  }

  @Test func `the full template has every combination and a classical counterpart for each`() throws {
    let plan = try Self.plan("full-template")
    #expect(plan.variants.count == 3 + 3 * 2 * 3 * 8)
    #expect(Set(plan.variants.map(\.id)).count == plan.variants.count)
    for variant in plan.variants {
      let baseline = plan.variants.first { $0.id == variant.baseline }?.variant.generator
      #expect(baseline?.circuit == nil && baseline?.hidden == variant.variant.generator.hidden)
      #expect(variant.reference == plan["50-100-200"]?.id)
    }
  }

  @Test func `the quickstart trains a circuit and its counterpart from Glorot's start for ten checkpoints`() throws {
    let plan = try Self.plan("quickstart")
    #expect(
      plan.variants.map(\.name) == [
        "classical-50-200-kernels=glorotUniform", "ry-rz-cnot1-x2-50-200-kernels=glorotUniform",
      ])
    #expect(plan.variants.allSatisfy { $0.settings.checkpointInterval == 1000 && $0.budget.checkpoints == 10 })
    #expect(plan.variants.allSatisfy { $0.baseline == plan["Classical"]?.id })
  }

  /// What stands in answer.yaml's comment before any of its runs was looked at.
  @Test(arguments: [
    ("answer", 40, 5), ("answer-equal", 37, 5), ("answer-he", 110, 3), ("answer-critics", 20, 5),
    ("answer-conditioned", 40, 3), ("answer-again", 40, 5),
  ])
  func `the answer's sweeps keep every generator of as many checkpoints and seeds as they say`(
    name: String, checkpoints: Int, seeds: Int
  ) throws {
    let plan = try Self.plan(name)
    #expect(plan.seeds.count == seeds)
    for planned in plan.variants {
      #expect(planned.budget == Budget(checkpoints: checkpoints) && planned.keep.generatorEvery == 1)
      let he = name == "answer-he" || planned.label.hasSuffix("He")
      #expect(planned.settings.departures == (he ? [] : ["kernels glorotUniform"]), "\(planned.label)")
      #expect(planned.variant.generator.conditioned == (name == "answer-conditioned"))
    }
  }

  @Test func `the answer compares the models of its issue, and critics of equal sizes`() throws {
    let plan = try Self.plan("answer")
    #expect(
      plan.variants.map(\.label) == [
        "Classical", "2x", "cosine of the latents", "4", "2x without CNOT", "2x untrained", "Dense instead",
        "reference", "3x",
      ])
    #expect(Set(plan.variants.map(\.id)).count == 9)
    let started = try Self.plan("answer-he").variants
    for planned in try started + Self.plan("answer-equal").variants + Self.plan("answer-again").variants {
      #expect(plan.variants.first { $0.label == planned.label }?.variant == planned.variant, "\(planned.label)")
    }
    #expect(try Set(plan.seeds).isDisjoint(with: Self.plan("answer-again").seeds))
    let critics = try Self.plan("answer-critics").variants.map(\.variant.discriminator)
    #expect(critics.allSatisfy { $0.hidden == [200, 50, 10] })
    #expect(critics.map { $0.circuit != nil } == [true, false, true, false])
  }

  @Test func `the noise's models are the answer's, and the same under a device's noise`() throws {
    let (plan, answer) = (try Self.plan("noise"), try Self.plan("answer"))
    #expect(plan.seeds.count == 3 && plan.variants.count == 4)
    for (ideal, noisy) in zip([0, 2], [1, 3]) {
      #expect(plan.variants[ideal].id == answer[plan.variants[ideal].label]?.id)
      var generator = plan.variants[noisy].variant.generator
      let measurement = try #require(generator.measurement)
      #expect(measurement.shots == 1000 && measurement.device?.device == "ibm_sherbrooke")
      generator.measurement = nil
      #expect(generator == plan.variants[ideal].variant.generator)
      #expect(plan.variants[noisy].settings == plan.variants[ideal].settings)
    }
  }

  @Test func `the judged models are those that tables 2 and 3 train, and the answer's runs where it has them`() throws {
    let plan = try Self.plan("judged")
    let tables = try [Self.plan("table2"), Self.plan("table3")].flatMap(\.variants).filter { $0.skip == nil }
    let networks = plan.variants.filter { $0.variant.parametric == nil }
    #expect(Set(networks.map(\.variant)) == Set(tables.map(\.variant)))
    #expect(plan.variants.count == 8 && plan.variants.last?.variant.parametric != nil)
    let answer = Set(try Self.plan("answer").variants.map(\.id))
    #expect(networks.filter { answer.contains($0.id) }.map(\.label) == ["Classical", "4", "reference", "2x", "3x"])
    #expect(plan.variants.allSatisfy { $0.evaluate == EvaluationOrder(metrics: Metric.Family.allCases, heldOut: 1000) })
  }
}

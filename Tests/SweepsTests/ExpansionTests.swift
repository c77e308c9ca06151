import Ansatz
import Experiment
import Sweeps
import TestSupport
import Testing

@Suite struct ExpansionTests {
  @Test func `a grid is every combination, the last axis fastest`() throws {
    let plan = try plan(
      frame + """
        grid:
          circuit.rz: [false, true]
          circuit: {cnot: [[1], [1, 2]], repetitions: [1, 2]}
        """)
    #expect(
      plan.variants.map(\.label) == [
        "no RZ, +1, 1x", "no RZ, +1, 2x", "no RZ, +1 +2, 1x", "no RZ, +1 +2, 2x",
        "RZ, +1, 1x", "RZ, +1, 2x", "RZ, +1 +2, 1x", "RZ, +1 +2, 2x",
      ])
  }

  @Test func `as many variants as the limit are taken, and not one more`() throws {
    let grid = frame + "grid: {circuit.repetitions: [1, 2], training.batch_size: [10, 20, 30]}\n"
    #expect(try plan(grid, limit: 6).variants.count == 6)
    #expect(
      try problems(grid, limit: 5) == [
        "4: grid: 2 · 3 is 6, and the sweep has more variants than the limit of 5; narrow it, or raise the limit with "
          + "--limit"
      ])
    let rows = frame + "variants: [{}, {hidden: [5]}]\n"
    #expect(try plan(rows, limit: 2).variants.count == 2)
  }

  @Test(arguments: [
    ("keep: {full: 3}", "keep: {full: 2}"), ("evaluate.every: 2", "evaluate.every: 3"),
    ("keep.generator_every: 5", "keep.full: 2"),
    ("budget.training_time: 1h", "keep.full: 2"),
  ])
  func `one run in two tables has one budget and keeps the same`(here: String, there: String) throws {
    func text(_ first: String, _ second: String) -> String {
      frame + "tables:\n  a: {\(first), variants: [{label: x}]}\n  b: {\(second), variants: [{label: y}]}\n"
    }
    #expect(
      try problems(text(here, there)) == [
        "6: 'y' is the same run as 'x' of table 'a' but with another budget, keep or evaluate; a run has one"
      ])
    #expect(try problems(text(here, here)) == [])
  }

  @Test func `a skipped row's budget is nobody's, and those of the others are compared`() throws {
    func text(_ first: String, _ second: String) -> String {
      frame + """
        tables:
          a: {budget.checkpoints: 5, variants: [{label: x, skip: not now}]}
          b: {budget.checkpoints: \(first), variants: [{label: y}]}
          c: {budget.checkpoints: \(second), variants: [{label: z}]}
        """
    }
    #expect(
      try problems(text("1", "3")) == [
        "7: 'z' is the same run as 'y' of table 'b' but with another budget, keep or evaluate; a run has one"
      ])
    #expect(try problems(text("3", "3")) == [])
  }

  @Test(arguments: [("budget.checkpoints", 1), ("keep.full", 3), ("evaluate.every", 2)])
  func `a grid's point that a row has asks for the row's budget`(key: String, value: Int) throws {
    func text(_ row: String, _ axis: String = "") -> String {
      frame + "variants: [{\(row), \(key): \(value)}]\ngrid: {hidden: [[50, 200], [7]]\(axis)}\n"
    }
    #expect(
      try problems(text("label: short")) == [
        "5: grid: '50-200' is the same run as 'short' but with another budget, keep or evaluate; a run has one"
      ])
    #expect(try plan(text("label: short", ", \(key): [\(value)]")).variants.map(\.label) == ["short", "7"])
    #expect(try plan(text("skip: not now")).variants.map(\.skip) == ["not now", nil])
  }

  @Test func `two files of events have two names`() throws {
    func text(_ other: String) -> String {
      frame
        + "tables:\n  a: {variants: [{label: x}]}\n  b: {dataset.source: \(other), variants: [{label: x}, {hidden: [5]}]}\n"
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(text("other/events.hdf5"), to: "x.yaml")
    let problem = #expect(throws: SweepError.self) { try SweepFile.plan(path) }
    #expect(
      problem?.problems == [
        "\(path):6: dataset.source: \(folder("other/events.hdf5")) and \(folder("events.hdf5")) have the same file name, "
          + "by which a sweep tells its data apart; rename one of the files"
      ])
    #expect(try plan(text("./other/../events.hdf5")).variants.count == 3)
    #expect(Set(try plan(text("other/showers.hdf5")).variants.map(\.id)).count == 3)
  }

  @Test func `a label that two tables have is each table's own row`() throws {
    let plan = try plan(
      frame + """
        baseline: x
        tables:
          a: {variants: [{label: x}, {label: y, circuit: {}}]}
          b: {variants: [{label: x, hidden: [7]}, {label: z, hidden: [8]}]}
        """)
    #expect(plan["y", "a"]?.baseline == plan["x", "a"]?.id)
    #expect(plan["z", "b"]?.baseline == plan["x", "b"]?.id)
    #expect(plan["x", "a"]?.id != plan["x", "b"]?.id)
  }

  @Test func `what is computed on the way is what the variants say`() throws {
    let folder = try TemporaryFolder()
    let text =
      frame + """
        baseline: same-hidden
        variants:
          - hidden: [50, 200]
          - hidden: [100]
        grid:
          circuit.cnot: [[1], [1, 2]]
          training.beta1: [0.5, 0.6, 0.7, 0.8, 0.9]
          hidden: [[50, 200], [100]]
          training.batch_size: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
        """
    let expanded = try SweepFile.expand(try folder.write(text, to: "x.yaml"))
    #expect(expanded.plan.variants.count == 202)
    #expect(expanded.ids == expanded.plan.variants.map(\.id))
    #expect(expanded.names == expanded.plan.variants.map(\.name))
    for variant in expanded.plan.variants {
      let wide = variant.variant.generator.hidden == [50, 200]
      #expect(variant.baseline == expanded.ids[wide ? 0 : 1])
    }
  }

  @Test func `any key can be an axis, whole groups too`() throws {
    let plan = try plan(
      frame + """
        grid:
          circuit: [none, {cnot: [1, 2]}]
          training.batch_size: [10, 20]
          dataset.events: [500, 1000]
        """)
    #expect(plan.variants.count == 8)
    #expect(plan.variants.map(\.settings.batchSize) == [10, 10, 20, 20, 10, 10, 20, 20])
    #expect(
      plan.variants.map(\.dataset.eventsPerEnergy) == [500, 1000, 500, 1000, 500, 1000, 500, 1000])
    #expect(plan.variants[2].label == "no circuit, batch size 20, 500 events")
    #expect(plan.variants.filter { $0.variant.generator.circuit == nil }.count == 4)
  }

  @Test func `a point whose label a row has is told apart by its name and its data`() throws {
    let plan = try plan(
      frame + """
        variants: [{label: "65536 MeV", hidden: [7]}]
        grid: {dataset.energies: [[4096], [65536]]}
        """)
    #expect(plan.variants.map(\.label) == ["65536 MeV", "4096 MeV", "classical-50-200-energies=65536 MeV"])
  }

  @Test func `other particles, detectors and continuous energies are asked for by the data's keys`() throws {
    let binning = Repository.path("sweeps/data/binning_dataset_1_pions.xml")
    let plan = try plan(
      """
      dataset: {source: events.hdf5, energy_bins: [1000, 10000, 100000], events: 1000}
      budget: {checkpoints: 10}
      variants:
        - {label: electrons, dataset: {particle: electron, geometry: dataset_3}}
        - {label: pions, dataset: {particle: pion, geometry: \(binning)}}
        - {label: plain, hidden: [7]}
      """)
    let datasets = plan.variants.map(\.dataset)
    #expect(datasets.map(\.energies) == .init(repeating: [3162, 31620], count: 3))
    #expect(datasets.map(\.energyBins?.edges) == .init(repeating: [1000, 10_000, 100_000], count: 3))
    #expect(datasets.map(\.particle) == [.electron, nil, nil])
    #expect(datasets.map(\.geometry) == [CaloChallenge.datasetThree.geometry, .datasetOnePions, nil])
    #expect(datasets.map(\.expectedVoxels) == [40_500, 533, 533])
  }

  @Test func `a labelled row with a grid gets a label for each point`() throws {
    let plan = try plan(
      frame + """
        variants:
          - label: 2x
            circuit: {repetitions: 2}
            grid: {training.batch_size: [10, 20], circuit.cnot: [[1], [1, 2]]}
        """)
    #expect(
      plan.variants.map(\.label) == [
        "2x, batch size 10, +1", "2x, batch size 10, +1 +2", "2x, batch size 20, +1", "2x, batch size 20, +1 +2",
      ])
    #expect(plan.variants.allSatisfy { $0.variant.generator.circuit?.repetitions == 2 })
  }

  @Test func `a grid's point that a row has is that row`() throws {
    let plan = try plan(
      frame + """
        variants:
          - {label: mine, circuit: {cnot: [1, 2]}}
        grid: {circuit.cnot: [[1], [2, 1]]}
        """)
    #expect(plan.variants.map(\.label) == ["mine", "+1"])
  }

  @Test func `skip rules leave out what matches all of a rule, with its reason`() throws {
    let plan = try plan(
      frame + """
        skip:
          - {where: {circuit: {repetitions: [2, 3], cnot: [1, 2]}}, reason: too deep}
          - where: {circuit: none}
            reason: known
        grid:
          circuit.cnot: [[1], [1, 2]]
          circuit.repetitions: [1, 2, 3]
        variants:
          - label: Classical
        """)
    #expect(
      plan.variants.filter { $0.skip == "too deep" }.map(\.label) == [
        "+1 +2, 2x", "+1 +2, 3x",
      ])
    #expect(plan.variants.filter { $0.skip == "known" }.map(\.label) == ["Classical"])
    #expect(plan.variants.filter { $0.skip == nil }.count == 4)
  }

  @Test func `of a list-valued key a list of lists is any of them`() throws {
    let plan = try plan(
      frame + """
        skip: [{where: {circuit.cnot: [[1], [1, 2]]}, reason: "no"}]
        grid: {circuit.cnot: [[1], [1, 2], [1, 2, 3]]}
        """)
    #expect(plan.variants.map { $0.skip != nil } == [true, true, false])
  }

  @Test(arguments: [
    ("parametric.bins: 5", ["parametric"]), ("parametric.bins: 6", []), ("inn.qubits: 6", ["qinn"]),
    ("coupling.blocks: 8", ["coupling"]), ("coupling.circuit: none", ["coupling"]), ("hidden: [50, 200]", ["gan"]),
    ("training.checkpoint_interval: 2", ["gan", "coupling", "qinn"]), ("training.batch_size: 10", ["gan"]),
    ("dataset.events: 1000", ["gan", "parametric", "coupling", "qinn"]), ("kind: coupling", ["coupling"]),
  ])
  func `a rule about what one kind has leaves out no other`(condition: String, skipped: [String]) throws {
    let plan = try plan(
      frame + """
        training.checkpoint_interval: 2
        skip: [{where: {\(condition)}, reason: "no"}]
        variants:
          - {label: gan}
          - {label: parametric, kind: parametric}
          - {label: coupling, kind: coupling}
          - {label: qinn, kind: qinn}
        """)
    #expect(plan.variants.filter { $0.skip != nil }.map(\.label) == skipped)
  }

  @Test func `a skipped point need not be possible`() throws {
    let plan = try plan(
      frame + """
        skip: [{where: {features: closed_form, circuit.repetitions: 2}, reason: only for one repetition}]
        grid: {features: [standard, closed_form], circuit.repetitions: [1, 2]}
        """)
    #expect(plan.variants.map { $0.skip != nil } == [false, false, false, true])
  }

  @Test func `rows override their table, tables the file`() throws {
    let plan = try plan(
      frame + """
        training: {batch_size: 20, learning_rate: 1e-3}
        tables:
          a:
            training.batch_size: 40
            variants:
              - label: x
              - {label: y, training: {batch_size: 50, generator_learning_rate: 5e-4}, circuit: {}}
          b:
            variants: [{label: x, hidden: [7]}]
        """)
    #expect(plan["x", "a"]?.settings.batchSize == 40)
    #expect(plan["y", "a"]?.settings.batchSize == 50)
    #expect(plan["x", "b"]?.settings.batchSize == 20)
    #expect(plan["y", "a"]?.settings.generatorLearningRate == 5e-4)
    #expect(plan["y", "a"]?.settings.discriminatorLearningRate == 1e-3)
    #expect(plan["x", "b"]?.variant.generator.hidden == [7])
  }

  @Test func `the same model in two tables is the same run`() throws {
    let plan = try plan(
      frame + """
        tables:
          a: {variants: [{label: x}]}
          b: {variants: [{label: y}], comparisons: [{label: z, hidden: [5]}], baseline: a/x, reference: z}
        """)
    #expect(plan["x", "a"]?.id == plan["y", "b"]?.id)
    #expect(plan["y", "b"]?.baseline == plan["x", "a"]?.id)
    #expect(plan["y", "b"]?.reference == plan["z"]?.id)
    #expect(plan["z"]?.table == "")
  }

  @Test func `a conditioned circuit has a qubit for the label`() throws {
    let plan = try plan(
      frame + """
        conditioned: true
        variants: [{label: q, circuit: {}}, {label: small, circuit: {}, latent: 3}]
        """)
    #expect(plan.variants.map { $0.variant.generator.circuit?.qubits } == [11, 4])
  }

  @Test func `same-hidden prefers the counterpart with the same training`() throws {
    let plan = try plan(
      frame + """
        baseline: same-hidden
        variants:
          - {label: c10}
          - {label: c20, training.batch_size: 20}
          - {label: q20, training: {batch_size: 20, angles: uniform}, circuit: {}}
        """)
    #expect(plan["q20"]?.baseline == plan["c20"]?.id)
  }

  @Test func `same-hidden finds the counterpart with the row's own discriminator, or the study's`() throws {
    let sweep = try plan(
      frame + """
        baseline: same-hidden
        variants:
          - {label: c}
          - {label: c400, discriminator.hidden: [400]}
          - {label: q, circuit: {}}
          - {label: q400, circuit: {}, discriminator.hidden: [400]}
          - {label: q300, circuit: {}, discriminator.hidden: [300]}
          - {label: judge, discriminator: {hidden: [20, 10], circuit: {}}}
        """)
    for (label, baseline) in [("q", "c"), ("q400", "c400"), ("q300", "c"), ("judge", "c")] {
      #expect(sweep[label]?.baseline == sweep[baseline]?.id, "\(label)")
    }
    let small = try plan(
      frame + """
        discriminator.hidden: [400]
        baseline: same-hidden
        variants: [{label: Classical, baseline: none}, {label: 2x, circuit: {repetitions: 2}}]
        """)
    #expect(small["2x"]?.baseline == small["Classical"]?.id && small["2x"]?.baseline != nil)
  }

  @Test func `comments, key order and where the file lies change no identity`() throws {
    let one = try plan(frame + "variants: [{label: a, circuit: {cnot: [2, 1], rz: false}}] # x")
    let other = try plan(
      "variants: [{circuit: {rz: false, cnot: [1, 2]}, label: b}]\n" + frame
        + "training: {batch_size: 10}")
    #expect(one.variants.map(\.id) == other.variants.map(\.id))
  }

  @Test(arguments: [
    ("24h", 86400), ("90m", 5400), ("1h30m", 5400), ("1.5h", 5400), ("600s", 600), ("2d", 172800),
  ])
  func `training time is written with its unit`(_ text: String, seconds: Double) throws {
    let plan = try plan(frame + "budget.training_time: \(text)\nvariants: [{label: a}]")
    #expect(plan.variants[0].budget == Budget(checkpoints: 10, trainingSeconds: seconds))
  }

  @Test func `seeds are a count or a list`() throws {
    #expect(try plan(frame + "seeds: 3\nvariants: [{label: a}]").seeds == [1, 2, 3])
    #expect(
      try plan(frame + "seeds: [7, 9223372036854775807]\nvariants: [{label: a}]").seeds == [7, UInt64(Int64.max)])
    #expect(try plan(frame + "variants: [{label: a}]").seeds == [1])
  }

  @Test func `twenty thousand variants have as many identities`() throws {
    let numbers = { (count: Int) in "[" + (1...count).map(String.init).joined(separator: ", ") + "]"
    }
    let plan = try plan(
      frame + """
        baseline: none
        grid:
          circuit.repetitions: \(numbers(20))
          circuit.rz: [false, true]
          training.batch_size: \(numbers(50))
          training.discriminator_steps: \(numbers(10))
          training.latent_mean: [0.25]
        """)
    #expect(plan.variants.count == 20_000)
    #expect(Set(plan.variants.map(\.id)).count == 20_000)
  }
}

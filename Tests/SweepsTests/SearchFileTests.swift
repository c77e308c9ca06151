import Ansatz
import Experiment
import Foundation
import Search
import TestSupport
import Testing

@testable import Sweeps

@Suite struct SearchFileTests {
  private static let frame = """
    dataset: {source: data.hdf5, energies: [65536], events: 500}
    latent: 5
    search:
      trials: 20
      rungs: [5, 15, 45]

    """

  private static func expand(_ text: String) throws -> ExpandedSweep {
    let folder = try TemporaryFolder()
    let path = folder("wanted.yaml")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try SweepFile.expand(path)
  }

  private static func search(_ keys: String) throws -> PlannedSearch {
    try #require(try expand(frame + keys.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")).search)
  }

  private static func problems(_ text: String) -> [String] {
    do {
      _ = try expand(text)
      return []
    } catch let error as SweepError {
      return error.problems.map { $0.replacing(/^.*wanted.yaml:/, with: "") }
    } catch {
      return ["\(error)"]
    }
  }

  @Test func `a search has every setting, and what is left out has its default`() throws {
    let search = try Self.search(
      """
      space:
        circuit: [none, {cnot: [1]}, {cnot: [1, 2], repetitions: 2}]
        circuit.rz: [true, false]
        hidden: [[50, 200], [100, 200]]
        training: {learning_rate: {log_uniform: [1.0e-5, 1.0e-3]}}
        training.batch_size: {log_int: [5, 50]}
        training.angles: {choices: [uniform, zero], where: {circuit: [{cnot: [1]}]}}
      method: {tpe: {startup: 5, candidates: 12, gamma: 0.2}}
      seed: 7
      factor: 4
      replicates: [1, 1, 3]
      objective: {mean: 5}
      guard: {grace: 10, share: 0.25}
      core_hours: 100
      """)
    let circuits = Parameter.Condition("circuit", [1, 2])
    #expect(
      search.specification
        == SearchSpecification(
          space: SearchSpace([
            Parameter("circuit", .choices(["none", "cnot=1", "cnot=1, 2, repetitions=2"])),
            Parameter("circuit.rz", .choices(["true", "false"]), where: circuits),
            Parameter("hidden", .choices(["50, 200", "100, 200"])),
            Parameter("training.learning_rate", .logUniform(1e-5...1e-3)),
            Parameter("training.batch_size", .logInt(5...50)),
            Parameter("training.angles", .choices(["uniform", "zero"]), where: .init("circuit", [1])),
          ]), method: .tpe(.init(startup: 5, candidates: 12, gamma: 0.2)), trials: 20, seed: 7, rungs: [5, 15, 45],
          factor: 4, replicates: [1, 1, 3], objective: Objective(.mean(5)), guardian: .init(grace: 10, share: 0.25),
          coreHours: 100))
    #expect(search.seeds == [1, 2, 3])
    let plain = try Self.search("space: {latent: {int: [2, 8]}}").specification
    #expect(
      plain
        == SearchSpecification(
          space: SearchSpace([Parameter("latent", .int(2...8))]), method: .tpe(.init()), trials: 20, rungs: [5, 15, 45])
    )
  }

  @Test func `a trial can be judged by a metric, and so many runs be at HTCondor`() throws {
    let space = "space: {latent: {int: [2, 8]}}\n"
    #expect(try Self.search(space + "objective: fpd").specification.objective == Objective(of: .fpd))
    #expect(try Self.search(space + "objective: held_out_chi2").specification.objective.isLogarithmic)
    #expect(try Self.search(space).specification.atOnce == 20)
    #expect(try Self.search(space + "at_once: 7").specification.atOnce == 7)
    let example = try Self.search(space).example("wanted")
    #expect(example.name == "wanted" && example.variants.count == 20)
    #expect(example.variants.allSatisfy { $0.budget.checkpoints == 45 })
  }

  @Test func `a metric that takes more events than are held out is refused`() {
    func problems(_ metric: String, _ events: Int, of energies: String = "65536", more: String = "") -> [String] {
      Self.problems(
        Self.frame.replacing("events: 500", with: "events: \(events)").replacing("[65536]", with: "[\(energies)]")
          + "  space: {hidden: [[50], [60]]}\n  objective: \(metric)\ntraining.batch_size: 2\n\(more)")
    }
    for metric in ["fpd", "kpd", "auc_low", "auc_high"] {
      let flaw = "search.objective: \(metric) takes 20 held-out events or more, and there are 19 by dataset.events"
      #expect(problems(metric, 19).map { $0.contains(flaw) } == [true], "\(problems(metric, 19))")
      #expect(problems(metric, 20).isEmpty && problems(metric, 10, of: "4096, 65536").isEmpty)
      #expect(problems(metric, 19, more: "evaluate.held_out: 20\n").isEmpty)
    }
    let flaw = "search.objective: fpd takes 20 held-out events or more, and there are 9 by evaluate.held_out"
    #expect(problems("fpd", 500, more: "evaluate.held_out: 9\n").map { $0.contains(flaw) } == [true])
    #expect(problems("held_out_chi2", 15).isEmpty)
  }

  @Test func `rungs can be given by their factor`() throws {
    let text = Self.frame.replacing("[5, 15, 45]", with: "{minimum: 2, factor: 4, maximum: 30}")
    let search = try #require(try Self.expand(text + "  space: {latent: {int: [2, 8]}}").search)
    #expect(search.specification.rungs == [2, 8, 30] && search.specification.factor == 4)
  }

  @Test func `a trial is a row with its point's values, as far as its rung`() throws {
    let search = try Self.search(
      """
      space:
        circuit: [none, {cnot: [1, 2]}]
        training.learning_rate: {log_uniform: [1.0e-5, 1.0e-3]}
      replicates: [1, 2, 2]
      """)
    let point: Point = ["circuit": 1, "training.learning_rate": 0.0002]
    let row = try #require(search.variant(2, at: point, to: 1))
    #expect(row.label == "trial 3" && row.budget == Budget(checkpoints: 15) && row.seeds == [1, 2])
    #expect(row.variant.generator.circuit?.cnot == [1, 2] && row.variant.generator.circuit?.qubits == 5)
    #expect(row.settings.generatorLearningRate == 2e-4 && row.settings.discriminatorLearningRate == 2e-4)
    let classical = try #require(search.variant(0, at: ["circuit": 0, "training.learning_rate": 0.0002], to: 0))
    #expect(classical.variant.generator.circuit == nil && classical.seeds == [1])
    #expect(row.dataset == search.dataset && row.dataset.eventsPerEnergy == 500)
  }

  @Test func `what cannot be trained or computes the same is not tried`() throws {
    // Four circuits of two qubits, of which two have CNOTs that are too far, and RZ is inert in the others.
    let text = Self.frame.replacing("latent: 5", with: "latent: 2")
    let search = try #require(
      try Self.expand(
        text + "  space: {circuit.cnot: [[1], [2]], circuit.rz: [true, false]}\n  method: random"
      ).search)
    #expect(search.variant(0, at: ["circuit.cnot": 1, "circuit.rz": 0], to: 0) == nil)
    guard case .decide(let first) = search.planner.next(SearchEvidence()) else { throw TestFailure("nothing to try") }
    #expect(first.point?["circuit.cnot"] == 0)
    let evidence = SearchEvidence([first])
    var done = evidence
    done.trials[0].rung = 2
    done.trials[0].replicates = [ReplicateEvidence((0...45).map { CurveValue($0, 1) })]
    #expect(
      search.planner.next(done)
        == .end("beside the 1 trial no point was found that can be trained and is another model"))
  }

  @Test func `settings of what a model does not have make no other trial of it`() throws {
    func tried(_ space: String, kind: String = "") throws -> Int {
      let search = try #require(
        try Self.expand(
          Self.frame.replacing("rungs: [5, 15, 45]", with: "rungs: [1]") + "  space: \(space)\n  method: random\n"
            + kind
        )
        .search)
      let planner = search.planner
      return SearchSimulation(planner) { _, _ in [CurveValue(1, 1)] }.run().evidence.trials.count
    }
    #expect(try tried("{circuit: [none, {cnot: [1]}], training.angles: [uniform, zero]}") == 3)
    #expect(try tried("{qinn.layers: [1, 2, 3]}", kind: "qinn: {blocks_of: dense}") == 1)
    #expect(try tried("{qinn.layers: [1, 2, 3]}", kind: "qinn: {}") == 3)
  }

  @Test func `keys of what is not there do not count, whatever none is called`() throws {
    let search = try Self.search(
      """
      space:
        circuit: [Null, {cnot: [1]}]
        circuit.rz: [true, false]
        qinn: [none, {}]
        qinn.layers: [1, 2]
        circuit.repetitions: {choices: [1, 2], where: {circuit: [{cnot: [1]}]}}
      """)
    let conditions = search.specification.space.parameters.map(\.condition)
    #expect(conditions == [nil, .init("circuit", [1]), nil, .init("qinn", [1]), .init("circuit", [1])])
  }

  @Test func `a factor counts for rungs that stand before it`() throws {
    let ends = "{minimum: 1, maximum: 16}"
    for text in ["rungs: \(ends)\n  factor: 4", "factor: 4\n  rungs: \(ends)"] {
      let frame = Self.frame.replacing("rungs: [5, 15, 45]", with: text)
      let search = try #require(try Self.expand(frame + "  space: {latent: [2, 3]}").search)
      #expect(search.specification.rungs == [1, 4, 16] && search.specification.factor == 4)
    }
  }

  @Test func `of a space whose first points cannot be trained, others are the example`() throws {
    let search = try Self.search(
      "space: {training.batch_size: {int: [1, 400]}, training.discriminator_steps: {int: [1, 100]}}")
    #expect(search.example("x", points: 3).variants.count == 3)
  }

  @Test(arguments: [
    ("  space: {hiden: [[50]]}", "search.space: unknown key 'hiden'; did you mean hidden?"),
    ("  space: {dataset.events: [100]}", "search.space: dataset.events is no key of networks or training"),
    ("  space: {latent: 5}", "search.space: latent: 5 is neither a list of values nor a group"),
    ("  space: {latent: {int: [5, 2]}}", "search.space: latent: int is not given its ends as two numbers"),
    ("  space: {latent: {int: [0, 2]}}", "search.space: latent: 0 is not in 1 … 1024"),
    ("  space: {latent: {uniform: [1, 9]}}", "search.space: latent: 1.0 is not a whole number"),
    ("  space: {hidden: [50, 200]}", "search.space: hidden: each value is a list of sizes"),
    ("  space: {hidden: {int: [1, 2]}}", "search.space: hidden: takes no numbers"),
    ("  space: {training.kernels: [he_uniform, he]}", "training.kernels: he is not one of"),
    (
      "  space: {latent: {int: [2, 5], where: {circuit: [none]}}}",
      "search.space: latent: where: circuit is no key of choices before it"
    ),
    (
      "  space: {latent: [2, 3]}\n  objective: recall",
      "search.objective: recall is not best, last, {mean: 5} or one of"
    ),
    ("  space: {latent: [2, 3]}\n  at_once: 0", "search.at_once: 0 is not in 1 … 10000"),
    ("  space: {dataset: [{events: 100}, {events: 200}]}", "search.space: dataset is no key of networks or training"),
    (
      "  space: {budget: [{checkpoints: 1}, {checkpoints: 2}]}",
      "search.space: budget is no key of networks or training"
    ),
    (
      "  space: {circuit.rotations: [[y], [y, z]], circuit.rz: [true, false]}",
      "search.space: circuit.rz: rz and rotations both say what turns"
    ),
    (
      "  space: {circuit: [none, {}], hidden: [[5], [6]], circuit.rz: {choices: [true, false], where: {hidden: [[5]]}}}",
      "search.space: circuit.rz: where: it counts only where there is a circuit, and cannot hang on hidden too"
    ),
    (
      "  space: {circuit: [none, {}], circuit.rz: {choices: [true, false], where: {circuit: [none]}}}",
      "search.space: circuit.rz: where: there is no circuit there"
    ),
    (
      "  space: {latent: [2, 3]}\n  rungs: {minimum: 1, factor: 2, maximum: 8}\n  factor: 3",
      "search.factor: 3 is not the 2 of search.rungs"
    ),
    ("  space: {latent: [2, 3]}\nkind: parametric", "kind: a parametric simulator is fitted once"),
    ("  space: {latent: {int: [0, 9223372036854775807]}}", "search.space: latent has numbers beyond 2^53"),
    ("  space: {latent: [2, 2]}", "search.space: latent has a choice twice"),
    ("  space: {latent: [2, 3]}\n  rungs: [5, 3]", "search.rungs"),
    ("  space: {latent: [2, 3]}\n  replicates: [1, 2]", "search.replicates: 2 counts are not one for each of 3 rungs"),
    ("  space: {latent: [2, 3]}\n  replicates: [2, 1, 1]", "search.replicates: the counts do not ascend"),
    ("  space: {latent: [2, 3]}\n  method: bayes", "search.method: bayes is not random, quasirandom, tpe"),
    ("  space: {latent: [2, 3]}\n  trails: 3", "search.trails: there is no such key; did you mean trials?"),
    ("  space: {latent: [2, 3]}\n  guard: {share: 2}", "search.guard: 2 is not in 0 … 1"),
    ("  space: {latent: [2, 3]}\nseeds: 2\nvariants: [{}]", "variants: a search has its trials for variants"),
    ("  space: {circuit.cnot: [[7], [8]]}", "search.space: no point can be trained: "),
    (
      "  space: {latent: [2, 3]}\nbaseline: Clasical",
      "baseline: a search has its trials alone, and no row 'Clasical' to compare them with"
    ),
    (
      "  space: {latent: [2, 3]}\n  replicates: [1, 1, 3]\nseeds: 2",
      "seeds: 2 are fewer than the 3 of search.replicates"
    ),
    ("", "search.space is not given"),
  ]) func `what is wrong with a search is told`(keys: String, problem: String) {
    let frame = keys.contains("rungs:") ? Self.frame.replacing("  rungs: [5, 15, 45]\n", with: "") : Self.frame
    let problems = Self.problems(frame + keys + "\n")
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test(arguments: ["search-initialisation", "search-template"]) func `the repository's searches have points to try`(
    name: String
  ) throws {
    let search = try #require(try SweepFile.expand(Repository.path("sweeps/\(name).yaml")).search)
    guard case .decide(let decision) = search.planner.next(SearchEvidence()), let point = decision.point else {
      throw TestFailure("nothing to try")
    }
    #expect(search.variant(0, at: point, to: 0)?.seeds == [1])
  }

  @Test func `a search is no plan`() throws {
    let folder = try TemporaryFolder()
    let path = folder("wanted.yaml")
    try Data((Self.frame + "  space: {latent: [2, 3]}").utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: SweepError.self) { try SweepFile.plan(path) }
    #expect(try SweepFile.name(of: path) == "wanted")
  }
}

import Ansatz
import Experiment
import Yams

/// One key that a sweep file can have: the one table behind validation, `qcalo plan --keys` and docs/sweep-files.md.
package struct SweepKey: Sendable {
  /// Where a key can stand.
  package enum Level: String, CaseIterable, Sendable {
    /// The top of the file.
    case sweep
    /// A section of `tables`.
    case table
    /// An entry of `variants` or `comparisons`.
    case variant
  }

  /// The key in full: `circuit.cnot` is `circuit: {cnot: …}` or, in one line, `circuit.cnot: …`.
  package let name: String
  /// What it takes, in words.
  package let takes: String
  /// The values that it takes, in words: "1 … 1024"; "" where `takes` says it.
  package let bound: String
  /// What it is where the file does not say; "" for none.
  package let standard: String
  /// What it means, in a line.
  package let meaning: String
  /// Where it can stand.
  ///
  /// A variant's own keys can stand everywhere: higher up they are defaults.
  package let levels: Set<Level>

  /// Reads a value of a variant's key; nil for the keys that give a file its structure.
  let change: (@Sendable (_ node: Node, _ file: String) throws(Flaw) -> Change)?
  let isList: Bool

  /// What a key does to a variant.
  typealias Change = @Sendable (inout Draft) -> Void

  /// Every key, in the order of docs/sweep-files.md.
  package static let all: [SweepKey] = structure + search + simulator + network + training + frame

  /// The keys of a variant, by name.
  static let setting = Dictionary(uniqueKeysWithValues: all.filter { $0.change != nil }.map { ($0.name, $0) })
  /// The names of the keys that a parametric simulator has nothing of.
  static let ofNetworks = Set((network + training).map(\.name))
  /// The keys of the file's structure, by level.
  static let structural = Dictionary(
    uniqueKeysWithValues: Level.allCases.map { level in
      (level, Set(structure.filter { $0.levels.contains(level) }.map(\.name)))
    })
  /// The names before a dot: `circuit`, `discriminator`, `discriminator.circuit`, `training` ….
  static let groups = groups(of: setting.keys)
  /// Those of them that networks and their training have.
  static let groupsOfNetworks = groups(of: ofNetworks)

  private static func groups(of names: some Collection<String>) -> Set<String> {
    Set(names.flatMap { name in name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) } })
  }

  /// A key of a variant.
  init<Value>(
    _ name: String, _ type: ValueType<Value>, _ standard: String, _ meaning: String,
    set: @escaping @Sendable (inout Draft, Value) -> Void
  ) {
    (self.name, self.standard, self.meaning) = (name, standard, meaning)
    (takes, bound, isList, levels) = (type.takes, type.bound, type.isList, Set(Level.allCases))
    change = { (node, file) throws(Flaw) in
      let value = try type.read(node, file)
      return { set(&$0, value) }
    }
  }

  /// A key of the file's structure.
  private init(
    _ name: String, _ takes: String, _ bound: String, _ standard: String, _ levels: Set<Level>, _ meaning: String
  ) {
    (self.name, self.takes, self.bound, self.standard, self.levels) = (name, takes, bound, standard, levels)
    (self.meaning, isList, change) = (meaning, false, nil)
  }

  private static let texts = "\(Bounds.text) characters"
  private static let limit = "\(SweepFile.variantLimit) variants in all, or --limit"

  private static let structure: [SweepKey] = [
    SweepKey(
      "name", "a-z, 0-9 and -", "64 characters", "the file's name", [.sweep],
      "The sweep's name, in the ledger and on the batch system."),
    SweepKey(
      "extends", "a path, relative to the sweep file", texts, "", [.sweep],
      "Another sweep file; this one has all of it, with the keys given here in place of the same ones there."),
    SweepKey(
      "seeds", "a count or a list",
      "at most \(Bounds.seeds), each \(Bounds.text(Bounds.seed))", "1", [.sweep],
      "Each variant is trained once with each seed; 5 stands for [1, 2, 3, 4, 5]."),
    SweepKey(
      "tables", "a group of sections", limit, "", [.sweep],
      "Sections by the paper's table: each with keys of its own, which go before those at the top of the file."),
    SweepKey(
      "variants", "a list", limit, "", [.sweep, .table],
      "The rows, in order: each the keys in which it differs, and a label."),
    SweepKey(
      "comparisons", "a list", limit, "", [.sweep, .table],
      "As variants, but they stand in no table: trained to be compared with."),
    SweepKey(
      "grid", "lists of values by key", limit, "", Set(Level.allCases),
      "Every combination of the values listed: of a variant, or on its own. A point that a row has is that row."),
    SweepKey(
      "skip", "a list of {where, reason}", "\(SweepFile.ruleLimit) rules", "", [.sweep, .table],
      "Leaves out the variants that have all values under where (a list of values: any of them), and says why."),
    SweepKey(
      "search", "a group of keys", "the next ones", "", [.sweep],
      "In place of variants: what is tried, how it is chosen, and which trials go on (docs/search.md)."),
    SweepKey("label", "text", texts, "the variant's name", [.variant], "What the row is called, once in its table."),
    SweepKey(
      "skip", "text", texts, "", [.variant], "Why this variant is not trained; it stands in the table with that reason."
    ),
  ]

  /// The keys of `search`, which stand under it only.
  private static let search: [SweepKey] = [
    SweepKey(
      "search.space", "values by key", "32 keys of networks and training", "", [.sweep],
      "A list of values or {choices: […]}, {uniform: [a, b]}, log_uniform, int or log_int; with where: {key: values} only there."
    ),
    SweepKey(
      "search.method", "random, quasirandom, tpe or {tpe: {startup, candidates, gamma}}",
      "startup and candidates 1 … 10000, gamma 0.001 … 0.999", "tpe", [.sweep],
      "How points are chosen: startup quasirandom ones (10), then the best of so many candidates (24) by the best share (0.1)."
    ),
    SweepKey(
      "search.trials", "a whole number", Bounds.text(PlannedSearch.trials), "", [.sweep], "How many points are tried."),
    SweepKey(
      "search.seed", "a seed", Bounds.text(Bounds.seed), "1", [.sweep], "What the choice of points follows from."),
    SweepKey(
      "search.rungs", "a list of checkpoints or {minimum, factor, maximum}",
      "at most 64, each \(Bounds.text(Bounds.checkpoints))", "", [.sweep],
      "Where trials are compared, ascending; the last is the end. They take budget's place."),
    SweepKey(
      "search.factor", "a whole number", Bounds.text(PlannedSearch.factors), "3", [.sweep],
      "One trial of so many goes on from a rung."),
    SweepKey(
      "search.replicates", "a list of counts", "ascending, one for each rung", "1", [.sweep],
      "The seeds of a trial at each rung; what comes out there is their mean."),
    SweepKey(
      "search.objective", "best, last, {mean: checkpoints}, or held_out_chi2, fpd and such",
      Bounds.text(Bounds.checkpoints), "best", [.sweep],
      "Which χ²/NDF up to a rung counts, by its logarithm; or the metric of the generator there."),
    SweepKey(
      "search.guard", "{grace, share}", "share 0 … 1", "", [.sweep],
      "Nothing is stopped before checkpoint grace; a share of each rung goes on because curves promise more."),
    SweepKey(
      "search.core_hours", "a number", Bounds.text(PlannedSearch.budgets), "", [.sweep],
      "Training by all runs together, after which nothing more begins."),
    SweepKey(
      "search.at_once", "a whole number", Bounds.text(PlannedSearch.parallel), "20", [.sweep],
      "Runs at HTCondor at a time."),
  ]

  private static let network: [SweepKey] =
    circuit("circuit.", "the generator's circuit", \.generator.circuit, \.qubits, "latent, and one for the label")
    + [
      measured(
        "shots", .whole(Bounds.shots), "",
        "The shots by which it finds its ⟨Z⟩ for each event; exact ones if not given."
      ) { $0.shots = $1 },
      measured(
        "noise", .noise, "none", "The noise under which it is carried out: a model of it, or a device's calibration."
      ) { $0.noise = $1 },
      measured(
        "trajectories", .whole(Bounds.trajectories), "\(CircuitMeasurement.usualTrajectories)",
        "With noise: the trajectories with errors of each event, beside the one without."
      ) { $0.trajectories = $1 },
      measured(
        "gradient", .choice(), "adjoint",
        "With shots: the angles' gradient by the trajectories themselves, or by parameter_shift with shots of its own."
      ) { $0.gradient = $1 },
      stage("qubits", .whole(1...Circuit.qubitLimit), "6", "In a circuit's place a QINN stage: the qubits of a block.")
      {
        $0.qubits = $1
      },
      stage(
        "layers", .whole(Bounds.qinnLayers), "2", "The layers of a block, each of RZ, RY, RX and a ring of CNOTs."
      ) { $0.layers = $1 },
      stage("blocks", .whole(Bounds.qinnBlocks), "2", "The blocks, one after the other, with tanh behind each.") {
        $0.blocks = $1
      },
      stage("outputs", .whole(Bounds.layer), "100", "The values that the stage gives to the first hidden layer.") {
        $0.outputs = $1
      },
      stage(
        "direction", .choice(), "inverse",
        "The way through the blocks: as the group's from latents to data (layers undone, softplus last), or forward."
      ) { $0.direction = $1 },
      stage(
        "training", .choice(), "exact",
        "Whether the stage is trained with everything else, or not at all, as the group's."
      ) { $0.training = $1 },
      stage("blocks_of", .choice(), "circuit", "What a block is; dense is a control: a Dense layer of as many values.")
      {
        $0.blocksOf = $1
      },
      SweepKey(
        "hidden", .list(of: size, "a list of sizes", atMost: Bounds.layers), "[50, 200]",
        "The generator's hidden Dense layers."
      ) { $0.generator.hidden = $1 },
      SweepKey("latent", .whole(Bounds.latent), "10", "Latent values per event.") { $0.generator.latent = $1 },
      SweepKey(
        "conditioned", .flag, "false", "Whether the generator is given the energy label, as its last input."
      ) { $0.generator.conditioned = $1 },
      SweepKey(
        "features", .choice(), "standard",
        "What the first Dense layer is given: the study's choice or a control (closed_form without a simulator, cosine "
          + "without a circuit)."
      ) { $0.generator.features = $1 },
      SweepKey(
        "train_angles", .flag, "true", "Whether the circuit's angles are trained; false is a control."
      ) { $0.generator.trainAngles = $1 },
      SweepKey(
        "discriminator.hidden", .list(of: size, "a list of sizes", atMost: Bounds.layers), "[800, 400, 200]",
        "The discriminator's hidden Dense layers; before a circuit the last has one value a qubit."
      ) { $0.discriminator.hidden = $1 },
    ]
    + circuit(
      "discriminator.circuit.", "the discriminator's circuit", \.discriminator.circuit, \.discriminatorQubits,
      "the last hidden layer")
    + [
      SweepKey(
        "discriminator.readout",
        .list(of: .whole(0...Circuit.qubitLimit - 1), "a list of qubits", atMost: Circuit.qubitLimit), "[0]",
        "The qubits of the discriminator's circuit whose ⟨Z⟩ is read."
      ) { $0.discriminator.readout = $1 },
      SweepKey(
        "discriminator.final_dense", .flag, "false", "Whether a Dense layer of size 1 follows the read-out."
      ) { $0.discriminator.finalDense = $1 },
      SweepKey(
        "discriminator.output_scale", .number(Bounds.outputScale), "1",
        "A fixed factor on a read-out without final_dense."
      ) { $0.discriminator.outputScale = $1 },
    ]

  private static let size = ValueType.whole(Bounds.layer, isNot: "the size of a layer; sizes are")

  private static let training: [SweepKey] = [
    SweepKey(
      "training.latent_mean", .number(Bounds.latentMean), "0.5", "Mean of the latent values' normal distribution."
    ) {
      $0.settings.latentMean = $1
    },
    SweepKey("training.latent_std", .number(Bounds.latentSpread), "0.5", "Its standard deviation.") {
      $0.settings.latentSpread = $1
    },
    SweepKey("training.penalty_weight", .number(Bounds.penaltyWeight), "20", "λ of the gradient penalty.") {
      $0.settings.penaltyWeight = $1
    },
    SweepKey(
      "training.penalty_at", .choice(), "interpolated",
      "Where the penalty's gradient is taken: between real and generated showers, or at the real ones."
    ) { $0.settings.penaltyAt = $1 },
    SweepKey(
      "training.discriminator_steps", .whole(Bounds.discriminatorSteps), "5",
      "Discriminator steps per iteration (the D/G ratio)."
    ) {
      $0.settings.discriminatorSteps = $1
    },
    SweepKey("training.batch_size", .whole(Bounds.batchSize), "10", "Events per mini-batch.") {
      $0.settings.batchSize = $1
    },
    SweepKey("training.learning_rate", .number(Bounds.learningRate), "0.0001", "Adam's rate for both networks.") {
      ($0.settings.generatorLearningRate, $0.settings.discriminatorLearningRate) = ($1, $1)
    },
    SweepKey(
      "training.generator_learning_rate", .number(Bounds.learningRate), "0.0001",
      "Adam's rate for the generator and its circuit."
    ) {
      $0.settings.generatorLearningRate = $1
    },
    SweepKey(
      "training.discriminator_learning_rate", .number(Bounds.learningRate), "0.0001",
      "Adam's rate for the discriminator."
    ) {
      $0.settings.discriminatorLearningRate = $1
    },
    SweepKey("training.beta1", .number(Bounds.beta), "0.5", "Adam's β1.") { $0.settings.beta1 = $1 },
    SweepKey("training.beta2", .number(Bounds.beta), "0.999", "Adam's β2.") { $0.settings.beta2 = $1 },
    SweepKey("training.epsilon", .number(Bounds.epsilon), "1e-7", "Adam's ε.") { $0.settings.epsilon = $1 },
    SweepKey(
      "training.checkpoint_interval", .whole(Bounds.checkpointInterval), "1000", "Iterations between two checkpoints."
    ) {
      $0.settings.checkpointInterval = $1
    },
    SweepKey(
      "training.angles", .choice(), "glorot_uniform",
      "How the circuit's angles start: as PennyLane's KerasLayer, in U(0, 2π), or at zero."
    ) { $0.settings.angles = $1 },
    SweepKey("training.kernels", .choice(), "he_uniform", "How Dense kernels start; biases start at zero.") {
      $0.settings.kernels = $1
    },
    SweepKey(
      "training.circuit_input_scale", .number(Bounds.inputScale), "1",
      "A factor on the start of the kernel before a discriminator's circuit."
    ) { $0.settings.circuitInputScale = $1 },
    SweepKey("training.affine", .flag, "true", "Whether the generator's hidden layers have γ and β of their own.") {
      $0.settings.affine = $1
    },
  ]

  private static let frame: [SweepKey] = [
    SweepKey("dataset.source", .path, "", "The Geant4 events, an HDF5 file in the CaloChallenge layout.") {
      $0.source = $1
    },
    SweepKey(
      "dataset.energies", .set(of: .energy, "a list of energies (MeV)", atMost: Bounds.energies, spelled: energyName),
      "", "The incident energies."
    ) {
      $0.energies = $1
    },
    SweepKey(
      "dataset.energy_bins", .bins, "",
      "In place of energies, where these are continuous: the edges of bins, each of which counts as one energy."
    ) { $0.kind.bins = $1 },
    SweepKey("dataset.events", .whole(Bounds.events), "", "The first so many events of each energy, or bin.") {
      $0.events = $1
    },
    SweepKey(
      "dataset.particle", .choice(), "pion",
      "What the showers are of; its mass gives the kinetic energy that voxels are fractions of."
    ) { $0.kind.particle = $1 },
    SweepKey(
      "dataset.geometry", .geometry, "",
      "How the voxels lie; if not given, as in CaloChallenge's detector with as many."
    ) { $0.kind.geometry = $1 },
    SweepKey(
      "budget.checkpoints", .whole(Bounds.checkpoints), "",
      "The last checkpoint; a run ends with whichever budget is used first."
    ) {
      $0.budget.checkpoints = $1
    },
    SweepKey("budget.training_time", .duration, "", "Training, over all attempts; evaluation is not counted.") {
      $0.budget.trainingSeconds = $1
    },
    SweepKey("keep.full", .whole(Bounds.keptFull), "2", "How many full checkpoints stay.") { $0.keep.full = $1 },
    SweepKey(
      "keep.generator_every", .whole(Bounds.generatorEvery), "1",
      "Every how many checkpoints the generator stays; 0 for none."
    ) {
      $0.keep.generatorEvery = $1
    },
    SweepKey(
      "evaluate.metrics", metrics, "",
      "What a run's best checkpoint is judged by when it has ended: all but auc where only other keys of evaluate are given."
    ) { $0.order.metrics = $1 },
    SweepKey(
      "evaluate.every", .whole(Bounds.generatorEvery), "", "Every how many checkpoints one is judged too; 0 for none."
    ) { $0.order.every = $1 },
    SweepKey(
      "evaluate.held_out", .whole(Bounds.fileEvents), "",
      "Events of each energy, generated and held out; as many as dataset.events if not given."
    ) { $0.order.heldOut = $1 },
    SweepKey("baseline", comparison, "none", "What ⟨χ²⟩c averages.") { $0.baseline = $1 },
    SweepKey("reference", comparison, "none", "What ⟨χ²⟩c′ averages.") { $0.reference = $1 },
    SweepKey("table", .text("text"), "the section's", "The paper's table that a row stands in.") { $0.table = $1 },
  ]

  private static let metrics: ValueType<[Metric.Family]> = {
    let names = "a list of " + Metric.Family.allCases.map(\.rawValue).joined(separator: ", ")
    var list = ValueType<[Metric.Family]>.list(of: .choice(), names, atMost: Metric.Family.allCases.count)
    let read = list.read
    list.read = { (node, file) throws(Flaw) in
      let metrics = try read(node, file)
      if metrics.isEmpty { throw Flaw("the list is empty; name a metric, or leave the key out") }
      return metrics
    }
    return list
  }()

  private static let comparison = ValueType<Draft.Comparison>(
    takes: "a label, table/label, same-hidden or none", bound: "\(2 * Bounds.text + 1) characters"
  ) { (node, file) throws(Flaw) in
    if node.isNone { return .none }
    let text = try ValueType.text("a label", atMost: 2 * Bounds.text + 1).read(node, file)
    return text == "same-hidden" ? .sameHidden : .label(text)
  }
}

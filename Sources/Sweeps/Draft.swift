import Ansatz
import Experiment

/// A variant while a sweep file is read: the study's defaults, then what each level of the file changes.
struct Draft: Equatable {
  var label: String?
  var table = ""
  var simulator = SimulatorKind.gan
  /// What counts where the simulator is parametric; there no network and no training does.
  var parametric = ParametricSettings()
  /// What counts where the simulator is a coupling model, besides the budget and the interval of checkpoints.
  var coupling = CouplingSettings()
  var couplingQubits: Int?
  /// What counts where the simulator is a QINN by itself, alike.
  var inn = INNSettings()
  var generator = GeneratorArchitecture()
  var discriminator = DiscriminatorArchitecture()
  /// The circuits' qubits where the file says them; else the circuit has as many as it has inputs.
  var qubits: Int?
  var discriminatorQubits: Int?
  var measurement = Measurement()
  var settings = TrainingSettings()
  var source: String?
  var energies: [Double]?
  var kind = ShowerKind()
  var events: Int?
  var budget = Budget()
  var keep = Retention()
  var evaluate: EvaluationOrder?
  var baseline = Comparison.none
  var reference = Comparison.none

  /// What its runs are judged by, made where there was nothing.
  var order: EvaluationOrder {
    get { evaluate ?? EvaluationOrder() }
    set { evaluate = newValue }
  }

  /// What a variant is compared with.
  enum Comparison: Equatable {
    case none
    /// The classical variant with the same hidden layers and dataset.
    case sameHidden
    case label(String)
  }

  /// A row that it is compared with by its label, with the key that names it; nil for none.
  var namedRow: (key: String, label: String)? {
    for (key, comparison) in [("baseline", baseline), ("reference", reference)] {
      if case .label(let label) = comparison { return (key, label) }
    }
    return nil
  }

  /// Whether it is held against its baseline, checkpoint by checkpoint.
  var isCompared: Bool { simulator == .gan }

  /// How the generator's circuit is carried out, as the file says it.
  struct Measurement: Equatable {
    var shots: Int?
    var noise: CircuitNoise?
    var trajectories = CircuitMeasurement.usualTrajectories
    var gradient = CircuitMeasurement.Gradient.adjoint

    /// The same of a circuit; nil where it is carried out exactly.
    func of(_ circuit: Circuit) -> CircuitMeasurement? {
      if self == Measurement() { return nil }
      return CircuitMeasurement(
        shots: shots, noise: noise?.model, device: noise?.chain(for: circuit), trajectories: trajectories,
        gradient: gradient)
    }
  }

  /// The draft with the qubits that follow from the inputs filled in, and the circuit's place on a device.
  var complete: Draft {
    var draft = self
    if draft.generator.circuit != nil {
      draft.qubits = qubits ?? generator.inputs
      draft.generator.circuit?.qubits = draft.qubits ?? 0
      draft.generator.measurement = draft.generator.circuit.flatMap(measurement.of)
    }
    if draft.discriminator.circuit != nil {
      draft.discriminatorQubits = discriminatorQubits ?? discriminator.hidden.last ?? 0
      draft.discriminator.circuit?.qubits = draft.discriminatorQubits ?? 0
    }
    if draft.coupling.circuit != nil {
      draft.couplingQubits = couplingQubits ?? CouplingSettings.usualQubits
      draft.coupling.circuit?.qubits = draft.couplingQubits ?? 0
    }
    return draft
  }

  /// The variant of a complete draft.
  func planned(label: String, skip: String?) -> PlannedVariant {
    let dataset = DatasetRequest(
      source: source ?? "", energies: energies ?? [], eventsPerEnergy: events ?? 0, kind: kind)
    var (variant, settings, budget) = (
      Variant(generator: generator, discriminator: discriminator), settings, budget
    )
    switch simulator {
    case .gan: break
    case .coupling, .qinn:
      variant = simulator == .coupling ? Variant(coupling: coupling) : Variant(inn: inn)
      settings = TrainingSettings()
      settings.checkpointInterval = self.settings.checkpointInterval
    case .parametric:
      // One iteration is the whole fit, whatever the sweep's networks are given.
      (variant, settings, budget) = (Variant(parametric: parametric), TrainingSettings(), Budget(checkpoints: 1))
      settings.checkpointInterval = 1
    }
    return PlannedVariant(
      label: label, table: table, variant: variant, settings: settings, dataset: dataset, budget: budget, keep: keep,
      evaluate: evaluate, skip: skip)
  }

  /// The first thing that cannot be in a complete draft: the key in full and a clause about it; nil when the variant
  /// can be trained.
  var flaw: (key: String, clause: String)? {
    switch simulator {
    case .gan: break
    case .parametric:
      return parametric.flaw.map { Self.located($0, within: ["parametric."], else: "parametric") } ?? datasetFlaw
    case .coupling, .qinn:
      if simulator == .coupling, let flaw = coupling.flaw ?? couplingFlaw {
        return Self.located(flaw, within: ["coupling.", "coupling.circuit."], else: "coupling")
      }
      if simulator == .qinn, let flaw = inn.flaw { return Self.located(flaw, within: ["inn."], else: "inn") }
      if let flaw = Bounds.flaw("checkpoint_interval", settings.checkpointInterval, Bounds.checkpointInterval) {
        return Self.located(flaw, within: ["training."], else: "training")
      }
      return datasetFlaw ?? budgetFlaw
    }
    if let circuit = generator.circuit, circuit.flaw == nil, let flaw = measurement.noise?.flaw(for: circuit) {
      return ("circuit.noise", flaw)
    }
    if let flaw = generator.flaw { return Self.located(flaw, within: ["", "circuit.", "qinn."], else: "circuit") }
    if let flaw = discriminator.flaw {
      return Self.located(flaw, within: ["discriminator.", "discriminator.circuit."], else: "discriminator")
    }
    if let flaw = settings.flaw { return Self.located(flaw, within: ["training."], else: "training") }
    return datasetFlaw ?? budgetFlaw
  }

  /// What a coupling model has too little of for the detector, where the file names it.
  private var couplingFlaw: String? { kind.geometry.flatMap { coupling.flaw(layers: $0.layers.count) } }

  private var datasetFlaw: (key: String, clause: String)? {
    if source == nil { return ("dataset.source", "is not given; say where the Geant4 events are") }
    if energies != nil, kind.bins != nil {
      return ("dataset.energy_bins", "is given, and so is energies; a dataset has one of them")
    }
    guard let energies = kind.bins?.middles ?? energies, !energies.isEmpty else {
      return (
        "dataset.energies",
        "is not given; say the incident energies in MeV, such as [65536], or energy_bins where they are continuous"
      )
    }
    guard let events else { return ("dataset.events", "is not given; say how many events of each energy") }
    if simulator == .parametric { return parametric.flaw(eventsPerEnergy: events).map { ("dataset.events", $0) } }
    if simulator == .qinn { return inn.flaw(energies: energies.count).map { ("dataset.energies", $0) } }
    if simulator == .coupling { return coupling.flaw(eventsPerEnergy: events).map { ("dataset.events", $0) } }
    if settings.iterationsPerEpoch(events: energies.count * events) == 0 {
      let block = "\(settings.discriminatorSteps) · \(settings.batchSize)"
      return (
        "dataset.events",
        "\(energies.count * events) events hold no block of \(block) (discriminator_steps · batch_size)"
      )
    }
    return nil
  }

  private var budgetFlaw: (key: String, clause: String)? {
    if budget.checkpoints == nil && budget.trainingSeconds == nil {
      return ("budget", "is not given; say checkpoints, training_time or both, such as {training_time: 24h}")
    }
    return nil
  }

  /// The same model without settings of what it does not have.
  var essential: Draft {
    var draft = self
    // The phases of cosines start as a circuit's angles do.
    if generator.circuit == nil, generator.features != .cosine, discriminator.circuit == nil {
      draft.settings.angles = Draft().settings.angles
    }
    // A final kernel takes the factor's place.
    if discriminator.finalDense { draft.discriminator.outputScale = Draft().discriminator.outputScale }
    if discriminator.circuit == nil { draft.settings.circuitInputScale = Draft().settings.circuitInputScale }
    // A Dense block has no layers of rotations.
    if generator.qinn?.blocksOf == .dense { draft.generator.qinn?.layers = QINNSettings().layers }
    return draft
  }

  /// `circuit: none` takes a circuit away; `circuit: {…}` makes one, be the braces empty; so with `qinn`.
  ///
  /// nil for other groups.
  static func circuit(_ group: String, present: Bool) -> SweepKey.Change? {
    switch (group, present) {
    case ("qinn", true): { $0.generator.qinn = $0.generator.qinn ?? QINNSettings() }
    case ("qinn", false): { $0.generator.qinn = nil }
    case ("circuit", true): { $0.generator.circuit = $0.generator.circuit ?? Circuit() }
    case ("circuit", false): { ($0.generator.circuit, $0.qubits, $0.measurement) = (nil, nil, Measurement()) }
    case ("discriminator.circuit", true): { $0.discriminator.circuit = $0.discriminator.circuit ?? Circuit() }
    case ("discriminator.circuit", false): { ($0.discriminator.circuit, $0.discriminatorQubits) = (nil, nil) }
    case ("coupling.circuit", true): { $0.coupling.circuit = $0.coupling.circuit ?? Circuit() }
    case ("coupling.circuit", false): { ($0.coupling.circuit, $0.couplingQubits) = (nil, nil) }
    default: nil
    }
  }

  /// A value's own flaw, "key: what is wrong", with the key spelled in full.
  private static func located(
    _ flaw: String, within groups: [String], else fallback: String
  ) -> (key: String, clause: String) {
    if let colon = flaw.firstRange(of: ": ") {
      let name = String(flaw[..<colon.lowerBound])
      if let group = groups.first(where: { SweepKey.setting[$0 + name] != nil }) {
        return (group + name, String(flaw[colon.upperBound...]))
      }
    }
    return (fallback, flaw)
  }
}

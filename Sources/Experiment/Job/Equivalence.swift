import Ansatz

/// Which variants of a plan compute the same family of functions as an earlier one of the same networks and training.
package struct Equivalence: Sendable {
  /// The earlier variant's place in the plan, and why they are equal, as a clause: "RZ is inert".
  package struct Partner: Hashable, Sendable {
    /// The earlier variant's place in the plan, from 0.
    package var index: Int
    /// Why the two are equal, as a clause: "RZ is inert".
    package var reason: String
  }

  /// The earlier variant for each place in the plan; nil for a variant that is the first of its family.
  package let partners: [Partner?]

  /// What variants of one family have in common, by number: the architecture with the family's first circuits, the
  /// settings and the dataset.
  private struct Key: Hashable {
    var family: Int
    var settings: Int
    var dataset: Int
  }

  /// Two architectures of a family, by number.
  private struct Pair: Hashable {
    var first: Int
    var second: Int
  }

  private struct ReadCircuit: Hashable {
    var circuit: Circuit
    var readout: [Int]?
  }

  /// A skipped variant is nobody's earlier one, and an untrained circuit is no family.
  /// - Complexity: Linear in the variants; a fraction of a millisecond for each different circuit.
  package init(_ plan: SweepPlan) {
    var (architectures, settings, datasets) = (
      Numbering<Variant>(), Numbering<TrainingSettings>(), Numbering<DatasetRequest>()
    )
    let numbers = plan.variants.map { planned in
      (
        architectures.number(of: planned.variant), settings.number(of: planned.settings),
        datasets.number(of: planned.dataset)
      )
    }
    let variants = architectures.values
    let families = Self.families(of: variants)
    var first = [Key: Int](minimumCapacity: plan.variants.count)
    var reasons: [Pair: String] = [:]
    partners = plan.variants.indices.map { index in
      let (architecture, settings, dataset) = numbers[index]
      let key = Key(family: families[architecture], settings: settings, dataset: dataset)
      guard let earlier = first[key] else {
        if plan.variants[index].skip == nil { first[key] = index }
        return nil
      }
      let pair = Pair(first: numbers[earlier].0, second: architecture)
      if pair.first == pair.second { return nil }
      let reason = reasons[pair] ?? Self.reason(variants[pair.first], variants[pair.second])
      reasons[pair] = reason
      return Partner(index: earlier, reason: reason)
    }
  }

  /// The plan without training any family twice: the later ones are skipped, with the reason.
  package func skipping(_ plan: SweepPlan) -> SweepPlan {
    var plan = plan
    for (index, partner) in partners.enumerated() where plan.variants[index].skip == nil {
      if let partner { plan.variants[index].skip = Self.sentence(partner, of: plan.variants[index], in: plan) }
    }
    return plan
  }

  /// "computes the same family as 1: RZ is inert".
  package static func sentence(_ partner: Partner, of variant: PlannedVariant, in plan: SweepPlan) -> String {
    let other = plan.variants[partner.index]
    let label = other.table == variant.table ? other.label : "\(other.table)/\(other.label)"
    return "computes the same family as \(label): \(partner.reason)"
  }

  /// The circuit whose functions the generator's features are, simulated or not.
  ///
  /// Noise follows gates, so circuits that are the same without it differ with it.
  private static func circuit(_ generator: GeneratorArchitecture) -> ReadCircuit? {
    guard generator.trainAngles, generator.measurement == nil, generator.flaw == nil else { return nil }
    let cosines = Circuit(qubits: generator.inputs, cnot: [], rz: false)
    let circuit = generator.features == .cosine ? cosines : generator.circuit
    return circuit.flatMap { $0.flaw == nil ? ReadCircuit(circuit: $0, readout: nil) : nil }
  }

  private static func circuit(_ discriminator: DiscriminatorArchitecture) -> ReadCircuit? {
    guard discriminator.flaw == nil else { return nil }
    return discriminator.circuit.map { ReadCircuit(circuit: $0, readout: discriminator.readout) }
  }

  /// The number of each architecture's family: of what it is with the first circuits of its circuits' families.
  private static func families(of variants: [Variant]) -> [Int] {
    let first = firstCircuits(of: variants)
    var families = Numbering<Variant>()
    return variants.map { variant in
      var family = variant
      if let circuit = circuit(variant.generator) {
        family.generator.circuit = first[circuit]?.circuit
        family.generator.features = .standard
      }
      if let circuit = circuit(variant.discriminator) { family.discriminator.circuit = first[circuit]?.circuit }
      return families.number(of: family)
    }
  }

  /// The first circuit of each circuit's family.
  private static func firstCircuits(of variants: [Variant]) -> [ReadCircuit: ReadCircuit] {
    var circuits = Numbering<ReadCircuit>()
    for variant in variants {
      if let circuit = circuit(variant.generator) { _ = circuits.number(of: circuit) }
      if let circuit = circuit(variant.discriminator) { _ = circuits.number(of: circuit) }
    }
    var first: [ReadCircuit: ReadCircuit] = [:]
    // The same family of functions is one family only where the same qubits are read.
    for (_, alike) in Dictionary(grouping: circuits.values, by: \.readout) {
      for group in CircuitFamilies.group(alike.map(\.circuit), readouts: alike.map(\.readout)) {
        for index in group { first[alike[index]] = alike[group[0]] }
      }
    }
    return first
  }

  private static func reason(_ first: Variant, _ second: Variant) -> String {
    var reasons: [String] = []
    let features = [first, second].map(\.generator.features)
    if features[0] != features[1] {
      if features.contains(.closedForm) { reasons.append("the closed form computes what the simulator does") }
      if features.contains(.cosine) { reasons.append("without CNOTs a circuit computes cosines") }
    }
    if let a = circuit(first.generator)?.circuit, let b = circuit(second.generator)?.circuit, a != b {
      reasons.append(CircuitFamilies.reason(a, b))
    }
    if let a = circuit(first.discriminator)?.circuit, let b = circuit(second.discriminator)?.circuit, a != b {
      reasons.append("in the discriminator " + CircuitFamilies.reason(a, b))
    }
    return reasons.joined(separator: "; ")
  }
}

internal import Ansatz

/// Which variants of a plan compute the same family of functions as an earlier one of the same networks and training.
public struct Equivalence: Sendable {
  /// The earlier variant's place in the plan, and why they are equal, as a clause: "RZ is inert".
  public struct Partner: Hashable, Sendable {
    public var index: Int
    public var reason: String
  }

  /// By place in the plan; nil for a variant that is the first of its family.
  public let partners: [Partner?]

  /// What variants of one family have in common: all but their circuits, which are the family's first.
  private struct Key: Hashable {
    var variant: Variant
    var settings: TrainingSettings
    var dataset: DatasetRequest
  }

  private struct ReadCircuit: Hashable {
    var circuit: Circuit
    var readout: [Int]?
  }

  /// A skipped variant is nobody's earlier one, and an untrained circuit is no family.
  /// - Complexity: Linear in the variants; a fraction of a millisecond for each different circuit.
  public init(_ plan: SweepPlan) {
    let families = Self.families(plan.variants)
    var first = [Key: Int](minimumCapacity: plan.variants.count)
    partners = plan.variants.enumerated().map { index, planned in
      var key = Key(variant: planned.variant, settings: planned.settings, dataset: planned.dataset)
      if let circuit = Self.generatorCircuit(planned) {
        key.variant.generator.circuit = families[circuit]?.circuit
        key.variant.generator.features = .standard
      }
      if let circuit = Self.discriminatorCircuit(planned) {
        key.variant.discriminator.circuit = families[circuit]?.circuit
      }
      guard let earlier = first[key] else {
        if planned.skip == nil { first[key] = index }
        return nil
      }
      let other = plan.variants[earlier].variant
      return other == planned.variant
        ? nil : Partner(index: earlier, reason: Self.reason(plan.variants[earlier], planned))
    }
  }

  /// The plan without training any family twice: the later ones are skipped, with the reason.
  public func skipping(_ plan: SweepPlan) -> SweepPlan {
    var plan = plan
    for (index, partner) in partners.enumerated() where plan.variants[index].skip == nil {
      if let partner { plan.variants[index].skip = Self.sentence(partner, of: plan.variants[index], in: plan) }
    }
    return plan
  }

  /// "computes the same family as 1: RZ is inert".
  public static func sentence(_ partner: Partner, of variant: PlannedVariant, in plan: SweepPlan) -> String {
    let other = plan.variants[partner.index]
    let label = other.table == variant.table ? other.label : "\(other.table)/\(other.label)"
    return "computes the same family as \(label): \(partner.reason)"
  }

  /// The circuit whose functions the generator's features are, simulated or not.
  private static func generatorCircuit(_ planned: PlannedVariant) -> ReadCircuit? {
    let generator = planned.variant.generator
    guard generator.trainAngles, generator.flaw == nil else { return nil }
    let cosines = Circuit(qubits: generator.inputs, cnot: [], rz: false)
    let circuit = generator.features == .cosine ? cosines : generator.circuit
    return circuit.flatMap { $0.flaw == nil ? ReadCircuit(circuit: $0, readout: nil) : nil }
  }

  private static func discriminatorCircuit(_ planned: PlannedVariant) -> ReadCircuit? {
    let discriminator = planned.variant.discriminator
    guard discriminator.flaw == nil else { return nil }
    return discriminator.circuit.map { ReadCircuit(circuit: $0, readout: discriminator.readout) }
  }

  /// The first circuit of each circuit's family.
  private static func families(_ variants: [PlannedVariant]) -> [ReadCircuit: ReadCircuit] {
    var seen: Set<ReadCircuit> = []
    let circuits = variants.flatMap { [generatorCircuit($0), discriminatorCircuit($0)].compactMap(\.self) }
      .filter { seen.insert($0).inserted }
    var families: [ReadCircuit: ReadCircuit] = [:]
    // The same family of functions is one family only where the same qubits are read.
    for (_, alike) in Dictionary(grouping: circuits, by: \.readout) {
      for group in CircuitFamilies.group(alike.map(\.circuit), readouts: alike.map(\.readout)) {
        for index in group { families[alike[index]] = alike[group[0]] }
      }
    }
    return families
  }

  private static func reason(_ first: PlannedVariant, _ second: PlannedVariant) -> String {
    var reasons: [String] = []
    let features = [first, second].map(\.variant.generator.features)
    if features[0] != features[1] {
      if features.contains(.closedForm) { reasons.append("the closed form computes what the simulator does") }
      if features.contains(.cosine) { reasons.append("without CNOTs a circuit computes cosines") }
    }
    if let a = generatorCircuit(first)?.circuit, let b = generatorCircuit(second)?.circuit, a != b {
      reasons.append(CircuitFamilies.reason(a, b))
    }
    if let a = discriminatorCircuit(first)?.circuit, let b = discriminatorCircuit(second)?.circuit, a != b {
      reasons.append("in the discriminator " + CircuitFamilies.reason(a, b))
    }
    return reasons.joined(separator: "; ")
  }
}

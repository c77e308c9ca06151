import Ansatz
package import Experiment
package import Reports

/// What the circuits of a sweep can compute, a row for each different circuit.
package struct PlanFamilies {
  private struct Reading: Hashable {
    var circuit: Circuit
    /// The qubits that a discriminator reads; nil where every qubit is read.
    var readout: [Int]?
  }

  private var readings: [Reading] = []
  /// The rows of the sweep that have it.
  private var models: [Reading: [String]] = [:]
  private let name: String

  /// The circuits of a plan's generators and discriminators, those that can be built.
  package init(_ plan: SweepPlan) {
    name = plan.name
    for row in plan.variants {
      let label = row.table.isEmpty ? row.label : "\(row.table)/\(row.label)"
      let (generator, discriminator) = (row.variant.generator, row.variant.discriminator)
      if generator.flaw == nil {
        for circuit in generator.circuits { add(Reading(circuit: circuit, readout: nil), label) }
      }
      if let circuit = discriminator.circuit, discriminator.flaw == nil {
        add(Reading(circuit: circuit, readout: discriminator.readout), label)
      }
    }
  }

  private mutating func add(_ reading: Reading, _ label: String) {
    if models[reading] == nil { readings.append(reading) }
    if models[reading]?.last != label { models[reading, default: []].append(label) }
  }

  /// A row for each different circuit: what is inert, what is the same, closed forms.
  package var table: TextTable {
    var (first, containers) = ([Int: Int](), [Int: [Int]]())
    // Read differently, circuits have different outputs to begin with.
    for (_, alike) in Dictionary(grouping: readings.indices, by: { readings[$0].readout }) {
      let (circuits, readouts) = (alike.map { readings[$0].circuit }, alike.map { readings[$0].readout })
      for group in CircuitFamilies.group(circuits, readouts: readouts) {
        for index in group { first[alike[index]] = alike[group[0]] }
      }
      for (index, those) in CircuitFamilies.containers(circuits, readouts: readouts).enumerated() {
        containers[alike[index]] = those.map { alike[$0] }
      }
    }
    let rows = readings.enumerated().map { index, reading -> [Cell] in
      let (circuit, analysis) = (reading.circuit, CircuitAnalysis(reading.circuit, readout: reading.readout))
      let earlier = first[index].flatMap { $0 == index ? nil : $0 }
      let same = earlier.map { other in
        "\(labels(other)): \(CircuitFamilies.reason(readings[other].circuit, circuit))"
      }
      return [
        .text(labels(index)), .text(circuit.name + (reading.readout == nil ? "" : " (discriminator)")),
        .integer(circuit.cnotCount), .integer(circuit.depth), .integer(circuit.angleCount),
        .integer(analysis.effectiveAngleCount), .text(analysis.inertText), Cell(same),
        .text(containers[index, default: []].map(labels).joined(separator: "; ")),
        .flag(analysis.closedForms != nil),
        .text((analysis.closedForms ?? analysis.lightCones).map(Self.text).joined(separator: "; ")),
      ]
    }
    return TextTable(
      title: "What the circuits of \(name) can compute", key: "circuits",
      columns: [
        Column("Models", key: "models"), Column("Circuit", key: "circuit"), Column("CNOTs", key: "cnots"),
        Column("Depth", key: "depth"), Column("Angles", key: "angles"), Column("Effective", key: "effective_angles"),
        Column("Inert", key: "inert"), Column("Same as", key: "same_as"), Column("Part of", key: "part_of"),
        Column("Product", key: "product"), Column("⟨Z⟩ of the inputs", key: "inputs"),
      ], rows: rows,
      notes: [
        "\(readings.count) different circuits, \(Set(first.values).count) families of functions.",
        "Product: each ⟨Z⟩ is ∏ cos x_j cos θ_j over the inputs j listed for it; else it depends on these inputs.",
      ])
  }

  private func labels(_ index: Int) -> String {
    let labels = models[readings[index], default: []]
    return labels.prefix(3).joined(separator: ", ") + (labels.count > 3 ? " and \(labels.count - 3) more" : "")
  }

  /// "0-3,5" from ascending numbers.
  private static func text(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { run in
      run.count > 2 ? "\(run.lowerBound)-\(run.upperBound)" : run.map(String.init).joined(separator: ",")
    }.joined(separator: ",")
  }
}

import Ansatz
import Experiment
import Foundation
package import Storage
import Sweeps

extension PlanListing {
  /// The plan as JSON, in portions: a sweep may have a hundred thousand rows.
  package func writeJSON(_ take: (TextBuilder) throws -> Void) rethrows {
    let seeds = JSONText(stringLiteral: "\(plan.seeds)")
    try take((#"{"schema": 1, "sweep": \#(plan.name), "seeds": \#(seeds), "variants": ["# as JSONText).text)
    let portion = 4096
    for first in stride(from: 0, to: plan.variants.count, by: portion) {
      let rows = first..<min(first + portion, plan.variants.count)
      let texts = concurrentText(rows) { row, text in
        text += row == 0 ? "\n  " : ",\n  "
        text += json(row).text
      }
      for text in texts { try take(text) }
    }
    try take(TextBuilder("\n]}\n"))
  }

  /// One row, as the programs that read plans know it.
  private func json(_ index: Int) -> JSONText {
    let (planned, row) = (plan.variants[index], row(index))
    let (generator, discriminator) = (planned.variant.generator, planned.variant.discriminator)
    let parameters: JSONText? = row.parameters.map {
      #"{"circuit": \#($0.circuit), "generator": \#($0.generator), "discriminator": \#($0.discriminator)}"#
    }
    let energies = JSONText(stringLiteral: "[\(energyNames(planned.dataset.energies))]")
    // Keys that came later stand only where they say something.
    var kind = ""
    if let particle = planned.dataset.particle { kind += #", "particle": "\#(particle.rawValue)""# }
    if let geometry = planned.dataset.geometry {
      kind += #", "geometry": "\#(geometry.builtIn?.rawValue ?? "\(geometry.layers.count) layers")""#
    }
    if let bins = planned.dataset.energyBins { kind += #", "energy_bins": [\#(energyNames(bins.edges))]"# }
    let fit: JSONText? = planned.variant.parametric.map {
      #", "parametric": {"bins": \#($0.bins), "components": \#($0.components), "quantiles": \#($0.quantiles)}"#
    }
    let inn: JSONText? = planned.variant.inn.map {
      #"""
      , "inn": {"qubits": \#($0.qubits), "blocks": \#($0.blocks), "layers": \#($0.layers), \#
      "batch_size": \#($0.batchSize)}
      """#
    }
    let coupling: JSONText? = planned.variant.coupling.map {
      #"""
      , "coupling": {"blocks": \#($0.blocks), "hidden": \#($0.hidden), "batch_size": \#($0.batchSize), \#
      "learning_rate": \#(JSONText(stringLiteral: "\($0.learningRate)"))}
      """#
    }
    let measured: JSONText? = generator.measurement.map { measurement in
      let noise = measurement.device?.device ?? measurement.noise.map { _ in "model" }
      return #"""
        , "measured": {"shots": \#(measurement.shots), "noise": \#(noise), \#
        "trajectories": \#(measurement.trajectories), "gradient": \#(measurement.gradient.rawValue)}
        """#
    }
    let stage: JSONText? = generator.qinn.map {
      #"""
      , "qinn": {"qubits": \#($0.qubits), "layers": \#($0.layers), "blocks": \#($0.blocks), "outputs": \#($0.outputs), \#
      "direction": \#($0.direction.rawValue), "training": \#($0.training.rawValue), "blocks_of": \#($0.blocksOf.rawValue)}
      """#
    }
    return #"""
      {"id": \#(row.id), "name": \#(expanded.names[index]), "label": \#(planned.label), "table": \#(planned.table), \#
      "status": \#(row.status), "reason": \#(row.reason), "same_family_as": \#(row.sameAs), \#
      "circuit": \#(planned.variant.circuit?.json), "hidden": \#(generator.hidden), "latent": \#(generator.latent), \#
      "conditioned": \#(generator.conditioned), "features": \#(generator.features.rawValue), \#
      "train_angles": \#(generator.trainAngles)\#(measured ?? "")\#(fit ?? "")\#(coupling ?? "")\#(stage ?? "")\#(inn ?? ""), \#
      "discriminator": {"hidden": \#(discriminator.hidden), "circuit": \#(discriminator.circuit?.json)}, \#
      "parameters": \#(parameters), "training": \#(planned.trained.departuresJSON), \#
      "dataset": {"source": \#(planned.dataset.source), "energies": \#(energies), \#
      "events": \#(planned.dataset.eventsPerEnergy)\#(JSONText(stringLiteral: kind))}, \#
      "budget": {"checkpoints": \#(planned.budget.checkpoints), \#
      "training_seconds": \#(planned.budget.trainingSeconds)}, \#
      "baseline": \#(planned.baseline), "reference": \#(planned.reference)}
      """#
  }
}

extension Circuit {
  fileprivate var json: JSONText {
    #"""
    {"qubits": \#(qubits), "cnot": \#(cnot), "rz": \#(rz), "repetitions": \#(repetitions), \#
    "order": \#(order.rawValue), "ring": \#(ring), "reupload": \#(reupload)\#(turned)}
    """#
  }

  /// What departs from the study's rotations and encoding.
  private var turned: JSONText {
    var text: JSONText = ""
    if !hasStudyRotations { text = #", "rotations": \#(rotations.map(\.rawValue).joined())"# }
    if encoding != .x { text = #"\#(text), "encoding": \#(encoding.rawValue)"# }
    if inputShift != 0 { text = #"\#(text), "input_shift": \#(inputShift)"# }
    return text
  }
}

extension TrainedVariant {
  /// The settings that depart from the study's; numbers and flags stay what they are.
  fileprivate var departuresJSON: JSONText {
    var members: [(key: String, value: JSONText)] = []
    eachDeparture { key, value, isWord in
      members.append((key, isWord ? "\(value)" : JSONText(stringLiteral: value)))
    }
    return JSONText(members)
  }
}

import Ansatz
import Experiment
import Foundation
package import Storage
import Sweeps

extension PlanListing {
  /// The plan as JSON, in portions: a sweep may have a hundred thousand rows.
  package func writeJSON(_ take: (TextBuilder) throws -> Void) rethrows {
    var start = TextBuilder()
    start += "{\"schema\": 1, \"sweep\": "
    start.quote(plan.name)
    start += ", \"seeds\": \(plan.seeds), \"variants\": ["
    try take(start)
    let portion = 4096
    for first in stride(from: 0, to: plan.variants.count, by: portion) {
      let rows = first..<min(first + portion, plan.variants.count)
      for text in concurrentText(rows, { write(row: $0, to: &$1) }) { try take(text) }
    }
    try take(TextBuilder("\n]}\n"))
  }

  private func write(row index: Int, to text: inout TextBuilder) {
    let (planned, row) = (plan.variants[index], row(index))
    let (generator, discriminator) = (planned.variant.generator, planned.variant.discriminator)
    text += index == 0 ? "\n  {\"id\": " : ",\n  {\"id\": "
    text.quote(row.id)
    text += ", \"name\": "
    text.quote(expanded.names[index])
    text += ", \"label\": "
    text.quote(planned.label)
    text += ", \"table\": "
    text.quote(planned.table)
    text += ", \"status\": "
    text.quote(row.status)
    text += ", \"reason\": "
    text.quote(orNull: row.reason)
    text += ", \"same_family_as\": "
    text.quote(orNull: row.sameAs)
    text += ", \"circuit\": "
    text.add(generator.circuit)
    text += ", \"hidden\": ["
    text.list(generator.hidden)
    text += "], \"latent\": "
    text += generator.latent
    text += ", \"conditioned\": "
    text += generator.conditioned
    text += ", \"features\": "
    text.quote(generator.features.rawValue)
    text += ", \"train_angles\": "
    text += generator.trainAngles
    text += ", \"discriminator\": {\"hidden\": ["
    text.list(discriminator.hidden)
    text += "], \"circuit\": "
    text.add(discriminator.circuit)
    text += "}, \"parameters\": "
    if let parameters = row.parameters {
      text += "{\"circuit\": "
      text += parameters.circuit
      text += ", \"generator\": "
      text += parameters.generator
      text += ", \"discriminator\": "
      text += parameters.discriminator
      text += "}"
    } else {
      text += "null"
    }
    text += ", \"training\": "
    text.add(departures: planned.settings)
    text += ", \"dataset\": {\"source\": "
    text.quote(planned.dataset.source)
    text += ", \"energies\": [" + energyNames(planned.dataset.energies)
    text += "], \"events\": "
    text += planned.dataset.eventsPerEnergy
    text += "}, \"budget\": {\"checkpoints\": "
    text += planned.budget.checkpoints?.description ?? "null"
    text += ", \"training_seconds\": "
    text += planned.budget.trainingSeconds?.description ?? "null"
    text += "}, \"baseline\": "
    text.quote(orNull: planned.baseline)
    text += ", \"reference\": "
    text.quote(orNull: planned.reference)
    text += "}"
  }
}

extension TextBuilder {
  /// Numbers and flags stay what they are.
  fileprivate mutating func add(departures settings: TrainingSettings) {
    var separator = "{"
    settings.eachDeparture { key, value, isWord in
      self += separator
      quote(key)
      self += ": "
      if isWord { quote(value) } else { self += value }
      separator = ", "
    }
    self += separator == "{" ? "{}" : "}"
  }

  fileprivate mutating func add(_ circuit: Circuit?) {
    guard let circuit else {
      self += "null"
      return
    }
    self += "{\"qubits\": "
    self += circuit.qubits
    self += ", \"cnot\": ["
    list(circuit.cnot)
    self += "], \"rz\": "
    self += circuit.rz
    self += ", \"repetitions\": "
    self += circuit.repetitions
    self += ", \"order\": "
    quote(circuit.order.rawValue)
    self += ", \"ring\": "
    self += circuit.ring
    self += ", \"reupload\": "
    self += circuit.reupload
    self += "}"
  }

  fileprivate mutating func quote(orNull value: String?) {
    if let value { quote(value) } else { self += "null" }
  }
}

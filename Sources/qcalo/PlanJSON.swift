import Ansatz
import Experiment
import Foundation

extension PlanListing {
  /// Writes the plan as JSON, row by row: a sweep may have a hundred thousand.
  func writeJSON() {
    var text = "{\"schema\": 1, \"sweep\": \(quoted(plan.name)), \"seeds\": \(plan.seeds), \"variants\": ["
    for (index, planned) in plan.variants.enumerated() {
      text += index == 0 ? "\n  " : ",\n  "
      text += json(planned)
      if text.utf8.count > 1 << 20 {
        FileHandle.standardOutput.write(Data(text.utf8))
        text = ""
      }
    }
    FileHandle.standardOutput.write(Data((text + "\n]}\n").utf8))
  }

  private func json(_ planned: PlannedVariant) -> String {
    let row = row(planned)
    let (generator, discriminator) = (planned.variant.generator, planned.variant.discriminator)
    let parameters =
      row.parameters.map {
        "{\"circuit\": \($0.circuit), \"generator\": \($0.generator), \"discriminator\": \($0.discriminator)}"
      } ?? "null"
    let members = [
      "\"id\": \(quoted(row.id))", "\"name\": \(quoted(planned.name))", "\"label\": \(quoted(planned.label))",
      "\"table\": \(quoted(planned.table))", "\"status\": \(quoted(row.status))", "\"reason\": \(optional(row.reason))",
      "\"circuit\": \(json(generator.circuit))", "\"hidden\": \(list(generator.hidden))",
      "\"latent\": \(generator.latent)", "\"conditioned\": \(generator.conditioned)",
      "\"features\": \(quoted(generator.features.rawValue))", "\"train_angles\": \(generator.trainAngles)",
      "\"discriminator\": {\"hidden\": \(list(discriminator.hidden)), \"circuit\": \(json(discriminator.circuit))}",
      "\"parameters\": \(parameters)",
      "\"training\": {\(planned.settings.departures.map(json(departure:)).joined(separator: ", "))}",
      "\"dataset\": {\"source\": \(quoted(planned.dataset.source)), "
        + "\"energies\": [\(planned.dataset.energiesText)], \"events\": \(planned.dataset.eventsPerEnergy)}",
      "\"budget\": {\"checkpoints\": \(number(planned.budget.checkpoints)), "
        + "\"training_seconds\": \(number(planned.budget.trainingSeconds))}",
      "\"baseline\": \(optional(planned.baseline))", "\"reference\": \(optional(planned.reference))",
    ]
    return "{" + members.joined(separator: ", ") + "}"
  }

  /// "batch_size 20" as a member; numbers and flags stay what they are.
  private func json(departure: String) -> String {
    let parts = departure.split(separator: " ", maxSplits: 1).map(String.init)
    let isPlain = Double(parts[1]) != nil || ["true", "false"].contains(parts[1])
    return "\(quoted(parts[0])): \(isPlain ? parts[1] : quoted(parts[1]))"
  }

  private func json(_ circuit: Circuit?) -> String {
    guard let circuit else { return "null" }
    return "{\"qubits\": \(circuit.qubits), \"cnot\": \(list(circuit.cnot)), \"rz\": \(circuit.rz), "
      + "\"repetitions\": \(circuit.repetitions), \"order\": \(quoted(circuit.order.rawValue)), "
      + "\"ring\": \(circuit.ring), \"reupload\": \(circuit.reupload)}"
  }

  private func list(_ values: [Int]) -> String { "[" + values.map { $0.description }.joined(separator: ", ") + "]" }
  private func optional(_ value: String?) -> String { value.map(quoted) ?? "null" }
  private func number(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "null" }

  /// A JSON string. Labels have no control characters; paths might.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1f}":
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

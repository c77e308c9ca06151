import Ansatz
import Experiment
import Foundation
import Sweeps

extension PlanListing {
  /// Writes the plan as JSON, in portions: a sweep may have a hundred thousand rows.
  func writeJSON() {
    write("{\"schema\": 1, \"sweep\": \(quoted(plan.name)), \"seeds\": \(plan.seeds), \"variants\": [")
    let portion = 4096
    for start in stride(from: 0, to: plan.variants.count, by: portion) {
      let rows = start..<min(start + portion, plan.variants.count)
      write(concurrentMap(rows) { text(of: $0) }.joined())
    }
    write("\n]}\n")
  }

  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  private func text(of index: Int) -> String {
    var text = index == 0 ? "\n  " : ",\n  "
    text.reserveCapacity(1024)
    let (planned, row) = (plan.variants[index], row(index))
    let (generator, discriminator) = (planned.variant.generator, planned.variant.discriminator)
    func member(_ name: String, _ value: String) {
      text += ", \""
      text += name
      text += "\": "
      text += value
    }
    text += "{\"id\": "
    text += quoted(row.id)
    member("name", quoted(expanded.names[index]))
    member("label", quoted(planned.label))
    member("table", quoted(planned.table))
    member("status", quoted(row.status))
    member("reason", optional(row.reason))
    member("same_family_as", optional(row.sameAs))
    member("circuit", json(generator.circuit))
    member("hidden", list(generator.hidden))
    member("latent", generator.latent.description)
    member("conditioned", generator.conditioned.description)
    member("features", quoted(generator.features.rawValue))
    member("train_angles", generator.trainAngles.description)
    member("discriminator", "{\"hidden\": " + list(discriminator.hidden))
    member("circuit", json(discriminator.circuit) + "}")
    if let parameters = row.parameters {
      member("parameters", "{\"circuit\": " + parameters.circuit.description)
      member("generator", parameters.generator.description)
      member("discriminator", parameters.discriminator.description + "}")
    } else {
      member("parameters", "null")
    }
    member("training", "{" + planned.settings.departures.map(json(departure:)).joined(separator: ", ") + "}")
    member("dataset", "{\"source\": " + quoted(planned.dataset.source))
    member("energies", "[" + planned.dataset.energiesText + "]")
    member("events", planned.dataset.eventsPerEnergy.description + "}")
    member("budget", "{\"checkpoints\": " + number(planned.budget.checkpoints))
    member("training_seconds", number(planned.budget.trainingSeconds) + "}")
    member("baseline", optional(planned.baseline))
    member("reference", optional(planned.reference))
    return text + "}"
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
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
      return "\"" + text + "\""
    }
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

package import Ansatz
import FoundationEssentials

/// A noise model from a JSON file, or from JSON itself, as `qcalo` passes on what a YAML file says.
package enum NoiseFile {
  /// - Parameters:
  ///   - source: A file's path, or an object's text, which begins with "{".
  ///   - circuit: What is to be carried out under the noise; nil for any.
  /// - Returns: A model without a flaw.
  /// - Throws: `InputError` when it is none, no device has that noise, or it names a qubit that the circuit does not have.
  package static func noise(_ source: String, for circuit: Circuit? = nil) throws -> NoiseModel {
    let isText = source.hasPrefix("{")
    let name = isText ? "--noise" : source
    let data = isText ? Data(source.utf8) : try InputFile.data(of: source)
    if let key = CanonicalJSON.repeatedKey(in: data) { throw InputError("\(name): the key '\(key)' stands twice") }
    do {
      let noise: NoiseModel = try CanonicalJSON.value(from: data)
      if let flaw = noise.flaw ?? circuit.flatMap(noise.flaw(for:)) { throw InputError("\(name): \(flaw)") }
      return noise
    } catch let error as DecodingError {
      throw InputError("\(name): not a noise model: \(error.explanation)")
    }
  }
}

extension NoiseModel {
  /// Why a circuit cannot be carried out under this noise, as a clause; nil when it can.
  package func flaw(for circuit: Circuit) -> String? {
    guard let qubit = highestQubit, qubit >= circuit.qubits else { return nil }
    return "the model names qubit \(qubit), and \(circuit.name) has \(counted(circuit.qubits, "qubit")), from 0 on; "
      + "take it out of the model, or give the circuit a model of its own"
  }
}

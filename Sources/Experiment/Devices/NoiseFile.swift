package import Ansatz
import FoundationEssentials

/// A noise model from a JSON file, or from JSON itself, as `qcalo` passes on what a YAML file says.
package enum NoiseFile {
  /// - Parameter source: A file's path, or an object's text, which begins with "{".
  /// - Returns: A model without a flaw.
  /// - Throws: `InputError` when it is none, or no device has that noise.
  package static func noise(_ source: String) throws -> NoiseModel {
    let isText = source.hasPrefix("{")
    let name = isText ? "--noise" : source
    let data = isText ? Data(source.utf8) : try InputFile.data(of: source)
    if let key = CanonicalJSON.repeatedKey(in: data) { throw InputError("\(name): the key '\(key)' stands twice") }
    do {
      let noise: NoiseModel = try CanonicalJSON.value(from: data)
      if let flaw = noise.flaw { throw InputError("\(name): \(flaw)") }
      return noise
    } catch let error as DecodingError {
      throw InputError("\(name): not a noise model: \(error.explanation)")
    }
  }
}

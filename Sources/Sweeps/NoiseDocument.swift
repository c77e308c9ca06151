import Ansatz
import Experiment
import Foundation
import Storage
import Yams

/// A noise model's file in YAML, which what computes does not read.
package enum NoiseDocument {
  /// The model as JSON, on one line.
  /// - Parameter path: The file.
  /// - Throws: `InputError` when it is none, or no device has that noise.
  package static func json(of path: String) throws -> String {
    guard let text = String(validating: try InputFile.bytes(of: path), as: UTF8.self) else {
      throw InputError("\(path): is not text in UTF-8")
    }
    do {
      let noise = try YAMLDecoder().decode(NoiseModel.self, from: text)
      if let flaw = noise.flaw { throw InputError("\(path): \(flaw)") }
      return String(decoding: try CanonicalJSON.data(noise), as: UTF8.self)
    } catch let error as DecodingError {
      throw InputError("\(path): not a noise model: \(error.explanation)")
    } catch let error as YamlError {
      throw InputError("\(path): not YAML: \(error)")
    }
  }
}

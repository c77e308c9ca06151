import Ansatz
import Experiment
import Foundation
import Yams

/// A noise model's file in YAML, which what computes does not read.
package enum NoiseDocument {
  /// The model as JSON, on one line.
  /// - Parameter path: The file.
  /// - Returns: What the worker's `--noise` takes.
  /// - Throws: `SweepError` when it is no YAML; `InputError` when it is no model, or no device has that noise.
  package static func json(of path: String) throws -> String {
    String(decoding: try CanonicalJSON.data(noise(of: path)), as: UTF8.self)
  }

  /// The model.
  /// - Parameter path: The file.
  /// - Returns: One without a flaw.
  /// - Throws: As `json`.
  static func noise(of path: String) throws -> NoiseModel {
    let document = try SweepReader.document(path)
    do {
      let noise = try YAMLDecoder().decode(NoiseModel.self, from: document)
      if let flaw = noise.flaw { throw InputError("\(path): \(flaw)") }
      return noise
    } catch let error as DecodingError {
      throw InputError("\(path): not a noise model: \(error.explanation)")
    }
  }
}

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
      if let problem = problem(with: document) { throw InputError("\(path):\(problem)") }
      if let flaw = noise.flaw { throw InputError("\(path): \(flaw)") }
      return noise
    } catch let error as DecodingError {
      throw InputError("\(path): not a noise model: \(error.explanation)")
    }
  }

  /// What Yams reads as a number, or as none, and a sweep file does not (`1:40` is 100 to it), with its line; nil for
  /// nothing.
  private static func problem(with node: Node, under group: String = "") -> String? {
    guard case .mapping(let mapping) = node else { return nil }
    var seen: Set<String> = []
    for (keyNode, value) in mapping {
      let key = group + keyNode.text
      let line = (value.mark ?? keyNode.mark)?.line ?? 1
      if !seen.insert(key).inserted { return "\(line): \(key) stands twice in the same group" }
      if case .scalar(let scalar) = value, scalar.style != .plain || DecimalNumber(scalar.string) == nil {
        let hint = CoreSchema.isNull(scalar.string) ? "; write one, or leave the key out" : ""
        return "\(line): \(key): \(value.isNot(group.isEmpty ? "a group of keys" : "a number").text)\(hint)"
      }
      if let problem = problem(with: value, under: key + ".") { return problem }
    }
    return nil
  }
}

import Experiment
import FoundationEssentials

extension JournalRecord {
  /// Reads a line as JSON of any form.
  /// - Throws: `DecodingError`, also for a key that no record has: a misspelt one would pass for one that is absent.
  init(strictly line: Data) throws {
    self = try CanonicalJSON.value(from: line)
    let known = try CanonicalJSON.value(KeyTree.self, from: CanonicalJSON.data(self))
    if let key = try CanonicalJSON.value(KeyTree.self, from: line).key(notIn: known) {
      // A checksum that is not where it was written cannot fit.
      let what = key == "crc" ? LineChecksum.changed : "\(key): a record has no such key; is it misspelt?"
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: what))
    }
  }
}

/// The keys of a JSON text, without its values.
private enum KeyTree: Decodable {
  case object([String: KeyTree])
  case list([KeyTree])
  case value
  case null

  init(from decoder: any Decoder) throws {
    if let object = try? decoder.singleValueContainer().decode([String: KeyTree].self) {
      self = .object(object)
    } else if let list = try? decoder.singleValueContainer().decode([KeyTree].self) {
      self = .list(list)
    } else {
      self = try decoder.singleValueContainer().decodeNil() ? .null : .value
    }
  }

  /// The path of the first key that another tree lacks; nil when it has them all.
  ///
  /// A null is as good as no key, and χ²/NDF without degrees of freedom, which earlier workers wrote, is not written
  /// again.
  func key(notIn known: KeyTree) -> String? {
    switch (self, known) {
    case (.object(let here), .object(let there)):
      for (key, tree) in here.sorted(by: { $0.key < $1.key }) {
        if case .null = tree { continue }
        guard let other = there[key] else {
          if key == "reduced" { continue }
          return key
        }
        if let inner = tree.key(notIn: other) { return "\(key).\(inner)" }
      }
      return nil
    case (.list(let here), .list(let there)):
      return zip(here, there).lazy.compactMap { $0.key(notIn: $1) }.first
    default: return nil
    }
  }
}

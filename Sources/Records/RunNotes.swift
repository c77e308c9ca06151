import Foundation

/// What a person has written on a run: the content of its folder's `notes.json`.
package struct RunNotes: Codable, Hashable, Sendable {
  /// Words to find it by, each once and in order: letters, digits and hyphens.
  package private(set) var tags: [String] = []
  /// A text; "" for none.
  package var text = ""

  package init() {}

  /// The same with more tags, and without others.
  package mutating func mark(_ more: [String], without less: [String] = []) {
    tags = Set(tags).union(more).subtracting(less).sorted()
  }

  /// What is wrong with a tag, a clause; nil when nothing is.
  package static func flaw(inTag tag: String) -> String? {
    let isWord = !tag.isEmpty && tag.count <= 40 && tag.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
    return isWord ? nil : "'\(tag)' is no tag: letters, digits and hyphens, 40 at most"
  }

  /// The file's name in the run's folder.
  package static let fileName = "notes.json"
}

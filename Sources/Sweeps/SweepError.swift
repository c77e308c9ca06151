package import Experiment
import Storage

/// What is wrong with a sweep file, all of it at once: `file:line: sentence`, one a line.
package struct SweepError: EndingError, Hashable, Sendable, CustomStringConvertible {
  /// The sentences, each beginning with `file:line:`.
  package var problems: [String]

  /// - Parameter problems: The sentences; what a file holds cannot break one in two.
  package init(problems: [String]) { self.problems = problems.map(\.printable) }

  package var description: String { problems.joined(separator: "\n") }
  package var programEnd: ProgramEnd { .badInput }
}

/// Where something stands in a sweep file.
struct Place: Hashable {
  var file: String
  var line: Int
}

/// The problems found so far, each once.
final class Problems {
  private static let shown = 20
  private var texts: [String] = []
  private var seen: Set<String> = []

  func add(_ text: String, at place: Place) {
    let sentence = "\(place.file):\(place.line): \(text)"
    if seen.insert(sentence).inserted { texts.append(sentence) }
  }

  var isEmpty: Bool { texts.isEmpty }

  /// All of them as one error; a long list is cut.
  func check() throws(SweepError) {
    guard !texts.isEmpty else { return }
    let more = texts.count - Self.shown
    throw SweepError(problems: more > 0 ? texts.prefix(Self.shown) + ["… and \(more) more"] : texts)
  }
}

/// Why a value cannot be used, as a clause: "5 is not a list", or "is not given" of the key itself.
struct Flaw: Error {
  var text: String
  init(_ text: String) { self.text = text }

  /// The clause, said of a key.
  static func said(of key: String, _ clause: String) -> String {
    clause.hasPrefix("is ") || clause.hasPrefix("has ") ? "\(key) \(clause)" : "\(key): \(clause)"
  }
}

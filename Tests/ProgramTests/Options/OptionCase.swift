import Foundation
import TestSupport

/// One option of one verb, and what tells a start with it from one without.
struct OptionCase: Sendable, CustomStringConvertible {
  /// Where the effect shows.
  enum Proof: Sendable {
    /// The words before the option and it with its value, and a text that only the second start brings about.
    case shown(base: [String], given: [String], tells: String, then: String?, writes: Bool, worker: String?)
    /// A test elsewhere, by its file below Tests and a part of its text that names the option.
    case tested(in: String, by: String)
  }

  /// The program and its verb, such as `qcalo-worker circuit draw`.
  var verb: String
  /// The option as the parser spells it: `--limit`.
  var option: String
  var proof: Proof

  var description: String { "\(verb) \(option)" }
}

/// The rows of one verb.
struct VerbOptions {
  let verb: String
  /// The words of a start without the option under test; a row may have others.
  let base: String
  /// Whether its starts write, so that each needs a workspace of its own.
  let writes: Bool
  /// The worker in place of the real one.
  let worker: String?
  private(set) var rows: [OptionCase] = []

  init(_ verb: String, _ base: String = "", writes: Bool = false, worker: String? = nil) {
    (self.verb, self.base, self.writes, self.worker) = (verb, base, writes, worker)
  }

  /// A row whose effect a start shows.
  /// - Parameters:
  ///   - given: The option with its value.
  ///   - tells: Stands in what the start with the option prints, and not in what the one without it prints.
  ///   - base: The words before it, if others than the verb's.
  ///   - then: A line of the shell after each of the two starts; what it prints counts, too.
  /// - Returns: The rows with this one.
  func with(_ given: String, tells: String, base: String? = nil, then: String? = nil) -> Self {
    let words = Self.words(given)
    return adding(
      OptionCase(
        verb: verb, option: words[0],
        proof: .shown(
          base: Self.words(base ?? self.base), given: words, tells: tells, then: then, writes: writes, worker: worker)))
  }

  /// A row whose effect another test shows.
  func tested(_ option: String, in file: String, by text: String) -> Self {
    adding(OptionCase(verb: verb, option: option, proof: .tested(in: file, by: text)))
  }

  /// Rows of where a workspace is and how tables are printed.
  /// - Parameters:
  ///   - missing: What is said of a workspace that is not there; nil where the verb has no such option.
  ///   - formula: A cell of the table that a spreadsheet would run; nil for a table that cannot have one, where all that
  ///     the option changes is that it is refused.
  /// - Returns: The rows with these.
  func printing(missing: String?, formula: String?) -> Self {
    let rows = missing.map { with("--workspace elsewhere", tells: $0) } ?? self
    return rows.with("--format json", tells: "exit 0\n{")
      .with(
        "--csv-safe", tells: formula.map { "'\($0)" } ?? "--csv-safe belongs to --format csv.",
        base: formula == nil ? nil : base + " --format csv")
  }

  private func adding(_ row: OptionCase) -> Self {
    var copy = self
    copy.rows.append(row)
    return copy
  }

  /// Words with spaces between them, or in single quotes.
  private static func words(_ line: String) -> [String] {
    line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { number, part in
      number % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
  }
}

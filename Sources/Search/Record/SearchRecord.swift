import Experiment
package import FoundationEssentials

/// What the file of a search says, `searches/<sweep>.jsonl`: a line for what the search is to do, whenever that was changed,
/// and one for each decision, in their order.
///
/// In the file trials are numbered from 1, a rung is its checkpoint, and keys and values are spelt as in sweep files.
package struct SearchRecord: Hashable, Sendable {
  /// The version of the format; 1 had the names and numbers of the program's own types.
  package static let format = 2

  /// A decision, and when it was made.
  package struct Entry: Hashable, Sendable {
    /// What was decided.
    package var decision: SearchDecision
    /// Seconds since 1970-01-01 00:00 UTC.
    package var time: Double
  }

  /// What the search is to do, as it was last told; nil for a search that has not begun.
  package private(set) var specification: SearchSpecification?
  /// What its trials have in common, as it was last told; nil in a file of an earlier version.
  package private(set) var base: SearchBase?
  /// What was decided, in order.
  package private(set) var entries: [Entry] = []
  /// Why nothing comes next, a sentence; nil while something may.
  package private(set) var end: String?
  /// The rung that each trial was sent to.
  private var rungs: [Int] = []

  /// What was decided, in order, without the times.
  package var decisions: [SearchDecision] { entries.map(\.decision) }

  /// Reads a file's content.
  ///
  /// A line that a killed writer left half is none: nothing was done of it.
  /// - Parameters:
  ///   - data: The content.
  ///   - path: The file, for messages.
  /// - Throws: `InputError` for a line that does not follow from those before it, or is of another version.
  package init(_ data: Data, path: String) throws {
    for (number, text) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      func wrong(_ clause: String) -> InputError { InputError("\(path):\(number + 1): \(clause)") }
      let line: Line
      do {
        line = try CanonicalJSON.value(from: Data(text))
      } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
        continue
      } catch let error as DecodingError {
        if let head = try? CanonicalJSON.value(Head.self, from: Data(text)), let clause = head.otherFormat {
          throw wrong(clause)
        }
        throw wrong("it is no line of a search's decisions: \(error.explanation)")
      }
      if let clause = take(line) { throw wrong(clause) }
    }
  }

  /// Takes what the search is to do from now on.
  /// - Returns: The line of the file.
  package mutating func take(
    _ wanted: SearchSpecification, on base: SearchBase? = nil, at time: Double
  ) throws -> Data {
    (specification, self.base, end) = (wanted, base, nil)
    return try CanonicalJSON.data(Line(time: time, format: Self.format, search: SpeltSearch(wanted), base: base))
  }

  /// Takes why nothing comes next.
  /// - Returns: The line of the file.
  package mutating func take(end sentence: String, at time: Double) throws -> Data {
    end = sentence
    return try CanonicalJSON.data(Line(time: time, end: sentence))
  }

  /// Takes a decision.
  /// - Returns: The line of the file.
  /// - Precondition: It was told what it is to do.
  package mutating func take(_ decision: SearchDecision, at time: Double) throws -> Data {
    guard let specification else { preconditionFailure("a decision of a search that has nothing to do") }
    note(decision, at: time)
    return try CanonicalJSON.data(Line(time: time, decision: SpeltDecision(decision, specification)))
  }

  private mutating func note(_ decision: SearchDecision, at time: Double) {
    if decision.trial == rungs.count { rungs.append(decision.rung) } else { rungs[decision.trial] = decision.rung }
    entries.append(Entry(decision: decision, time: time))
    end = nil
  }

  /// Takes a line in; returns what is wrong with it, a clause.
  private mutating func take(_ line: Line) -> String? {
    if let search = line.search {
      if let clause = Head(format: line.format ?? 1).otherFormat { return clause }
      guard let known = search.specification else { return "the search's space or rungs are none" }
      if !entries.isEmpty, known.space != specification?.space || known.rungs != specification?.rungs {
        return "its space or rungs are not those of the decisions before it"
      }
      (specification, base, end) = (known, line.base, nil)
    }
    if let sentence = line.end { end = sentence }
    guard let spelt = line.decision else { return nil }
    guard let specification, let decision = spelt.decision(specification) else {
      return "trial \(spelt.trial) has no such point or checkpoint in the search; a line before it may be damaged"
    }
    let isNext =
      decision.point != nil
      ? decision.trial == rungs.count
      : rungs.indices.contains(decision.trial) && decision.rung == rungs[decision.trial] + 1
    guard isNext else { return "trial \(spelt.trial) is not where this decision finds it; a line before it is damaged" }
    note(decision, at: line.time)
    return nil
  }

  /// What every version has.
  private struct Head: Codable {
    var format: Int?
    /// What format 1 called it.
    var schema: Int?

    /// Why a line of another version cannot be read, a clause; nil for one of this version.
    var otherFormat: String? {
      guard let written = format ?? schema, written != SearchRecord.format else { return nil }
      return
        "it is of format \(written), and this software reads \(SearchRecord.format); give the sweep another name to begin anew"
    }
  }

  private struct Line: Codable {
    var time: Double
    var format: Int?
    var search: SpeltSearch?
    var base: SearchBase?
    var decision: SpeltDecision?
    var end: String?
  }
}

/// What all trials of a search have in common: what its points leave open, the data, and the seeds.
package struct SearchBase: Codable, Hashable, Sendable {
  /// SHA-256 of what some points come to.
  package var models: String
  /// The seeds of a trial.
  package var seeds: [UInt64]

  package init(models: String, seeds: [UInt64]) { (self.models, self.seeds) = (models, seeds) }

  /// Whether what was decided on another holds on this, too: of the same, with more seeds or fewer.
  package func holds(whatHeldOn other: Self) -> Bool {
    models == other.models && zip(seeds, other.seeds).allSatisfy { $0 == $1 }
  }
}

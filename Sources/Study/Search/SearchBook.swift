import Experiment
import Foundation
import Ledger
import Search
import Storage

/// The file of what a search has decided, `searches/<sweep>.jsonl`: a line for what it is to do, whenever that was
/// changed, and one for each decision, on the disk before anything of it is trained.
struct SearchBook {
  private let path: String
  /// What the search is to do, as it was last told; nil for a search that has not begun.
  private(set) var specification: SearchSpecification?
  /// What was decided, in order.
  private(set) var decisions: [SearchDecision] = []

  private struct Line: Codable {
    /// Seconds since 1970-01-01 00:00 UTC.
    var time: Double
    /// The version of this format, beside `search`.
    var schema: Int?
    var search: SearchSpecification?
    var decision: SearchDecision?
  }

  private static let schema = 1

  /// The path of a sweep's lock, which one process has that decides.
  static func lock(_ sweep: String, in workspace: Workspace) -> String { "\(workspace.searches)/\(sweep).lock" }

  /// Reads it; a line that a killed writer left half is none, since nothing was done of it.
  /// - Throws: `InputError` for one of a later version; `StorageError`.
  init(_ sweep: String, in workspace: Workspace) throws {
    path = "\(workspace.searches)/\(sweep).jsonl"
    guard let bytes = try FileContent.bytes(ifThere: path) else { return }
    for text in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? CanonicalJSON.value(Line.self, from: Data(text)) else { continue }
      if let schema = line.schema, schema > Self.schema {
        throw InputError("\(path): it is of a later version of qcalo, with the format \(schema)")
      }
      if let search = line.search { specification = search }
      if let decision = line.decision { decisions.append(decision) }
    }
  }

  /// Takes what the search is to do from now on.
  /// - Throws: `InputError` where decisions were made for other points or rungs; `StorageError`.
  mutating func take(_ wanted: SearchSpecification) throws {
    if let known = specification, !decisions.isEmpty, known.space != wanted.space || known.rungs != wanted.rungs {
      throw InputError(
        "search: its \(known.space != wanted.space ? "space" : "rungs") had other values when its \(counted(decisions.count, "decision")) "
          + "were made (\(path)); give the sweep another name to begin anew")
    }
    guard specification != wanted else { return }
    try append(Line(time: Self.now, schema: Self.schema, search: wanted))
    specification = wanted
  }

  /// Records a decision.
  /// - Throws: `StorageError`.
  mutating func append(_ decision: SearchDecision) throws {
    try append(Line(time: Self.now, decision: decision))
    decisions.append(decision)
  }

  private func append(_ line: Line) throws {
    try Folder.make(Folder.parent(of: path))
    try DurableFile.append(line: CanonicalJSON.data(line), to: path)
  }

  private static var now: Double { Date().timeIntervalSince1970 }
}

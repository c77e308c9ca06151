import Experiment
package import Storage

/// The folder of one run: `job.json`, `journal`, `checkpoints`, `set-aside`, `lock`.
package struct RunFolder: Hashable, Sendable {
  /// The folder's path; never empty.
  package var path: String

  package init(_ path: String) { self.path = path.isEmpty ? "." : path }

  /// The job description's path.
  package var jobFile: String { path + "/job.json" }
  /// The folder of the attempts' journals.
  package var journalFolder: String { path + "/journal" }
  /// The folder of the checkpoints.
  package var checkpointFolder: String { path + "/checkpoints" }
  /// The folder of what was damaged.
  package var setAsideFolder: String { path + "/set-aside" }
  /// The path of the file that names who trains the run.
  package var lockFile: String { path + "/lock" }

  /// The path of an attempt's journal, `journal/attempt-NNNN.jsonl`.
  package func journal(_ attempt: Int) -> String { journalFolder + "/" + Self.journalName(attempt) }

  /// The numbers of the attempts that have a journal, ascending.
  package func attempts() throws(StorageError) -> [Int] {
    try Folder.names(in: journalFolder).compactMap(Self.attempt(ofJournal:)).sorted()
  }

  /// The name of an attempt's journal.
  package static func journalName(_ attempt: Int) -> String {
    let digits = String(attempt)
    return "attempt-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".jsonl"
  }

  /// The attempt that a file's name is of; nil when it is no journal's.
  package static func attempt(ofJournal name: String) -> Int? {
    guard name.hasPrefix("attempt-"), name.hasSuffix(".jsonl"), let number = Int(name.dropFirst(8).dropLast(6)),
      Bounds.attempts.contains(number), journalName(number) == name
    else { return nil }
    return number
  }
}

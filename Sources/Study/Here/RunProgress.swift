import Experiment
import Foundation
import Ledger
import Records

/// How far a run is, read from its journals as they grow.
package struct RunProgress {
  private let run: String
  private let folder: RunFolder
  /// The newest attempt and its journal; nil before the first.
  private var attempt = 0
  private var journal: JournalReader?

  /// The number of the last checkpoint that is recorded; nil before the first.
  package private(set) var checkpoint: Int?
  private(set) var iteration = 0
  private(set) var reduced: Double?
  private(set) var best: (checkpoint: Int, reduced: Double)?
  private(set) var cost = Cost()
  /// How the last attempt ended; nil while it has not.
  private(set) var end: AttemptEnd?
  /// What the worker has to tell, such as a damaged checkpoint that was set aside, since it was last asked for.
  private var notices: [String] = []
  /// When the attempt began and where, for its speed.
  private var start: (time: Double, iteration: Int)?
  private var lastTime = 0.0

  init(_ run: String, in workspace: Workspace) {
    self.run = run
    folder = RunFolder(workspace.runFolder(run))
  }

  /// Reads what is new, whole lines only.
  /// - Returns: Whether there was something.
  mutating func advance() -> Bool {
    var found = false
    while true {
      if read() { found = true }
      // An attempt's journal is complete once the next one exists.
      let next = folder.journal(attempt + 1)
      guard FileManager.default.fileExists(atPath: next) else { return found }
      (attempt, journal) = (attempt + 1, JournalReader(next))
    }
  }

  private mutating func read() -> Bool {
    guard var reader = journal else { return false }
    let before = reader.lines
    // What cannot be read is the ledger's to report.
    try? reader.read(of: run) { _, line in if case .record(let record) = line { note(record) } }
    journal = reader
    return reader.lines > before
  }

  private mutating func note(_ record: JournalRecord) {
    lastTime = record.time
    switch record.event {
    case .attemptStarted(let started):
      (start, end) = ((record.time, started.iteration), nil)
      iteration = started.iteration
    case .checkpoint(let found):
      (checkpoint, iteration, cost) = (found.checkpoint, found.iteration, found.cost)
      let value = found.evaluation.reduced
      reduced = value
      if value.isFinite, value < best?.reduced ?? .infinity { best = (found.checkpoint, value) }
    case .attemptEnded(let ended):
      (end, iteration, cost) = (ended, ended.iteration, ended.cost)
    case .notice(let text): notices.append(text)
    }
  }

  mutating func takeNotices() -> [String] {
    defer { notices = [] }
    return notices
  }

  /// Iterations per second of this attempt, evaluation and checkpoints included; nil before it is known.
  var rate: Double? {
    guard let start, lastTime > start.time, iteration > start.iteration else { return nil }
    return Double(iteration - start.iteration) / (lastTime - start.time)
  }

  /// Seconds until the budget is used, whichever part of it is first; nil where that is not known.
  func secondsLeft(_ job: JobDescription) -> Double? {
    guard let rate else { return nil }
    let byCheckpoints = job.budget.checkpoints.map {
      Double(max(0, $0 * job.settings.checkpointInterval - iteration)) / rate
    }
    let byTime: Double? = job.budget.trainingSeconds.flatMap { seconds in
      guard cost.training > 0 else { return nil }
      let share = cost.training / (cost.training + cost.evaluation + cost.checkpointing)
      return max(0, seconds - cost.training) / share
    }
    return [byCheckpoints, byTime].compactMap(\.self).min()
  }

  /// "checkpoint 12 of 125, χ²/NDF 35.9, best 28.4 at 10, 98 it/s, 3 min left".
  func line(_ job: JobDescription) -> String {
    guard let checkpoint else { return "starting" }
    var parts = ["checkpoint \(checkpoint)" + (job.budget.checkpoints.map { " of \($0)" } ?? "")]
    if let reduced { parts.append("χ²/NDF \(Self.digits(reduced))") }
    if let best { parts.append("best \(Self.digits(best.reduced)) at \(best.checkpoint)") }
    if let rate { parts.append("\(Self.digits(rate)) it/s") }
    if let left = secondsLeft(job) { parts.append("\(Self.duration(left)) left") }
    return parts.joined(separator: ", ")
  }

  /// Three significant digits.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let places = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    return String(format: "%.\(places)f", value)
  }

  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds.rounded())) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}

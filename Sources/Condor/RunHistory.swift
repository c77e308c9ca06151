public import Experiment
internal import FoundationEssentials

/// What the journals in a run's folder say, as far as submitting needs it.
public struct RunHistory: Sendable {
  /// How the last attempt ended; nil when it has not said so, or there was none.
  public var lastEnd: AttemptEnd?
  public var attempts = 0
  public var lastCheckpoint: Int?
  /// The full checkpoints that are there, the newest two, relative to the run's folder.
  public var fullCheckpoints: [String] = []

  public init(runFolder: String) throws {
    var full: [String] = []
    for name in Files.names(in: runFolder + "/journal") where name.hasPrefix("attempt-") && name.hasSuffix(".jsonl") {
      guard let data = FileManager.default.contents(atPath: "\(runFolder)/journal/\(name)") else { continue }
      attempts += 1
      lastEnd = nil
      // A line that cannot be read, such as a torn last one, is no evidence of anything.
      for line in data.split(separator: UInt8(ascii: "\n")) {
        switch (try? CanonicalJSON.value(JournalRecord.self, from: Data(line)))?.event {
        case .checkpoint(let record):
          lastCheckpoint = max(lastCheckpoint ?? 0, record.checkpoint)
          if let file = record.full, Self.isInside(file.path) { full.append(file.path) }
        case .attemptEnded(let end): lastEnd = end
        case .attemptStarted, .notice, nil: break
        }
      }
    }
    for path in full.reversed() where !fullCheckpoints.contains(path) && Files.exists("\(runFolder)/\(path)") {
      fullCheckpoints.append(path)
      if fullCheckpoints.count == 2 { break }
    }
  }

  /// Whether another start can do nothing for the run. A larger budget lets a finished one go on.
  public func isOver(_ budget: Budget) -> Bool {
    switch lastEnd?.exit {
    case .diverged: true
    case .finished:
      budget.checkpoints.map { lastCheckpoint ?? -1 >= $0 } ?? false
        || budget.trainingSeconds.map { lastEnd?.cost.training ?? 0 >= $0 } ?? false
    default: false
    }
  }

  /// Journals come back from other machines: their paths must not lead out of the folder.
  private static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.first == "checkpoints" && Quoting.isToken(String(parts[1]))
  }
}

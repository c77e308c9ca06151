import Experiment
import FoundationEssentials

extension CondorState {
  /// What `status` says of a job, of a held one in HTCondor's own words too.
  package static func sentence(_ job: JobState, heldHours: Int?) -> String {
    switch job.phase {
    case .idle: return job.lastInterruption.map { "in the queue again: \($0)" } ?? "in the queue"
    case .running:
      return job.lostSince.map { "running, but out of sight since \(Self.clock($0))" }
        ?? "running" + (job.host.map { " on \($0)" } ?? "") + progress(of: job)
    case .suspended: return "suspended"
    case .held:
      guard let hold = job.hold else { return "held" }
      let deadline = heldHours.map { "; the site removes it at \(Self.clock(job.since + Double($0) * 3600))" } ?? ""
      return "held: \(hold.meaning) (\(hold.code)/\(hold.subcode): \(hold.text))\(deadline); "
        + hold.remedy(run: job.run ?? "RUN")
    case .ended:
      switch job.end {
      case .exited(let code):
        let meaning = ProgramEnd(rawValue: code)?.meaning ?? "an exit code that is not the worker's"
        return "left the queue with exit code \(code): \(meaning)"
      case .signalled(let number): return "left the queue, killed by signal \(number)"
      case .removed(let reason): return "removed: \(reason)"
      case .forgotten(let time): return "given up by `qcalo forget` at \(Self.clock(time))"
      case nil: return "left the queue" + (job.doubt.map { "; \($0)" } ?? "")
      }
    }
  }

  /// How far a running job is; of a pack, which of its runs it trains.
  private static func progress(of job: JobState) -> String {
    guard let progress = job.progress else { return "" }
    if let run = progress.run, run != job.run { return ", whose job is at \(run)" }
    return ", \(progress)"
  }

  /// A time for people: UTC, to the minute; seconds since 1970-01-01 00:00 UTC.
  package static func clock(_ time: Double) -> String {
    guard Bounds.date.contains(time) else { return "an unknown time" }
    let text = Date(timeIntervalSince1970: time).formatted(.iso8601)
    return text.prefix(16).replacing("T", with: " ") + " UTC"
  }
}

extension JobState.End {
  /// Whether the site has removed it for having run too long, by HTCondor's words.
  package var isForWalltime: Bool {
    guard case .removed(let reason) = self else { return false }
    let words = reason.lowercased()
    return ["wall time", "walltime", "maxruntime", "max runtime"].contains { words.contains($0) }
  }
}

extension JobState.Progress: CustomStringConvertible {
  /// `checkpoint 12, χ²/NDF 69.9`.
  package var description: String {
    "checkpoint \(checkpoint)" + (reduced.map { ", χ²/NDF \(Self.digits($0))" } ?? "")
  }

  /// Three significant digits, as the worker shows them.
  private static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 100 && scale < 1e6 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return scale == 1 ? "\(Int(saturating: rounded))" : "\(rounded)"
  }
}

/// The seconds that a job has worked, by the event log's times, and what became of them.
///
/// What is brought to the access point at exits for a checkpoint and at orderly evictions survives a kill, and comes to
/// the workspace when the job ends; what is removed takes it along.
package struct JobWork: Codable, Hashable, Sendable {
  /// When the present start began; nil while it does not work.
  private(set) var begun: Double?
  /// Up to when the present start's work, or else the last one's, is at the access point.
  private var stored = 0.0
  /// When the last start ended; nil once another has begun, or nothing can come of it any more.
  private var ended: Double?
  /// Seconds of work that are at the access point, and not in the workspace yet.
  private var kept = 0.0
  /// Seconds of work that nobody has any more.
  package private(set) var lost = 0.0

  init() {}

  /// A start begins to work.
  mutating func begin(_ time: Double) { (begun, stored, ended) = (time, time, nil) }

  /// What it has done so far has arrived at the access point.
  mutating func store(_ time: Double) {
    if let ended {
      // Logged behind the eviction that it belongs to.
      lost -= ended - stored
      kept += ended - stored
      stored = ended
    } else if begun != nil {
      kept += time - stored
      stored = time
    }
  }

  /// It does not work for so many seconds.
  mutating func pause(_ seconds: Double) { if begun != nil { stored += seconds } }

  /// The start is over: what has not arrived is lost, unless that is told later.
  mutating func end(_ time: Double) {
    guard begun != nil else { return }
    (begun, ended) = (nil, max(time, stored))
    lost += max(0, time - stored)
  }

  /// The job is over, and everything is in the workspace.
  mutating func bringBack() { (begun, ended, kept) = (nil, nil, 0) }

  /// The job is gone with what the access point had.
  mutating func drop() {
    lost += kept
    (ended, kept) = (nil, 0)
  }
}

/// What a rehearsal showed: one run trained undisturbed, and again with kills at random moments, and the two compared to
/// the last bit. Kept as `rehearsals/<binary's first 12 digits>-<run>.json` in the workspace.
public struct RehearsalRecord: Codable, Hashable, Sendable {
  public struct Kill: Codable, Hashable, Sendable {
    /// KILL or TERM.
    public var signal: String
    /// After the worker's start.
    public var seconds: Double
    public var place: Place

    public init(signal: String, seconds: Double, place: Place) {
      self.signal = signal
      self.seconds = seconds
      self.place = place
    }
  }

  /// Where in the worker's life a kill fell, as its folder shows.
  public enum Place: String, Codable, CaseIterable, Hashable, Sendable {
    /// Before the attempt was journalled.
    case start
    /// Iterating or evaluating.
    case training
    /// Between the first byte of a checkpoint and its line in the journal.
    case checkpoint
    /// Too late: the worker was done.
    case end
  }

  public var run: String
  /// Seconds since 1970-01-01 00:00 UTC.
  public var time: Double
  public var provenance: Provenance
  public var checkpoints: Int
  public var kills: [Kill]
  /// Nothing differed.
  public var passed: Bool

  public init(run: String, time: Double, provenance: Provenance, checkpoints: Int, kills: [Kill], passed: Bool) {
    self.run = run
    self.time = time
    self.provenance = provenance
    self.checkpoints = checkpoints
    self.kills = kills
    self.passed = passed
  }
}

import Storage

/// What a rehearsal showed: one run trained undisturbed, and again with kills at random moments, and the two compared to
/// the last bit. Kept in the workspace's folder `rehearsals` under `fileName`.
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

  /// Of the latest rehearsal of a run by this binary on this kind of processor.
  public var fileName: String {
    let platform = [provenance.binary, provenance.processor, provenance.kernels].joined(separator: "\n")
    return "\(provenance.binary.prefix(12))-\(SHA256.hexDigest(of: platform, digits: 4))-\(run).json"
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

import Storage

/// What a rehearsal showed: one run trained undisturbed, and again with kills at random moments, and the two compared
/// to the last bit.
///
/// Kept in the workspace's folder `rehearsals` under `fileName`.
package struct RehearsalRecord: Codable, Hashable, Sendable {
  /// One kill of the rehearsed run.
  package struct Kill: Codable, Hashable, Sendable {
    /// KILL or TERM.
    package var signal: String
    /// Seconds from the worker's start to the kill.
    package var seconds: Double
    /// Where in the worker's life it fell.
    package var place: Place

    package init(signal: String, seconds: Double, place: Place) {
      self.signal = signal
      self.seconds = seconds
      self.place = place
    }
  }

  /// Where in the worker's life a kill fell, as its folder shows.
  package enum Place: String, Codable, CaseIterable, Hashable, Sendable {
    /// The start: the attempt was not journalled yet.
    case start
    /// Iterating or evaluating.
    case training
    /// The time from the first byte of a checkpoint to its line in the journal.
    case checkpoint
    /// Too late: the worker was done.
    case end
  }

  /// The name of the file that keeps the latest rehearsal of a run by this binary on this kind of processor.
  package var fileName: String {
    let platform = [provenance.binary, provenance.processor, provenance.kernels].joined(separator: "\n")
    return "\(provenance.binary.prefix(12))-\(SHA256.hexDigest(of: platform, digits: 4))-\(run).json"
  }

  /// The identity of the rehearsed run.
  package var run: String
  /// Seconds since 1970-01-01 00:00 UTC.
  package var time: Double
  /// The binary and the machine that were rehearsed.
  package var provenance: Provenance
  /// The last checkpoint's number, to which both trainings went.
  package var checkpoints: Int
  /// The kills in order.
  package var kills: [Kill]
  /// Nothing differed.
  package var passed: Bool

  package init(run: String, time: Double, provenance: Provenance, checkpoints: Int, kills: [Kill], passed: Bool) {
    self.run = run
    self.time = time
    self.provenance = provenance
    self.checkpoints = checkpoints
    self.kills = kills
    self.passed = passed
  }
}

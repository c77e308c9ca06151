/// What a submission's jobs have trained in vain, by the batch system's event log: `submissions/<name>/lost.json`.
///
/// The journals of a start that was killed never come back, so that they cannot tell.
package struct LostWork: Codable, Hashable, Sendable {
  /// Cores that each job has.
  package var cores: Int
  /// Seconds of each run that has lost some.
  package var seconds: [String: Double]

  package init(cores: Int, seconds: [String: Double]) { (self.cores, self.seconds) = (cores, seconds) }
}

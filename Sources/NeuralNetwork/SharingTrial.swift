/// Whether to share each of many like pieces of work with helpers, found out by trying both every now and then.
///
/// Helpers can cost more than they save, and that can change at any time: on processors that do not share a cache (seen
/// on an EPYC: 10 ms an iteration of 2x, alone 7.2, within one cache 4.2), or that are busy otherwise.
struct SharingTrial {
  /// Pieces tried each way, and pieces from one trial to the next.
  static let tries = 3
  static let period = 500

  private var piece = 0
  private var together = Duration.zero
  private var alone = Duration.zero

  /// Whether to share the next piece.
  var shares: Bool {
    switch piece {
    case ..<Self.tries: true
    case ..<(2 * Self.tries): false
    default: together < alone
    }
  }

  /// What the piece took.
  mutating func note(_ time: Duration) {
    switch piece {
    case ..<Self.tries: together = piece == 0 ? time : min(together, time)
    case ..<(2 * Self.tries): alone = piece == Self.tries ? time : min(alone, time)
    default: break
    }
    piece = (piece + 1) % Self.period
  }
}

/// Whether to share each of many like pieces of work with helpers, found out by trying both every now and then.
///
/// Helpers can cost more than they save, and that can change at any time: on processors that do not share a cache (seen
/// on an EPYC: 10 ms an iteration of 2x, alone 7.1, within one cache 4.2), or where others use the processors.
struct SharingTrial {
  /// How long each way is tried: sharing for longer, since a batch system that grants one core lends two for a tenth of
  /// a second.
  ///
  /// And the time from one trial to the next.
  static let (together, alone) = (Duration.milliseconds(250), Duration.milliseconds(100))
  static let period = Duration.seconds(10)

  private var tried = (together: Span(), alone: Span())
  private var since = Duration.zero
  /// What is shared lately; where it takes longer than alone it did in the trial, that is tried anew at once.
  private var lately = Span()

  private struct Span {
    var time = Duration.zero
    var pieces = 0

    mutating func add(_ piece: Duration) { (time, pieces) = (time + piece, pieces + 1) }
    func isFaster(than other: Span) -> Bool { time * other.pieces < other.time * pieces }
  }

  /// Whether to share the next piece.
  var shares: Bool {
    if tried.together.time < Self.together { return true }
    if tried.alone.time < Self.alone { return false }
    return tried.together.isFaster(than: tried.alone)
  }

  /// What the piece took.
  mutating func note(_ piece: Duration) {
    if tried.together.time < Self.together {
      tried.together.add(piece)
    } else if tried.alone.time < Self.alone {
      tried.alone.add(piece)
    } else {
      since += piece
      if shares { lately.add(piece) }
      let isDue = lately.time >= Self.together
      if since >= Self.period || isDue && !lately.isFaster(than: tried.alone) {
        self = SharingTrial()
      } else if isDue {
        lately = Span()
      }
    }
  }
}

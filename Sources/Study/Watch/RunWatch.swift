package import Ledger

/// What becomes of runs, from one look to the next.
package struct RunWatch: Sendable {
  private var before: [String: RunNews.Kind] = [:]
  /// How many runs are being trained, or are at HTCondor, by the last look.
  package private(set) var pending = 0
  /// How many runs are neither, and have not come to a result.
  package private(set) var unfinished = 0

  /// A watch that has not looked yet: all that has ended before its first look is news to it.
  package init() {}

  /// Takes another look.
  /// - Parameters:
  ///   - statuses: Where the runs stand by their journals.
  ///   - pool: What is at HTCondor.
  /// - Returns: What has changed since the last look, in the order of the statuses.
  package mutating func look(_ statuses: [RunStatus], _ pool: PoolStatus) -> [RunNews] {
    (pending, unfinished) = (0, 0)
    var news: [RunNews] = []
    for status in statuses {
      let place = pool.state(status.run)
      let isPending = place != nil || status.state == .running || pool.isQueuedHere(status)
      if isPending { pending += 1 }
      let kind: RunNews.Kind? = place == "held" ? .held : isPending ? nil : RunNews.Kind(status.state)
      if !isPending && kind?.isResult != true { unfinished += 1 }
      if let kind, before[status.run] != kind {
        let words = kind == .held ? pool.sentence(status.run) ?? "" : status.explanation
        news.append(RunNews(kind, run: status.run, text: status.label.isEmpty ? words : "\(status.label): \(words)"))
      }
      before[status.run] = kind
    }
    return news
  }
}

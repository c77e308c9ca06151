import Experiment
package import Ledger
package import Storage
import Sweeps

/// What came of judging runs in turn.
package struct JudgedRuns<Row> {
  /// What was found, in the runs' order.
  package private(set) var rows: [Row] = []
  /// Why the last of those that could not be judged could not; nil where all were.
  package private(set) var failure: (any Error)?

  /// What a function finds of each.
  ///
  /// What cannot be judged is passed over, and told where there is more than that.
  /// - Parameters:
  ///   - items: What is judged.
  ///   - title: An item's, for what is told.
  ///   - say: Takes what is told meanwhile.
  ///   - progress: Tells how much is judged.
  ///   - isStopped: Whether this process was asked to stop: the rest is then left to another time.
  ///   - judge: Finds it.
  /// - Throws: What `judge` throws, but for `InputError` and `WorkerFailure`.
  package init<Item>(
    of items: [Item], title: (Item) -> String, say: (String) -> Void, progress: ProgressLine? = nil,
    isStopped: () -> Bool = { StopSignals.request != nil }, judge: (Item) async throws -> Row
  ) async throws {
    progress?.begin("judging generators", of: items.count)
    defer { progress?.end() }
    for (index, item) in items.enumerated() where !isStopped() {
      defer { progress?.advance() }
      say("\(index + 1) of \(items.count): evaluating \(title(item))")
      do {
        rows.append(try await judge(item))
      } catch let error where error is InputError || error is WorkerFailure {
        if items.count > 1 { say("\(title(item)) is passed over: \(error)") }
        failure = error
      }
    }
  }
}

extension Ledger {
  /// The runs that an argument means, to be judged: the finished ones of a sweep, or the run that is named.
  /// - Parameters:
  ///   - argument: A sweep's name or file, or the beginning of a run's name.
  ///   - say: Takes a sentence on runs that have not finished.
  /// - Returns: How each stands.
  /// - Throws: `LedgerError`; `InputError`, `SweepError` for a sweep's file that does not mean the recorded sweep.
  package func runs(toJudge argument: String, say: (String) -> Void) throws -> [RunStatus] {
    guard try hasSweep(meantBy: argument) else { return [try status(of: argument)] }
    let sweep = try workspace.sweep(meantBy: argument)
    let all = try statuses(sweep: sweep)
    let finished = all.filter { $0.state == .finished }
    if finished.count < all.count {
      say("\(all.count - finished.count) of \(all.count) runs of \(sweep) have not finished and are left out")
    }
    return finished
  }

  /// Whether an argument means a sweep, by its file or by a name that the ledger has.
  func hasSweep(meantBy argument: String) throws -> Bool {
    try SweepFile.isMeant(by: argument) || sweeps().contains(argument)
  }
}

import Foundation
package import Ledger
import Reports
package import Storage
import Synchronization

/// Makes the report of a sweep from the ledger.
package struct ReportSource: Sendable {
  let workspace: Workspace
  let sweep: String
  private let showers: ShowerPlots?
  private let say: @Sendable (String) -> Void
  /// Whether it was said that gnuplot is missing: once is enough for pages that are made again and again.
  private let hasSaid = Flag()

  private final class Flag: Sendable { let value = Atomic(false) }

  /// The report of a sweep of a workspace.
  /// - Parameters:
  ///   - workspace: Has the ledger and the runs.
  ///   - sweep: The sweep's name.
  ///   - drawsShowers: Whether there are pictures of showers, too.
  ///   - say: Takes what a page has to do without.
  package init(
    workspace: Workspace, sweep: String, drawsShowers: Bool, say: @escaping @Sendable (String) -> Void
  ) {
    (self.workspace, self.sweep, self.say) = (workspace, sweep, say)
    showers = drawsShowers ? ShowerPlots(workspace, say: say) : nil
  }

  /// - Parameters:
  ///   - refresh: The seconds after which a browser asks for it again; nil for never.
  ///   - progress: Tells how many models' showers are made.
  /// - Returns: The page as HTML.
  /// - Throws: `LedgerError`; `PlotError` when gnuplot refuses.
  package func page(refresh: Int? = nil, progress: ProgressLine? = nil) async throws -> String {
    let ledger = try Ledger(reading: workspace)
    let results = try SweepResults(sweep, in: ledger)
    let search = try SearchProgress(sweep, in: ledger)
    let plots = try (search?.plots(in: ledger) ?? []) + results.plots(in: ledger)
    let images = try Plot.images(await plots + (showers?.plots(results, ledger, progress) ?? []))
    if images.contains(where: { $0.failure == .noGnuplot }), !hasSaid.value.exchange(true, ordering: .relaxed) {
      say("\(PlotError.noGnuplot)")
    }
    return results.page(
      try ledger.statuses(sweep: sweep), images: images, date: Date(),
      search: search.map { [$0.ladder, $0.ranking] } ?? [], refresh: refresh)
  }
}

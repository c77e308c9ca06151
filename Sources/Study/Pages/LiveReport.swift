import Experiment
import Ledger
import Records
import Storage

/// The report of a sweep as it is now: made anew when something has come in, while the last one can be read.
package actor LiveReport {
  private let source: ReportSource
  /// The seconds between two looks.
  private let every: Int
  private var latest: Result<String, any Error>?
  private var shown: Evidence?
  /// Counts the pages.
  package private(set) var number = 0

  /// What a page is made of, as far as one can tell without making it.
  private struct Evidence: Hashable {
    var ledger: [FileStatus?]
    var states: [RunState]
  }

  /// A report without a page.
  /// - Parameters:
  ///   - source: Makes the pages.
  ///   - every: The seconds between two looks.
  package init(_ source: ReportSource, every: Int) {
    self.source = source
    self.every = every
  }

  /// The last page.
  /// - Throws: Why it could not be made: as `ReportSource.page`; `StorageError` from collecting.
  package func page() async throws -> String {
    if latest == nil { await renew() }
    return try latest?.get() ?? ""
  }

  /// Looks again and again, until the task is cancelled.
  package func goOn() async throws {
    while true {
      try await Task.sleep(for: .seconds(every))
      await renew()
    }
  }

  /// Looks once, and makes the page anew if there is something new.
  func renew() async {
    do {
      try Ledger(source.workspace).collect()
      let evidence = try evidence()
      if evidence == shown, case .success = latest { return }
      latest = .success(try await source.page(refresh: every))
      shown = evidence
    } catch {
      latest = .failure(error)
    }
    number += 1
  }

  private func evidence() throws -> Evidence {
    let path = source.workspace.ledger
    let statuses = try Ledger(reading: source.workspace).statuses(sweep: source.sweep)
    return Evidence(ledger: [FileStatus(path), FileStatus(path + "-wal")], states: statuses.map(\.state))
  }
}

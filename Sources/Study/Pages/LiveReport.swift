import Ledger

/// The report, made anew when it is asked for and old.
package actor LiveReport {
  private let source: ReportSource
  private let every: Int
  private var latest: (page: String, made: ContinuousClock.Instant)?
  private var making: Task<String, any Error>?

  /// A report that is asked for nothing yet.
  /// - Parameters:
  ///   - source: Makes the pages.
  ///   - every: The seconds for which a page is new.
  package init(_ source: ReportSource, every: Int) {
    self.source = source
    self.every = every
  }

  /// - Throws: As `ReportSource.page`; `StorageError` from collecting.
  package func page() async throws -> String {
    if let latest, latest.made.duration(to: .now) < .seconds(every) { return latest.page }
    // Several browsers that ask at once wait for the same page.
    let task =
      making
      ?? Task { [source, every] in
        try Ledger(source.workspace).collect()
        return try await source.page(refresh: every)
      }
    making = task
    defer { making = nil }
    let page = try await task.value
    latest = (page, .now)
    return page
  }
}

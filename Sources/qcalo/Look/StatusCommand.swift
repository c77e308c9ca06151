import ArgumentParser
import Experiment
import Foundation
import Ledger
import Reports
import Study

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Where each run stands, why its attempts ended, and what can be done.",
    discussion: """
      qcalo status
      qcalo status table2
      qcalo status sweeps/table2.yaml --format json
      qcalo status table2 --watch
      qcalo status --where state=resumable --sort training_seconds
      """)

  @Argument(help: "A sweep's name or file; without it, every run of the workspace.", completion: .sweeps)
  var sweep: String?

  @Flag(help: "Look again every so often, until interrupted.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: the seconds between.", valueName: "seconds"))
  var every = 10

  @Option(help: ArgumentHelp("Sort by a column.", valueName: "column"))
  var sort: String?

  @OptionGroup var selection: SelectionOfTable
  @OptionGroup var notify: NotifyOption
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if notify.notify != nil && !watch { throw ValidationError("--notify: it goes with --watch") }
    if let flaw = Bounds.flaw("--every", every, Bounds.pause) { throw ValidationError(flaw) }
  }

  func run() async throws {
    let notifier = notify.notifier
    var seen: RunWatch?
    repeat {
      try await show(&seen, notifier)
      if watch { try await Task.sleep(for: .seconds(every)) }
    } while watch
  }

  private func show(_ seen: inout RunWatch?, _ notifier: Notifier?) async throws {
    let workspace = try workspace.value
    let pool = await PoolStatus(workspace)
    // Jobs bring their journals back while nobody collects.
    if watch || !pool.isEmpty { try Ledger(workspace).collect() }
    let sweep = try sweep.map { try workspace.sweep(meantBy: $0) }
    if let notifier {
      let statuses = try Ledger(reading: workspace).statuses(sweep: sweep, process: pool.evidence)
      // What had ended before is no news.
      var next = seen ?? RunWatch()
      let news = next.look(statuses, pool)
      if seen != nil { notifier.tell(news) }
      seen = next
    }
    let time = watch ? " at \(Date().formatted(.iso8601))" : ""
    let ledger = try Ledger(reading: workspace)
    let runs = try selection.value(sortedBy: sort).applied(to: pool.table(of: sweep, title: time, in: ledger))
    let ladder = try sweep.flatMap { try SearchProgress($0, in: ledger)?.ladder }
    // Programs are given one kind of rows.
    let isForPeople = [.table, .markdown].contains(format.format)
    try format.print([runs] + (isForPeople ? ladder.map { [$0] } ?? [] : []))
  }
}

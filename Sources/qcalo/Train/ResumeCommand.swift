import ArgumentParser
import Experiment
import Foundation
import Ledger
import Study
import Sweeps

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with every run of a sweep that has begun and can go on.",
    discussion: """
      Each where it was trained last: on this machine, or at HTCondor by another submission to the same site. Says \
      which runs it leaves alone, and why. Runs that have not begun are `run`'s and `submit`'s to start.

      qcalo resume table2
      qcalo resume sweeps/table2.yaml
      """)

  @Argument(help: "A sweep's name or file; of a file, its budgets count.")
  var sweep: String

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var workers: WorkerOptions
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    StopRequest.install()
    let workspace = workspace.value
    let prepared: PreparedSweep
    let ledger: Ledger
    if WorkspaceOptions.isSweepFile(sweep) {
      let plan = try SweepFile.plan(sweep)
      prepared = try await PreparedSweep.prepare(plan, in: workspace, say: Terminal.say)
      ledger = try Ledger(workspace)
      try prepared.record(source: sweep, in: ledger, say: Terminal.say)
    } else {
      prepared = try Self.recorded(sweep, in: workspace)
      ledger = try Ledger(workspace)
    }
    try selection.value.check(against: prepared.plan)
    try ledger.collect()
    let chosen = prepared.selecting(selection.value)
    try await CondorBackend(
      sweep: prepared.plan.name, workspace: workspace, ledger: ledger, say: Terminal.say
    ).resume(chosen)
    let local = try await LocalBackend(prepared.plan.name, in: workspace, ledger: ledger)
    let tasks = try await local.train(
      chosen, workers: workers.count, threads: workers.threads, begunOnly: true,
      observer: RunDisplay(prepared.plan.name), stopRequest: { StopRequest.name })
    try TrainingEnd.report(tasks, of: prepared.plan.name, in: ledger, format: format)
  }

  /// A sweep as it was last started.
  private static func recorded(_ name: String, in workspace: Workspace) throws -> PreparedSweep {
    let sweep = try RecordedSweep.read(name, in: workspace)
    let datasets = Dictionary(sweep.datasets.map { ($0.request, $0.dataset) }, uniquingKeysWith: { $1 })
    return PreparedSweep(sweep.plan, datasets)
  }
}

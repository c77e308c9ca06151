import ArgumentParser
import Condor
import Experiment
import Foundation
import Ledger
import Reports
import Study
import Sweeps

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a sweep on this machine, from where it stands, and print its results.",
    discussion: """
      Interrupted, it has the workers save and stop; run again, it goes on. Runs that have finished or diverged are \
      not started again; with a larger budget in the sweep file they continue.

      qcalo run sweeps/quickstart.yaml
      qcalo run sweeps/study.yaml --jobs 8 --only 3/2x --only 2/Classical
      """)

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var selection: SelectionOptions

  @OptionGroup var workers: WorkerOptions
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let plan = try sweep.plan()
    try selection.value.check(against: plan)
    StopRequest.install()
    let workspace = workspace.value
    let prepared = try await PreparedSweep.prepare(plan, in: workspace, say: Terminal.say)
    let ledger = try Ledger(workspace)
    try prepared.record(source: sweep.sweep, in: ledger, say: Terminal.say)
    try ledger.collect()
    let local = try await LocalBackend(plan.name, in: workspace, ledger: ledger)
    let tasks = try await local.train(
      prepared.selecting(selection.value), workers: workers.count, threads: workers.threads,
      observer: RunDisplay(plan.name), stopRequest: { StopRequest.name })
    try TrainingEnd.report(tasks, of: plan.name, in: ledger, format: format)
  }
}

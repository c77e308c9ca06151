import ArgumentParser
import Storage
import Study
import Sweeps

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a sweep on this machine, from where it stands, and print its results.",
    discussion: """
      Interrupted, it has the workers save and stop; run again, it goes on. Runs that have finished or diverged are \
      not started again; with a larger budget in the sweep file they continue. A sweep with a search goes on until that \
      is over.

      qcalo run sweeps/quickstart.yaml
      qcalo run sweeps/study.yaml --jobs 8 --only 3/2x --only 2/Classical
      """)

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var replacement: ReplaceOption

  @OptionGroup var workers: WorkerOptions
  @OptionGroup var notify: NotifyOption
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let expanded = try sweep.expanded()
    StopSignals.install()
    if expanded.search != nil {
      return try await workers.search(
        expanded, source: sweep.sweep, selecting: selection.value, in: workspace.value,
        replaces: replacement.replace, format: format, notifier: notify.notifier)
    }
    let plan = sweep.plan(of: expanded)
    let started = try await StartedSweep(
      plan, source: sweep.sweep, selecting: selection.value, in: workspace.value,
      replaces: replacement.replace, say: Terminal.say)
    let decisions = try await started.decideHere(.run, say: Terminal.say)
    try await workers.train(decisions, of: started, format: format, notifier: notify.notifier)
  }
}

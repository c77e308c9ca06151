import ArgumentParser
import Experiment
import Storage
import Study
import Sweeps

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with every run of a sweep that has begun and can go on.",
    discussion: """
      Each where it was trained last: on this machine, or at HTCondor by another submission to the same site; a search \
      that was sent to HTCondor takes a step there, with what was cancelled. Says \
      which runs it leaves alone, and why. Runs that have not begun are `run`'s and `submit`'s to start.

      qcalo resume table2
      qcalo resume sweeps/table2.yaml
      """)

  @Argument(help: "A sweep's name or file; of a file, its budgets count.")
  var sweep: String

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var replacement: ReplaceOption

  @OptionGroup var workers: WorkerOptions
  @OptionGroup var notify: NotifyOption
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    StopSignals.install()
    let (selection, workspace) = (selection.value, try workspace.value)
    if let (expanded, source) = try SearchSource.find(sweep, in: workspace) {
      if workspace.hasSubmissions(of: expanded.plan.name), selection == Selection() {
        return try await CondorSearch.step(
          expanded, source: source, to: nil, replaces: replacement.replace, again: true, in: workspace
        ).finish()
      }
      return try await workers.search(
        expanded, source: source, selecting: selection, in: workspace, replaces: replacement.replace, format: format,
        notifier: notify.notifier)
    }
    let started =
      SweepFile.isMeant(by: sweep)
      ? try await StartedSweep(
        SweepFile.plan(sweep), source: sweep, selecting: selection, in: workspace,
        replaces: replacement.replace, say: Terminal.say)
      : try StartedSweep(recorded: sweep, selecting: selection, in: workspace)
    let decisions = try await CondorBackend(started, say: Terminal.say).resume()
    try await workers.train(decisions, of: started, format: format, notifier: notify.notifier)
  }
}

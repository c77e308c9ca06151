import ArgumentParser
import Condor
import Experiment
import Foundation
import Ledger
import Storage
import Study

struct SubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Train a sweep on an HTCondor pool.",
    discussion: """
      Writes <workspace>/submissions/<sweep>-<n> and hands it to condor_submit, once: cut off at any point and started \
      again, it finds out what has happened and goes on. Runs that are finished, at HTCondor or being trained here are \
      left alone. The site's rules are checked first, as `qcalo lint` does.

      qcalo submit sweeps/table2.yaml --site lxbatch --dry-run
      qcalo submit sweeps/table2.yaml --site lxbatch
      """)

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var site: SiteOptions

  @Flag(help: "Write the folder, show the submit description, and stop before condor_submit.")
  var dryRun = false

  @Flag(help: "As a DAG: a node for each run, then one that collects and reports.")
  var dag = false

  @Option(help: "The worker's package (`qcalo package`); by default one of the worker beside this program.")
  var package: String?

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let plan = try sweep.plan()
    let site = try site.profile()
    let started = try await StartedSweep(
      plan, source: sweep.sweep, selecting: selection.value, in: workspace.value, say: Terminal.say)
    let backend = CondorBackend(
      started, package: package, tools: CondorTools(timeout: site.querySeconds), say: Terminal.say)
    if let outcome = try await backend.submit(to: site, dag: dag, isDryRun: dryRun) {
      try Output.line(outcome)
    } else {
      Terminal.say("there is nothing to submit")
    }
  }
}

import ArgumentParser
import Condor
import Experiment
import Foundation
import Ledger
import Storage
import Study
import Sweeps

struct SubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Train a sweep on an HTCondor pool.",
    discussion: """
      Writes <workspace>/submissions/<sweep>-<n> and hands it to condor_submit, once: cut off at any point and started \
      again, it finds out what has happened and goes on. Runs that are finished, at HTCondor or being trained here are \
      left alone. The site's rules are checked first, as `qcalo lint` does. With --sites, runs go to the sites in turn, \
      each to one of them. Of a search the first runs are sent; `qcalo search step` sends what comes next.

      qcalo submit sweeps/table2.yaml --site lxbatch --dry-run
      qcalo submit sweeps/table2.yaml --site lxbatch
      qcalo submit sweeps/table2.yaml --sites lxbatch:3,institute.yaml
      """)

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var replacement: ReplaceOption
  @OptionGroup var site: SharedSiteOptions

  @Flag(help: "Write the folder, show the submit description, and stop before condor_submit.")
  var dryRun = false

  @Flag(help: "As a DAG: a node for each run, then one that collects and reports.")
  var dag = false

  @Option(help: "The worker's package (`qcalo package`); by default one of the worker beside this program.")
  var package: String?

  @Option(help: "These jobs start before your others of a lower value, which is 0 unless the site file says another.")
  var priority: Int?

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if let flaw = priority.flatMap({ Bounds.flaw("--priority", $0, SiteProfile.priorities) }) {
      throw ValidationError(flaw)
    }
  }

  func run() async throws {
    let sites = try site.shares().prioritized(priority)
    let expanded = try sweep.expanded()
    if expanded.search != nil { return try await submit(search: expanded, to: sites) }
    let plan = sweep.plan(of: expanded)
    let started = try await StartedSweep(
      plan, source: sweep.sweep, selecting: selection.value, in: workspace.value,
      replaces: replacement.replace, say: Terminal.say)
    let patience = sites.shares.map(\.site.querySeconds).max() ?? CondorTools().timeout
    let backend = CondorBackend(
      started, package: package, tools: CondorTools(timeout: patience), say: Terminal.say)
    let isSubmitted = try await backend.submit(to: sites, dag: dag, isDryRun: dryRun) { try Output.line($0) }
    if !isSubmitted { Terminal.say("there is nothing to submit") }
  }

  /// Sends the first runs of a search, or the next.
  private func submit(search: ExpandedSweep, to sites: SiteShares) async throws {
    if selection.value != Selection() {
      throw InputError("--only and --seeds: a search chooses for itself what it trains")
    }
    if dryRun || dag {
      throw InputError(
        "\(dryRun ? "--dry-run" : "--dag"): a search decides as runs come back; `qcalo plan` says what it costs at most"
      )
    }
    let step = try await CondorSearch.step(
      search, source: sweep.sweep, to: sites, package: package, replaces: replacement.replace, in: workspace.value)
    if step.isGoingOn {
      Terminal.say("`qcalo search step \(search.plan.name)` goes on with it, now and then or with --watch")
    }
  }
}

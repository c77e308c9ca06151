import ArgumentParser
import Condor
import Experiment
import Foundation
import Ledger
import Study

/// Which pool is meant.
struct SiteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The pool: lxbatch, lxbatch-eos, lxbatch-spool, lxbatch-gpu-node, generic, local-pool, or the path of a site file.",
      valueName: "name or file"))
  var site: String

  func profile() throws -> SiteProfile { try CondorBackend.library().profile(site) }
}

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
    let tools = CondorTools(timeout: site.querySeconds)
    let backend = CondorBackend(started, package: package, tools: tools, say: Terminal.say)
    if !dryRun { try await backend.mend() }
    let decisions = try await started.decide(.submit, isDryRun: dryRun, tools: tools)
    try SiteCheck(plan, started.prepared.jobs, site, started.workspace).requireNoErrors(say: Terminal.say)
    decisions.leftAloneCounts.forEach(Terminal.say)
    let result = try await backend.submit(decisions.submitted, to: site, dag: dag, dryRun: dryRun)
    guard let submission = result.submission else {
      Terminal.say("there is nothing to submit")
      return
    }
    if let receipt = result.receipt {
      print(CondorBackend.sentence(submission, receipt))
    } else {
      for name in ["sweep.sub", "sweep.dag", "runs.txt"] {
        let path = "\(submission.folder)/\(name)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        print("==> \(path)\n\(text)")
      }
      print("\(submission.manifest.runs.count) runs would be submitted to \(site.name); nothing was.")
    }
  }
}

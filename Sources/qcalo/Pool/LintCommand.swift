import ArgumentParser
import Commands
import Condor
import Experiment
import Study
import Sweeps

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check a sweep against a site's rules, each with its reason.",
    discussion: """
      Ends with \(ProgramEnd.checkFailed.rawValue) when a rule is broken.

      qcalo lint sweeps/table2.yaml --site lxbatch
      """)

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var site: SiteOptions
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func run() throws {
    let expanded = try sweep.expanded()
    // Of a search some points stand for all.
    let plan = expanded.search?.example(expanded.plan.name) ?? sweep.plan(of: expanded)
    let check = try SiteCheck(plan, nil, try site.profile(), workspace.value)
    try format.print(check.table)
    if check.findings.contains(where: { $0.severity == .error }) {
      throw ProgramEnd.checkFailed.exit
    }
  }
}

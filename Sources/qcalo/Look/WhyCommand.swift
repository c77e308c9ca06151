import Experiment
import ArgumentParser
import Ledger
import Reports
import Storage
import Study
import Sweeps

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Why a run will start, resume or not, in a sentence.",
    discussion: """
      qcalo why classical-50-200-s1-0f3a9c21d4e5
      qcalo why classical
      """)

  @Argument(help: ArgumentHelp("A run's name, or the beginning of one.", valueName: "run"))
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let workspace = try workspace.value
    let (pool, ledger) = (await PoolStatus(workspace), try Ledger(reading: workspace))
    if try ledger.hasSweep(meantBy: name) {
      let sweep = try SweepFile.sweep(meantBy: name)
      throw InputError(
        "\(sweep) is a sweep, and this is asked of a run: `qcalo status \(sweep)` lists its runs and the next step of each"
      )
    }
    for line in try pool.explanation(of: name, in: ledger) { try Output.line(line.printable) }
  }
}

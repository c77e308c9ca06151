import ArgumentParser
import Ledger
import Storage
import Study

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Why a run will start, resume or not, in a sentence.",
    discussion: """
      qcalo why classical-50-200-s1-0f3a9c21d4e5
      qcalo why 2x
      qcalo why table3/2x/s2
      """)

  @Argument(
    help: ArgumentHelp(
      "A run: its name, the beginning of one, or its row's label (2x, 2x/s2 with its seed).", valueName: "run"),
    completion: .runs)
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let workspace = try workspace.value
    let (pool, ledger) = (await PoolStatus(workspace), try Ledger(reading: workspace))
    for line in try pool.explanation(of: name, in: ledger) + SearchSource.explanation(of: name, in: ledger) {
      try Output.line(line.printable)
    }
  }
}

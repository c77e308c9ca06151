import ArgumentParser
import Ledger

struct WhyCommand: ParsableCommand {
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

  func run() throws {
    let status = try Ledger(reading: workspace.value).status(of: name)
    print("\(status.run) is \(status.state.rawValue). \(status.explanation) Next: \(status.nextStep).")
  }
}

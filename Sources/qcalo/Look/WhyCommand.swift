import ArgumentParser
import Ledger
import Reports
import Study

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
    let pool = await PoolStatus(workspace.value)
    let ledger = try Ledger(reading: workspace.value)
    let status = try ledger.status(of: name, process: pool.evidence)
    let atPool = pool.sentence(status.run).map { " At HTCondor: \($0)." } ?? ""
    let rehearsals = try ledger.rehearsals()
    let worker = status.platform.map { " Trained by \($0.sentence(rehearsals[$0]))." } ?? ""
    print(
      "\(status.run) is \(status.state.rawValue). \(status.explanation)\(atPool)\(worker) Next: \(status.nextStep).")
    for notice in try ledger.notices(of: status.run) { print("Attempt \(notice.attempt): \(notice.text)") }
  }
}

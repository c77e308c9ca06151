import ArgumentParser
import Condor
import Ledger
import Storage

struct ForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Give up a submission of which nobody can say what became of it.",
    discussion: """
      For jobs that neither the event log nor the queue nor the history knows any more: their runs can be started \
      again, here or by another submission. Nothing is removed from any queue, and what comes back all the same counts.

      qcalo forget table2-1
      """)

  @Argument(help: "The submission, as `qcalo status` names it.")
  var submission: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let runs = try await CondorState.forget(submission, in: workspace.value.path)
    try Output.line("\(submission): \(runs.count) \(runs.count == 1 ? "run" : "runs") given up")
    for run in runs { try Output.line("  \(run)") }
  }
}

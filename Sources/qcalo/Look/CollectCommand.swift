import ArgumentParser
import Commands
import Condor
import Experiment
import Foundation
import Ledger
import Storage

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Takes what is new in the runs' journals into the ledger.",
    discussion: """
      What spooled jobs that are over have left at their access point is brought back first.

      qcalo collect
      qcalo collect --rebuild
      """)

  @Flag(help: "Make the ledger anew from the workspace's files.")
  var rebuild = false

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let workspace = try rebuild ? workspace.place : workspace.value
    guard FileManager.default.fileExists(atPath: workspace.path) else {
      throw InputError("collecting \(workspace.path): there is no such workspace; --workspace names another")
    }
    let pool = await CondorState.bringBack(workspace.path).entries
    for entry in pool {
      if let unknown = entry.unknown { Terminal.say("\(entry.submission.name): \(unknown.reason)") }
    }
    let progress = ProgressLine("reading journals")
    let report =
      try rebuild ? Ledger.rebuild(workspace, progress: progress) : Ledger(workspace).collect(progress: progress)
    progress.end()
    report.problems.forEach(Terminal.line)
    try Output.line(report.summary)
    if !report.problems.isEmpty || pool.contains(where: { !$0.waiting.isEmpty }) { throw ProgramEnd.checkFailed.exit }
  }
}

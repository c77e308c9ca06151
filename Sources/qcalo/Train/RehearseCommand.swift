import ArgumentParser
import Commands
import Experiment
import Ledger
import Records
import Storage
package import Study

extension Rehearsal.Signal: ExpressibleByArgument {}

struct RehearseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Prove that kills cost no bit: train a short run undisturbed and with kills, and compare.",
    discussion: """
      Every checkpoint's arrays, optimisers included, and every journal record must be the same. What the two trainings \
      wrote is removed when they are; the result is kept in the workspace's folder 'rehearsals' and in the ledger.

      qcalo rehearse sweeps/quickstart.yaml --kills 20
      qcalo rehearse sweeps/study.yaml --only 3/2x --kills 200 --seed 7
      """)

  @Argument(help: "A sweep file (YAML), of which the first selected run is rehearsed, or a job description (JSON).")
  var what: String

  @Option(
    help: ArgumentHelp("For a sweep: the variant with this label, table/label, name or identity.", valueName: "variant")
  )
  var only: [String] = []

  @Option(help: "How often the worker is killed.")
  var kills = 20

  @Option(help: "KILL, TERM or mixed.")
  var signal = Rehearsal.Signal.mixed

  @Option(help: "The seed of the moments.")
  var seed: UInt64 = 1

  @Option(help: "Checkpoints of the rehearsed run; by default half as many as kills, and at least 4.")
  var checkpoints: Int?

  @Option(help: "Iterations between them.")
  var interval = 20

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if kills < 1 { throw ValidationError("--kills: \(kills) is not 1 or more") }
    if let checkpoints, checkpoints < 1 { throw ValidationError("--checkpoints: \(checkpoints) is not 1 or more") }
    if interval < 1 { throw ValidationError("--interval: \(interval) is not 1 or more") }
  }

  func run() async throws {
    StopSignals.install()
    let workspace = try workspace.value
    let job = try await RehearsedRun(
      what, only: only, checkpoints: checkpoints ?? max(4, kills / 2), interval: interval, in: workspace,
      say: Terminal.say
    ).job
    let rehearsal = Rehearsal(
      job: job, folder: workspace.rehearsals, signal: signal, seed: seed, say: Terminal.say)
    Terminal.say("\(job.run): \(job.budget.checkpoints ?? 0) checkpoints of \(interval) iterations, undisturbed")
    let record = try await rehearsal.run(kills: kills)
    try Output.line(rehearsal.summary(record))
    try Ledger(workspace).collect()
    if !record.passed { throw ProgramEnd.checkFailed.exit }
  }
}

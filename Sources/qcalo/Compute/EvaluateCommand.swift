import ArgumentParser
import Commands
import Experiment
import Foundation
import Ledger
import Records
import Reports
import Storage
import Study
import Sweeps

/// Judges runs of the workspace; with `--reference`, files, which is the worker's verb of the same name.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compares generated showers with Geant4's, by the study's reduced χ² of E_tot.",
    discussion: """
      Of a run, or of all finished runs of a sweep: a kept generator makes fresh showers, which are held against events \
      that were not trained on, by χ²/NDF and CaloChallenge's metrics. The best checkpoint is chosen on other showers and \
      other events than it is scored on. Each result is a line of the run's metrics.jsonl and stands in the ledger: \
      `results` and `compare --by` show it.

      qcalo evaluate table2 --at best
      qcalo evaluate classical-50-200-s1-0f3a9c21d4e5 --at 40 --metrics chi2,fpd --auc

      Of files (`qcalo-worker evaluate --help` has all options):
      qcalo evaluate --reference single.h5 --generated generated.h5 --full
      """)

  /// Whether these arguments are the worker's.
  static func isOfFiles(_ arguments: some Collection<String>) -> Bool {
    arguments.contains { $0 == "--reference" || $0.hasPrefix("--reference=") }
  }

  @Argument(help: ArgumentHelp("A sweep's name or file, or a run's name or the beginning of one.", valueName: "what"))
  var name: String

  @Option(
    help: ArgumentHelp(
      "best (by χ²/NDF in training), last or a checkpoint's number; by default what `evaluate` in the sweep's file orders "
        + "and is not recorded yet, or best where it orders nothing.", valueName: "checkpoint"))
  var at: RunJudge.Choice?

  @Option(help: "Metrics, separated by commas; all but auc if not given.")
  var metrics: FamilyList?

  @Flag(help: "The classifiers' AUC too, which takes a minute or two for each run.")
  var auc = false

  @Option(
    help: ArgumentHelp(
      "Events of each energy, held out and generated; by default as many as were trained on.", valueName: "count"))
  var heldOut: Int?

  @Option(
    help: "The file that the data were prepared from, if it is not where the sweep has it.", completion: .file())
  var source: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if let flaw = heldOut.flatMap({ Bounds.flaw("--held-out", $0, Bounds.events) }) { throw ValidationError(flaw) }
  }

  func run() async throws {
    let ledger = try Ledger(workspace.value)
    try ledger.collect()
    if let round = try orderedRound(in: ledger) {
      let done = try await round.carryOut(source: source, say: Terminal.say)
      if done.judged.isEmpty && done.failure == nil { Terminal.say("all that the sweep's file orders is recorded") }
      let runs = try Dictionary(uniqueKeysWithValues: runs(in: ledger).map { ($0.run, $0) })
      try format.print(
        JudgedRun.table(
          done.judged.compactMap { judged in
            runs[judged.run].map { JudgedRun(label: $0.label, seed: $0.seed, evaluated: judged) }
          }))
      if let failure = done.failure { throw failure }
      return
    }
    var families = metrics?.values ?? Metric.Family.quick
    if auc && !families.contains(.auc) { families.append(.auc) }
    let judge = try RunJudge(ledger, at: at ?? .best, families: families, events: heldOut, source: source)
    let runs = try runs(in: ledger)
    var judged: [JudgedRun] = []
    var failure: (any Error)?
    for (index, run) in runs.enumerated() {
      Terminal.say("\(index + 1) of \(runs.count): \(run.run)")
      do {
        let evaluated = try await judge.judge(run.run, say: Terminal.say)
        judged.append(JudgedRun(label: run.label, seed: run.seed, evaluated: evaluated))
      } catch let error where runs.count > 1 && (error is InputError || error is WorkerFailure) {
        Terminal.say("\(run.run) is passed over: \(error)")
        failure = error
      }
    }
    if !judged.isEmpty || failure == nil { try format.print(JudgedRun.table(judged)) }
    if let failure { throw failure }
  }

  /// What the sweep's file orders; nil where something else is asked for, or nothing is ordered.
  private func orderedRound(in ledger: Ledger) throws -> EvaluationRound? {
    guard at == nil, metrics == nil, !auc, heldOut == nil, try ledger.hasSweep(meantBy: name) else { return nil }
    let sweep = try StartedSweep(
      recorded: SweepFile.sweep(meantBy: name), selecting: Selection(), in: workspace.value)
    let round = EvaluationRound(sweep.prepared, in: ledger)
    return round.isOrdered ? round : nil
  }

  /// The finished runs of a sweep, or the run that is named.
  private func runs(in ledger: Ledger) throws -> [RunStatus] {
    guard try ledger.hasSweep(meantBy: name) else { return [try ledger.status(of: name)] }
    let sweep = try SweepFile.sweep(meantBy: name)
    let all = try ledger.statuses(sweep: sweep)
    let finished = all.filter { $0.state == .finished }
    if finished.count < all.count {
      Terminal.say("\(all.count - finished.count) of \(all.count) runs of \(sweep) have not finished and are left out")
    }
    return finished
  }
}

extension RunJudge.Choice: ExpressibleByArgument {
  /// The choice that an argument says.
  public init?(argument: String) { self.init(argument) }
  /// The choice as help has it.
  public var defaultValueDescription: String { text }
}

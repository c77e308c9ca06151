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

      With --shots the generator's circuit is measured, on a --device or with --noise: the table says what is left of the \
      showers. Each result is a line of the run's devices.jsonl, and rows of the ledger's measurements.

      qcalo evaluate table3 --shots 128,512,2048,exact --device props_sherbrooke.json --correct-readout

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

  @Option(
    help: ArgumentHelp(
      "Measure the circuit of the generator so many times for each event; several numbers, separated by commas, one of "
        + "which may be exact.", valueName: "numbers"))
  var shots: String?

  @Option(
    help: ArgumentHelp(
      "With --shots: the device, by its properties as IBM publishes them (JSON); its configuration is read beside them, or "
        + "named after a comma.", valueName: "file"), completion: .file(extensions: ["json"]))
  var device: String?

  @Option(
    help: ArgumentHelp(
      "With --device: its qubits in the circuit's order, separated by commas; those that err least if not given.",
      valueName: "qubits"))
  var chain: String?

  @Option(
    help: ArgumentHelp("With --shots: the noise of the circuit's own gates (YAML or JSON).", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var noise: String?

  @Option(
    help: ArgumentHelp(
      "With --shots: simulate noise by so many trajectories with errors for each event, in place of exactly, which is up to "
        + "11 qubits.", valueName: "count"))
  var trajectories: Int?

  @Flag(help: "With --shots: undo the confusion of the read-out on each ⟨Z⟩.")
  var correctReadout = false

  @Flag(help: "With --shots: extrapolate ⟨Z⟩ to no noise, from gates of two qubits carried out once and three times.")
  var extrapolate = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if shots == nil,
      device != nil || noise != nil || chain != nil || trajectories != nil || correctReadout || extrapolate
    {
      throw ValidationError(
        "--device, --chain, --noise, --trajectories, --correct-readout and --extrapolate belong to --shots.")
    }
    if let flaw = trajectories.flatMap({ Bounds.flaw("--trajectories", $0, Bounds.trajectories) }) {
      throw ValidationError(flaw)
    }
    if let flaw = heldOut.flatMap({ Bounds.flaw("--held-out", $0, Bounds.events) }) { throw ValidationError(flaw) }
  }

  func run() async throws {
    // What was computed is not to be lost to another process that writes.
    let ledger = try Ledger(workspace.value, patience: .seconds(600))
    let progress = ProgressLine("reading journals")
    defer { progress.end() }
    try ledger.collect(progress: progress)
    if shots != nil { return try await measure(in: ledger, progress) }
    if let round = try orderedRound(in: ledger) {
      let done = try await round.carryOut(source: source, say: Terminal.say, progress: progress)
      progress.end()
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
    let judge = try judge(in: ledger, usually: Metric.Family.quick)
    let (judged, failure) = try await each(runs(in: ledger), progress) {
      JudgedRun(label: $0.label, seed: $0.seed, evaluated: try await judge.judge($0.run, say: Terminal.say))
    }
    if !judged.isEmpty || failure == nil { try format.print(JudgedRun.table(judged)) }
    if let failure { throw failure }
  }

  /// Has the circuits measured and prints what is left of the showers.
  private func measure(in ledger: Ledger, _ progress: ProgressLine) async throws {
    var options = ["--shots", shots ?? ""]
    for (option, value) in [
      ("--device", device), ("--chain", chain), ("--noise", try noiseValue()),
      ("--trajectories", trajectories.map { "\($0)" }),
    ] {
      if let value { options += [option, value] }
    }
    if correctReadout { options.append("--correct-readout") }
    if extrapolate { options.append("--extrapolate") }
    let judge = try judge(in: ledger, usually: [.chi2, .fpd])
    let (measured, failure) = try await each(runs(in: ledger), progress) {
      MeasuredRun(label: $0.label, seed: $0.seed, measured: try await judge.measure($0.run, by: options))
    }
    if !measured.isEmpty || failure == nil { try format.print(MeasuredRun.table(measured)) }
    if let failure { throw failure }
  }

  /// What judges the runs, by the metrics that were asked for, or by the usual ones.
  private func judge(in ledger: Ledger, usually usual: [Metric.Family]) throws -> RunJudge {
    var families = metrics?.values ?? usual
    if auc && !families.contains(.auc) { families.append(.auc) }
    return try RunJudge(ledger, at: at ?? .best, families: families, events: heldOut, source: source)
  }

  /// The noise as the worker takes it: YAML as JSON.
  private func noiseValue() throws -> String? {
    guard let noise, SweepFile.isMeant(by: noise) else { return noise }
    return try NoiseDocument.json(of: noise)
  }

  /// What is done for each run, and the last failure; one that cannot be judged is passed over where there are more.
  private func each<Result>(
    _ runs: [RunStatus], _ progress: ProgressLine, _ body: (RunStatus) async throws -> Result
  ) async throws -> ([Result], (any Error)?) {
    var (results, failure): ([Result], (any Error)?) = ([], nil)
    progress.begin("judging runs", of: runs.count)
    defer { progress.end() }
    for (index, run) in runs.enumerated() {
      defer { progress.advance() }
      Terminal.say("\(index + 1) of \(runs.count): \(run.run)")
      do {
        results.append(try await body(run))
      } catch let error where runs.count > 1 && (error is InputError || error is WorkerFailure) {
        Terminal.say("\(run.run) is passed over: \(error)")
        failure = error
      }
    }
    return (results, failure)
  }

  /// What the sweep's file orders; nil where something else is asked for, or nothing is ordered.
  private func orderedRound(in ledger: Ledger) throws -> EvaluationRound? {
    guard at == nil, metrics == nil, !auc, heldOut == nil, try ledger.hasSweep(meantBy: name) else { return nil }
    let sweep = try StartedSweep(
      recorded: workspace.sweep(meantBy: name), selecting: Selection(), in: workspace.value)
    let round = EvaluationRound(sweep.prepared, in: ledger)
    return round.isOrdered ? round : nil
  }

  /// The finished runs of a sweep, or the run that is named.
  private func runs(in ledger: Ledger) throws -> [RunStatus] {
    guard try ledger.hasSweep(meantBy: name) else { return [try ledger.status(of: name)] }
    let sweep = try workspace.sweep(meantBy: name)
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

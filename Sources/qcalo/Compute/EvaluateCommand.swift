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
    if device == nil && noise == nil, trajectories != nil || correctReadout || extrapolate {
      throw ValidationError(
        "--trajectories, --correct-readout and --extrapolate are of noise: give a --device or --noise")
    }
    if let flaw = trajectories.flatMap({ Bounds.flaw("--trajectories", $0, Bounds.trajectories) }) {
      throw ValidationError(flaw)
    }
    if let flaw = heldOut.flatMap({ Bounds.flaw("--held-out", $0, Bounds.fileEvents) }) { throw ValidationError(flaw) }
  }

  func run() async throws {
    StopSignals.install()
    // What was computed is not to be lost to another process that writes.
    let ledger = try Ledger(workspace.value, patience: .seconds(600))
    let progress = ProgressLine("reading journals")
    defer { progress.end() }
    try ledger.collect(progress: progress)
    if shots != nil {
      let options = try measurement()
      let measured = try await each(in: ledger, by: [.chi2, .fpd], progress) {
        MeasuredRun(label: $0.label, seed: $0.seed, measured: try await $1.measure($0.run, by: options))
      }
      try show(measured, MeasuredRun.table)
    } else if isLeftToSweep, let round = try EvaluationRound(ofSweep: name, in: ledger) {
      let judged = try await round.carryOut(source: source, say: Terminal.say, progress: progress)
      if judged.rows.isEmpty && judged.failure == nil { Terminal.say("all that the sweep's file orders is recorded") }
      try show(judged, JudgedRun.table)
    } else {
      let judged = try await each(in: ledger, by: Metric.Family.quick, progress) {
        JudgedRun(label: $0.label, seed: $0.seed, evaluated: try await $1.judge($0.run, say: Terminal.say))
      }
      try show(judged, JudgedRun.table)
    }
  }

  /// Whether nothing is asked for that the sweep's file may order.
  private var isLeftToSweep: Bool { at == nil && metrics == nil && !auc && heldOut == nil }

  /// What is found of each run that is meant, by the metrics that were asked for, or by the usual ones.
  private func each<Row>(
    in ledger: Ledger, by usual: [Metric.Family], _ progress: ProgressLine,
    _ find: (RunStatus, RunJudge) async throws -> Row
  ) async throws -> JudgedRuns<Row> {
    var families = metrics?.values ?? usual
    if auc && !families.contains(.auc) { families.append(.auc) }
    let judge = try RunJudge(ledger, at: at ?? .best, families: families, events: heldOut, source: source)
    return try await JudgedRuns(
      of: ledger.runs(toJudge: name, say: Terminal.say), title: \.run, say: Terminal.say, progress: progress
    ) { try await find($0, judge) }
  }

  /// Prints what was found, and fails where a run could not be judged.
  private func show<Row>(_ judged: JudgedRuns<Row>, _ table: ([Row]) -> TextTable) throws {
    if !judged.rows.isEmpty || judged.failure == nil { try format.print(table(judged.rows)) }
    if let failure = judged.failure { throw failure }
  }

  /// How the circuit is measured, in the worker's options.
  private func measurement() throws -> [String] {
    var options: [String] = []
    for (option, value) in [
      ("--shots", shots), ("--device", device), ("--chain", chain), ("--noise", try noiseValue()),
      ("--trajectories", trajectories.map { "\($0)" }),
    ] {
      if let value { options += [option, value] }
    }
    if correctReadout { options.append("--correct-readout") }
    if extrapolate { options.append("--extrapolate") }
    return options
  }

  /// The noise as the worker takes it: YAML as JSON.
  private func noiseValue() throws -> String? {
    guard let noise, SweepFile.isMeant(by: noise) else { return noise }
    return try NoiseDocument.json(of: noise)
  }
}

extension RunJudge.Choice: ExpressibleByArgument {
  /// The choice that an argument says.
  public init?(argument: String) { self.init(argument) }
  /// The choice as help has it.
  public var defaultValueDescription: String { text }
}

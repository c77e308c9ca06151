import Ansatz
import ArgumentParser
import Calorimetry
import Commands
import Experiment
import Metrics
import Records
import Simulator
import Storage
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compares generated showers with Geant4's, by the study's reduced χ² of E_tot.",
    discussion: """
      Both files are in the CaloChallenge layout and have the same incident energies; their numbers of events may \
      differ. With --checkpoint a run's own evaluation is repeated: its χ² is the journal's; --fresh makes new events of \
      it. Prints JSON: chi2, ndf, reduced, and the same for each of the energies. --held-out, --bootstrap, --full and \
      --histograms add keys of those names.

      --full prints a table (or JSON, by --format): CaloChallenge's metrics, each beside its floor, which is the same \
      number of two samples of Geant4. As many events of each energy are compared; those that were not trained on, if \
      --held-out names the source.

      With --shots the generator's circuit is measured, for other events than those it was chosen by: on a --device or \
      with --noise, or ideally. The table has a row for each number of shots: metrics, E_tot over Geant4's, and the \
      device time of a shower. The ⟨Z⟩ of an event come from the same bit strings.

      Examples:
        qcalo evaluate --reference single.h5 --generated generated.h5
        qcalo evaluate --reference single.h5 --generated generated.h5 --bootstrap 200 --seed 1
        qcalo evaluate --reference single.h5 --generated generated.h5 --full --held-out sweeps/data/geant4_pions.hdf5
        qcalo evaluate --reference single.h5 --generated generated.h5 --metrics fpd,kpd,auc --format json
        qcalo evaluate --reference single.h5 --checkpoint generator-000126.h5 --histograms
        qcalo evaluate --reference dataset_2_1.hdf5 --generated b.h5 --energy-bins 1000,10000,100000,1000000 --full
        qcalo evaluate --reference single.h5 --checkpoint c.h5 --shots 128,2048,exact --device props_sherbrooke.json
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Option(help: "The Geant4 events.", completion: .file())
  var reference: String
  @Option(help: "The generated events.", completion: .file())
  var generated: String?
  @Option(
    help: "In their place a checkpoint, trained on the reference: the events of its evaluation are made again.",
    completion: .file(extensions: ["h5"]))
  var checkpoint: String?
  @Flag(help: "With --checkpoint: other events than those it was chosen by, from latents of the seed.")
  var fresh = false
  @Option(help: "With --fresh: events at each energy; by default as many as were trained on.")
  var events: Int?
  @Option(
    help: "The source that the reference was prepared from: compare also with its events that were not trained on.",
    completion: .file())
  var heldOut: String?
  @Option(help: "Add the uncertainty of χ²/NDF from so many resamples of both samples.")
  var bootstrap: Int?
  @Option(help: "The seed of the resamples, of all draws of metrics, and of --fresh events.")
  var seed: UInt64 = 0
  @Flag(help: "Add CaloChallenge's metrics: \(Metric.Family.quick.map(\.rawValue).joined(separator: ", ")).")
  var full = false
  @Option(help: "Add these of the metrics alone, separated by commas; auc is one of them too.")
  var metrics: FamilyList?
  @Flag(help: "Add the classifiers' AUC, which takes a minute or two.")
  var auc = false
  @Flag(help: "Add the histograms behind the numbers and the average showers, for plots.")
  var histograms = false
  @OptionGroup var geometry: GeometryOption
  @OptionGroup var bins: BinsOption
  @Option(
    help: ArgumentHelp(
      "Voxels with less energy (MeV) count as empty in metrics; 0 for none. If not given CaloChallenge's: 1, or 0.015 in "
        + "data sets 2 and 3."))
  var voxelThreshold: Double?
  @Option(help: "table or json; by default a table of metrics, JSON without any.")
  var format: Format?
  @Option(
    help: ArgumentHelp(
      "Measure the checkpoint's circuit so many times for each event; several numbers, separated by commas, one of which "
        + "may be exact.", valueName: "numbers"))
  var shots: ShotList?
  @OptionGroup var device: DeviceOptions
  @OptionGroup var model: NoiseOption
  @OptionGroup var noisy: TrajectoriesOption
  @Flag(help: "Undo the confusion of the read-out on each ⟨Z⟩.")
  var correctReadout = false
  @Flag(help: "Extrapolate ⟨Z⟩ to no noise, from gates of two qubits carried out once and three times.")
  var extrapolate = false

  func validate() throws {
    if (generated == nil) == (checkpoint == nil) { throw ValidationError("Give one of --generated and --checkpoint.") }
    if fresh && checkpoint == nil { throw ValidationError("--fresh makes events of a --checkpoint; give one") }
    if let events {
      if !fresh && shots == nil { throw ValidationError("--events is the number of --fresh events") }
      if let flaw = Bounds.flaw("--events", events, Bounds.fileEvents) { throw ValidationError(flaw) }
    }
    if let bootstrap, !(2...1_000_000).contains(bootstrap) {
      throw ValidationError("--bootstrap: \(bootstrap) is not a number of resamples; they are 2 … 1000000")
    }
    if let voxelThreshold, !(voxelThreshold >= 0 && voxelThreshold.isFinite) {
      throw ValidationError("--voxel-threshold: \(voxelThreshold) is not an energy in MeV")
    }
    if device.device != nil && model.noise != nil { throw ValidationError("--device and --noise: give one of them") }
    if shots == nil,
      device.device != nil || model.noise != nil || noisy.trajectories != nil || correctReadout || extrapolate
    {
      throw ValidationError(
        "--device, --noise, --trajectories, --correct-readout and --extrapolate belong to --shots.")
    }
    if device.device == nil && model.noise == nil, noisy.trajectories != nil || correctReadout || extrapolate {
      throw ValidationError(
        "--trajectories, --correct-readout and --extrapolate are of noise: give a --device or --noise")
    }
    if shots != nil && (checkpoint == nil || bootstrap != nil || histograms || full) {
      throw ValidationError(
        "--shots measures a --checkpoint's circuit; it takes no --bootstrap, --full or --histograms.")
    }
    if format == .table && families.isEmpty && shots == nil {
      throw ValidationError("--format table is for metrics: add --full, or name some by --metrics")
    }
  }

  /// The metrics that were asked for.
  private var families: Set<Metric.Family> {
    var families = Set(metrics?.values ?? (full ? Metric.Family.quick : []))
    if auc { families.insert(.auc) }
    return families
  }

  func run() throws {
    var reference = try ShowerSelection(reading: self.reference)
    if let bins = bins.value { reference = try reference.binned(bins) }
    if let shots { return try measure(shots.values, reference) }
    let heldOut = try heldOut.map { try ShowerSelection(of: $0, heldOutFrom: self.reference) }
    let generated = try generatedShowers(like: heldOut ?? reference).binned(reference.kind.bins)
    for showers in [reference, generated] {
      for sentence in showers.oddities.sentences { Terminal.say("\(showers.name): \(sentence)") }
    }
    let bootstrap = bootstrap.map { (resamples: $0, seed: seed) }
    var result = EvaluationResult(comparison: try FileComparison(reference, generated, bootstrap))
    if let heldOut {
      let compared = try ComparedShowers(reference: reference, heldOut: heldOut, generated: generated)
      result.heldOut = try FileComparison(compared.geant4, compared.generated, bootstrap)
      result.heldOut?.events = compared.geant4.byEnergy.map(\.positions.count)
    }
    let geometry = try geometry.value() ?? reference.kind.geometry(voxels: reference.voxels)
    if !families.isEmpty {
      guard let geometry else {
        throw InputError(
          "\(self.reference): \(reference.voxels) voxels are not those of a built-in detector; name the binning file that "
            + "they were made with (--geometry)")
      }
      let metrics = try ShowerMetrics(
        ComparedShowers(reference: reference, heldOut: heldOut, generated: generated), geometry: geometry,
        families: families, seed: seed, threshold: voxelThreshold, histograms: histograms)
      (result.schema, result.full) = (ShowerMetrics.schema, metrics)
      result.evaluated = try checkpoint.map { try Self.evaluated(Checkpoint(file: $0), metrics.record) }
    }
    if histograms {
      result.histograms = try ComparisonHistograms(
        reference: reference, generated: generated, geometry: geometry)
    }
    guard let metrics = result.full, format ?? .table == .table else { return try Output.line(json(result)) }
    try Output.write(result.comparison.text + metrics.text)
  }

  /// Measures the checkpoint's circuit and prints what the showers come out as.
  private func measure(_ shots: [Int?], _ reference: ShowerSelection) throws {
    let state = try Checkpoint(file: checkpoint!)
    // Refuses another dataset than the run's.
    _ = try ShowerGeneration(evaluationOf: state, on: PreparedDataset(reading: self.reference))
    let circuit = try CircuitFeed.circuit(of: state)
    var place = MeasuredEvaluation.Place.model(try model.value(for: circuit))
    var remarks: [String] = []
    if let (device, placed) = try device.placed(circuit) {
      place = .device(placed, name: device.name)
      remarks = device.remarks
    }
    let heldOut = try heldOut.map { try ShowerSelection(of: $0, heldOutFrom: self.reference) }
    guard let geometry = try geometry.value() ?? reference.kind.geometry(voxels: reference.voxels) else {
      throw InputError(
        "\(self.reference): \(reference.voxels) voxels are not those of a built-in detector; name the binning file that "
          + "they were made with (--geometry)")
    }
    let evaluation = try MeasuredEvaluation(
      of: state, on: place, shots: shots, mitigation: .init(readout: correctReadout, extrapolation: extrapolate),
      trajectories: noisy.trajectories, events: events ?? state.header.job.dataset.eventsPerEnergy, seed: seed,
      reference: reference, heldOut: heldOut,
      geometry: geometry, families: families.isEmpty ? [.chi2, .fpd] : families, threshold: voxelThreshold,
      deviceRemarks: remarks)
    guard format ?? .table == .table else { return try Output.line(json(evaluation.record)) }
    try Output.write(evaluation.text)
  }

  private static func evaluated(_ state: Checkpoint, _ record: MetricsRecord) -> EvaluatedCheckpoint {
    EvaluatedCheckpoint(
      run: state.header.job.run, checkpoint: state.header.checkpoint, iteration: state.header.iteration,
      sha256: state.sha256, commit: BuildInfo.commit, metrics: record)
  }

  /// The generated showers, fresh ones at energies like those of Geant4's events.
  private func generatedShowers(like geant4: ShowerSelection) throws -> ShowerSelection {
    if let generated { return try ShowerSelection(reading: generated) }
    let (state, dataset) = (try Checkpoint(file: checkpoint!), try PreparedDataset(reading: reference))
    // Refuses another dataset than the run's.
    let own = try ShowerGeneration(evaluationOf: state, on: dataset)
    guard fresh else { return own.selection() }
    let job = state.header.job
    return try ShowerGeneration(
      checkpoint: state,
      incident: job.dataset.incidentEnergies(events: events ?? job.dataset.eventsPerEnergy, like: geant4),
      latents: .metrics(seed)
    ).selection()
  }
}

/// χ² and NDF alone, without the responses; keys that were not asked for are left out.
private struct FileComparison: Encodable {
  var chi2: Double
  var ndf: Int
  var reduced: Double
  var energies: [EnergyEvaluation]
  var bootstrap: Bootstrap?
  /// The Geant4 events, by energy.
  var events: [Int]?

  /// - Throws: `InputError` when the incident energies differ.
  init(
    _ geant4: ShowerSelection, _ generated: ShowerSelection, _ resampling: (resamples: Int, seed: UInt64)?
  ) throws {
    let reference = try EvaluationReference(ShowerTotals(geant4))
    let totals = try ShowerTotals(generated)
    let evaluation = try reference.evaluate(totals)
    chi2 = evaluation.chi2
    ndf = evaluation.ndf
    reduced = evaluation.reduced
    energies = evaluation.energies.map {
      EnergyEvaluation(incidentEnergy: $0.incidentEnergy, chi2: $0.chi2, ndf: $0.ndf)
    }
    guard let (resamples, seed) = resampling else { return }
    let bootstrap = try reference.bootstrap(totals, resamples: resamples, seed: seed)
    self.bootstrap = bootstrap
    for (index, energy) in bootstrap.energies.enumerated() { energies[index].uncertainty = energy.standardDeviation }
  }

  /// "χ²/NDF of E_tot: 1.9 (55.1 / 29)", a line.
  var text: String {
    let uncertainty = bootstrap.map { " ± " + PlainTable.digits($0.total.standardDeviation) } ?? ""
    return "χ²/NDF of E_tot against the reference: \(PlainTable.digits(reduced))\(uncertainty) "
      + "(\(PlainTable.digits(chi2)) / \(ndf)).\n"
  }
}

/// What `evaluate` prints: the comparison's own keys, and those that were asked for.
private struct EvaluationResult: Encodable {
  var comparison: FileComparison
  /// The version of the metrics' form.
  var schema: Int?
  /// The comparison with the Geant4 events that were not trained on.
  var heldOut: FileComparison?
  var full: ShowerMetrics?
  /// The metrics in short with the checkpoint that generated, as a run's `metrics.jsonl` has them.
  var evaluated: EvaluatedCheckpoint?
  var histograms: ComparisonHistograms?

  private enum CodingKeys: CodingKey { case schema, heldOut, full, evaluated, histograms }

  func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(schema, forKey: .schema)
    try values.encodeIfPresent(heldOut, forKey: .heldOut)
    try values.encodeIfPresent(full, forKey: .full)
    try values.encodeIfPresent(evaluated, forKey: .evaluated)
    try values.encodeIfPresent(histograms, forKey: .histograms)
  }
}

/// Numbers of shots as one argument, "128,512,exact"; nil for exact.
struct ShotList: ExpressibleByArgument {
  var values: [Int?]

  init?(argument: String) {
    let numbers = argument.commaSeparated { text -> Int?? in
      text == "exact" ? .some(nil) : Int(text).flatMap { (1...1_000_000).contains($0) ? .some($0) : nil }
    }
    guard let numbers, !numbers.isEmpty, Set(numbers).count == numbers.count else { return nil }
    values = numbers
  }
}

import ArgumentParser
import Calorimetry
import Experiment
import Glibc
import Records
import Storage
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compares generated showers with Geant4's, by the study's reduced χ² of E_tot.",
    discussion: """
      Both files are in the CaloChallenge layout and have the same incident energies; their numbers of events may \
      differ. With --checkpoint a run's own evaluation is repeated: its χ² is the journal's. Prints JSON: chi2, ndf, reduced, and the same for each of the energies. --held-out, --bootstrap, \
      --full and --histograms add keys of those names; the separation powers that --full prints are CaloChallenge's and another thing \
      than χ².

      Examples:
        qcalo evaluate --reference single.h5 --generated generated.h5
        qcalo evaluate --reference single.h5 --generated generated.h5 --bootstrap 200 --seed 1
        qcalo evaluate --reference single.h5 --generated generated.h5 --held-out sweeps/data/geant4_pions.hdf5
        qcalo evaluate --reference single.h5 --generated generated.h5 --full
        qcalo evaluate --reference single.h5 --checkpoint generator-000126.h5 --histograms
      """)

  @Option(help: "The Geant4 events.", completion: .file())
  var reference: String
  @Option(help: "The generated events.", completion: .file())
  var generated: String?
  @Option(
    help: "In their place a checkpoint, trained on the reference: the events of its evaluation are made again.",
    completion: .file(extensions: ["h5"]))
  var checkpoint: String?
  @Option(
    help: "The source that the reference was prepared from: compare also with its events that were not trained on.",
    completion: .file())
  var heldOut: String?
  @Option(help: "Add the uncertainty of χ²/NDF from so many resamples of both samples.")
  var bootstrap: Int?
  @Option(help: "The seed of the resamples.")
  var seed: UInt64 = 0
  @Flag(help: "Add the separation power of CaloChallenge's high-level observables.")
  var full = false
  @Flag(help: "Add the histograms behind the numbers and the average showers, for plots.")
  var histograms = false
  @Option(help: "The CaloChallenge binning file (XML), for --full; dataset 1, pions, is built in.", completion: .file())
  var geometry: String?
  @Option(help: "Voxels with less energy (MeV) count as empty, for --full; 1 as in CaloChallenge, 0 for none.")
  var voxelThreshold = 1.0

  func validate() throws {
    if (generated == nil) == (checkpoint == nil) { throw ValidationError("Give one of --generated and --checkpoint.") }
    if let bootstrap, !(2...1_000_000).contains(bootstrap) {
      throw ValidationError("--bootstrap: \(bootstrap) is not a number of resamples; they are 2 … 1000000")
    }
    if !(voxelThreshold >= 0 && voxelThreshold.isFinite) {
      throw ValidationError("--voxel-threshold: \(voxelThreshold) is not an energy in MeV")
    }
  }

  func run() throws {
    if let generated { return try compare(with: generated) }
    guard let checkpoint else { return }
    let generation = try ShowerGeneration(
      evaluationOf: Checkpoint(file: checkpoint), on: PreparedDataset(reading: reference))
    let path = try Folder.makeTemporary()
    defer {
      unlink(path + "/generated.h5")
      rmdir(path)
    }
    try generation.write(to: path + "/generated.h5", attributes: [:])
    try compare(with: path + "/generated.h5")
  }

  private func compare(with generated: String) throws {
    let totals = try ShowerTotals(reading: generated)
    func compare(_ geant4: ShowerTotals) throws -> FileComparison {
      let reference = try EvaluationReference(geant4)
      var comparison = FileComparison(try reference.evaluate(totals))
      if let bootstrap {
        let bootstrap = try reference.bootstrap(totals, resamples: bootstrap, seed: seed)
        comparison.bootstrap = bootstrap
        for (index, energy) in bootstrap.energies.enumerated() {
          comparison.energies[index].uncertainty = energy.standardDeviation
        }
      }
      return comparison
    }
    var result = Result(comparison: try compare(try ShowerTotals(reading: reference)))
    if let heldOut {
      let rest = try ShowerTotals(of: heldOut, heldOutFrom: reference)
      result.heldOut = try compare(rest)
      result.heldOut?.events = rest.totals.map(\.count)
    }
    let geometry = try geometry.map { try VoxelGeometry(xml: $0) } ?? .datasetOnePions
    if full {
      result.full = try ObservableComparison(
        reference: reference, generated: generated, geometry: geometry, threshold: voxelThreshold,
        histograms: histograms)
    }
    if histograms {
      result.histograms = try ComparisonHistograms(reference: reference, generated: generated, geometry: geometry)
    }
    try Output.line(json(result))
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

  init(_ evaluation: Evaluation) {
    chi2 = evaluation.chi2
    ndf = evaluation.ndf
    reduced = evaluation.reduced
    energies = evaluation.energies.map {
      EnergyEvaluation(incidentEnergy: $0.incidentEnergy, chi2: $0.chi2, ndf: $0.ndf)
    }
  }
}

/// What `evaluate` prints: the comparison's own keys, and those that were asked for.
private struct Result: Encodable {
  var comparison: FileComparison
  /// The comparison with the Geant4 events that were not trained on.
  var heldOut: FileComparison?
  var full: ObservableComparison?
  var histograms: ComparisonHistograms?

  private enum CodingKeys: CodingKey { case heldOut, full, histograms }

  func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(heldOut, forKey: .heldOut)
    try values.encodeIfPresent(full, forKey: .full)
    try values.encodeIfPresent(histograms, forKey: .histograms)
  }
}

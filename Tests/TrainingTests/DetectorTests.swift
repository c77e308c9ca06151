import Calorimetry
import Experiment
import Foundation
import QuantumGAN
import Records
import Storage
import TestSupport
import Testing

@testable import Training

/// Trainings of showers that are not the study's: made here, of the size and the layout of CaloChallenge's other sets.
@Suite("In another detector")
struct DetectorTests {
  let temporary: TemporaryFolder
  init() throws { temporary = try TemporaryFolder() }

  /// Showers that lose most of their energy in the middle layers and near the axis, a sixth of their voxels empty.
  static func write(
    _ energies: [Float], in geometry: VoxelGeometry, to path: String
  ) throws {
    var random = SplitMix64(state: 5)
    let layers = Double(geometry.layers.count)
    let showers = energies.flatMap { energy -> [Float] in
      let depth = layers * (0.3 + 0.3 * random.unit())
      let response = 0.7 + 0.2 * random.unit()
      return geometry.layers.enumerated().flatMap { number, layer -> [Float] in
        let share = exp(-abs(Double(number) - depth) / 3) / 6
        return (0..<layer.voxels).map { voxel in
          let near = exp(-Double(voxel % layer.radialBins)) * 0.6 / Double(layer.alphaBins)
          return random.unit() < 0.17 ? 0 : Float(Double(energy) * response * share * near * (0.5 + random.unit()))
        }
      }
    }
    try ShowerFileWriter.write(
      incidentEnergies: energies, showers: showers, voxels: geometry.voxels, to: path)
  }

  private func worker(_ arguments: [String]) throws -> Program.Result {
    let found = try Program.run(Program.worker, arguments)
    #expect(found.code == 0, "\(found.errors)")
    return found
  }

  /// Prepares a file, trains a small GAN on it and returns what was trained.
  private func train(_ options: [String], conditioned: Bool) throws -> JobDescription {
    let printed = try worker(
      ["dataset", "prepare", temporary("source.h5"), "--output", temporary("dataset.h5"), "--format", "json"] + options)
    let dataset: DatasetDescription = try CanonicalJSON.value(from: Data(printed.output.utf8))
    var settings = TrainingSettings()
    (settings.batchSize, settings.discriminatorSteps, settings.checkpointInterval) = (4, 2, 4)
    let job = JobDescription(
      variant: Variant(
        generator: .init(latent: 3, conditioned: conditioned, hidden: [4]), discriminator: .init(hidden: [6])),
      settings: settings, seed: 3, dataset: dataset, budget: Budget(checkpoints: 2))
    try temporary.write(String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "job.json")
    _ = try worker(["train", temporary("job.json")])
    return job
  }

  private struct Printed: Decodable {
    struct Full: Decodable {
      struct Entry: Decodable {
        var observable: String
        var layer: Int?
      }
      var voxelThreshold: Double
      var observables: [Entry]
    }
    var energies: [EnergyEvaluation]
    var full: Full
    var histograms: ComparisonHistograms
  }

  /// The evaluation of the last checkpoint again: what pictures of the showers are drawn from.
  private func evaluate() throws -> Printed {
    let found = try worker([
      "evaluate", "--reference", temporary("dataset.h5"), "--checkpoint",
      temporary("checkpoints/generator-000002.h5"), "--metrics", "separation", "--histograms", "--format",
      "json",
    ])
    return try CanonicalJSON.value(from: Data(found.output.utf8))
  }

  private var evaluation: Evaluation {
    get throws { try #require(try RunFolder(temporary.path).history().checkpoints[2]).evaluation }
  }

  @Test("photons are trained on, evaluated, generated and exported without a mass, layer by layer")
  func photons() throws {
    let geometry = CaloChallenge.photonsOfDatasetOne.geometry
    try Self.write(.init(repeating: 1024, count: 60), in: geometry, to: temporary("source.h5"))
    let job = try train(["--energies", "1024", "--events", "40", "--particle", "photon"], conditioned: false)
    #expect(job.dataset.particle == .photon && job.dataset.voxels == 368)
    let dataset = try PreparedDataset(reading: temporary("dataset.h5"))
    #expect(dataset.kineticEnergies == .init(repeating: 1024, count: 40))

    let again = try evaluate()
    #expect(try again.energies.map(\.chi2) == evaluation.energies.map(\.chi2))
    #expect(again.histograms.layers == geometry.layers)
    #expect(again.full.voxelThreshold == 1)
    #expect(again.full.observables.filter { $0.observable == "layerEnergy" }.map(\.layer) == [0, 1, 2, 3, 12])

    // A generated voxel is its fraction of the energy itself.
    _ = try worker([
      "generate", "--checkpoint", temporary("checkpoints/generator-000002.h5"), "--events", "5", "--output",
      temporary("g.h5"),
    ])
    let file = try ShowerFile(reading: temporary("g.h5"))
    #expect(try file.kind() == ShowerKind(particle: .photon))
    let checkpoint = try Checkpoint(file: temporary("checkpoints/generator-000002.h5"))
    let generator = try Generator(
      architecture: job.variant.generator, settings: job.settings, voxels: 368, state: checkpoint.arrays)
    let fractions = generator.generate(
      latents: generator.latents(events: 5, seed: job.seed), labels: [0, 0, 0, 0, 0])
    #expect(try file.showers(0..<5) == fractions.map { Float(Double($0) * 1024) })

    _ = try worker(["export", temporary.path, "--format", "onnx", "--output", temporary("g.onnx")])
    let bytes = try #require(FileManager.default.contents(atPath: temporary("g.onnx")))
    #expect(String(decoding: bytes, as: UTF8.self).contains("√(E² + m²) - m, m = 0 MeV"))
  }

  @Test("electrons of continuous energies in data set 2 are trained on and evaluated in bins of energy")
  func electrons() throws {
    let geometry = CaloChallenge.datasetTwo.geometry
    var random = SplitMix64(state: 1)
    try Self.write(
      (0..<120).map { _ in Float(exp(log(1000) * (1 + random.unit()))) }, in: geometry, to: temporary("source.h5"))
    let edges = ["1000", "10000", "100000", "1000000"].joined(separator: ",")
    let job = try train(
      ["--energy-bins", edges, "--events", "20", "--particle", "electron", "--geometry", "dataset_2"], conditioned: true
    )
    #expect(job.dataset.energies == [3162, 31620, 316_200] && job.dataset.voxels == 6480)
    let recorded = try evaluation
    #expect(recorded.energies.map(\.incidentEnergy) == [3162, 31620, 316_200])
    #expect(recorded.energies.allSatisfy { $0.ndf > 0 && $0.meanResponse?.isFinite == true })

    let again = try evaluate()
    #expect(again.energies.map(\.chi2) == recorded.energies.map(\.chi2))
    #expect(again.histograms.layers.count == 45 && again.full.voxelThreshold < 0.016)
    #expect(again.full.observables.count { $0.observable == "layerEnergy" } == 45)

    // Any energy within the bins, and with a word beyond them too.
    let far = try worker([
      "generate", "--checkpoint", temporary("checkpoints/generator-000002.h5"), "--events", "2", "--energies",
      "1500,900000,2000000", "--output", temporary("g.h5"),
    ])
    #expect(
      far.errors
        == "qcalo-worker: 2000000.0 MeV is outside of 1000.0 … 1000000.0 MeV, where this generator was trained\n")
    #expect(try ShowerFile(reading: temporary("g.h5")).kind() == ShowerKind(particle: .electron))
  }
}

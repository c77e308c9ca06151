import Experiment
import Foundation
import Testing

@Suite struct ParametricSettingsTests {
  private let dataset = DatasetDescription(
    path: "a.hdf5", sha256: String(repeating: "0", count: 64), energies: [4096, 65536], eventsPerEnergy: 50, voxels: 533
  )

  private func job(_ variant: Variant, events: Int = 50) -> JobDescription {
    var dataset = dataset
    dataset.eventsPerEnergy = events
    return JobDescription(
      variant: variant, settings: .init(), seed: 1, dataset: dataset, budget: Budget(checkpoints: 1))
  }

  @Test func `a parametric simulator's identity has its own keys alone`() {
    let usual = Variant(parametric: .init())
    #expect(usual.canonical == "parametric" && usual.name == "parametric")
    let other = Variant(parametric: .init(bins: 3, quantiles: 9))
    #expect(other.canonical == "parametric, bins 3, quantiles 9" && other.name == "parametric-bins3-quantiles9")
    var settings = TrainingSettings()
    (settings.checkpointInterval, settings.batchSize) = (1, 7)
    let trained = TrainedVariant(variant: usual, settings: settings)
    #expect(trained.name == "parametric" && trained.departures.isEmpty)
    #expect(trained.id == TrainedVariant(variant: usual, settings: .init()).id)
    #expect(job(usual).run.hasPrefix("parametric-s1-"))
  }

  @Test func `a variant without it reads and writes as before`() throws {
    let text = String(decoding: try CanonicalJSON.data(Variant()), as: UTF8.self)
    #expect(!text.contains("parametric"))
    let usual = Variant(parametric: .init(bins: 3))
    let again: Variant = try CanonicalJSON.value(from: CanonicalJSON.data(usual))
    #expect(again == usual && again.parametric?.bins == 3)
  }

  @Test func `its numbers are counted by energy, bin and quantity`() {
    let usual = Variant(parametric: .init())
    #expect(
      usual.generatorParameters(voxels: 533, energies: 2, geometry: .datasetOnePions) == 2 * 5 * (1 + 7 + 533) * 38)
    #expect(usual.discriminatorParameters(voxels: 533) == 0)
    #expect(Variant().generatorParameters(voxels: 533, energies: 2, geometry: nil) == 118_383)
    #expect(Variant().discriminatorParameters(voxels: 533) == 828_801)
  }

  @Test func `what cannot be fitted is refused with the key`() throws {
    #expect(ParametricSettings().flaw == nil)
    #expect(ParametricSettings(bins: 0).flaw == "bins: 0 is not in 1 … 1000")
    #expect(ParametricSettings(components: -1).flaw == "components: -1 is not in 0 … 1000")
    #expect(ParametricSettings(quantiles: 1).flaw == "quantiles: 1 is not in 2 … 1000")
    func refusal(_ job: JobDescription) throws -> String {
      do {
        _ = try JobDescription(json: CanonicalJSON.data(job), from: "job.json")
        return ""
      } catch let error as InputError { return error.description }
    }
    let usual = Variant(parametric: .init())
    #expect(try refusal(job(usual)) == "")
    #expect(
      try refusal(job(usual, events: 9))
        == "job.json: dataset: 9 events of each energy are fewer than two for each of the 5 bins (parametric.bins)")
    #expect(
      try refusal(job(Variant(parametric: .init(bins: 0)))) == "job.json: parametric: bins: 0 is not in 1 … 1000")
    var both = usual
    both.generator.hidden = [5]
    #expect(try refusal(job(both)) == "job.json: parametric: a parametric simulator has no networks")
  }
}

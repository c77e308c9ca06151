import Calorimetry
import Experiment
import Records
import Testing

@testable import Metrics

@Suite struct ShowerMetricsTests {
  private func compare(
    _ families: Set<Metric.Family> = Set(Metric.Family.quick), reference: ShowerSelection,
    heldOut: ShowerSelection? = nil, generated: ShowerSelection
  ) throws -> ShowerMetrics {
    try ShowerMetrics(
      ComparedShowers(reference: reference, heldOut: heldOut, generated: generated), geometry: .datasetOnePions,
      families: families, seed: 1)
  }

  @Test func `every number stands beside its floor`() throws {
    let (trained, heldOut) = (SampleShowers.events(65536, 0..<200), SampleShowers.events(65536, 200..<400))
    let poor = try SampleShowers.worse(SampleShowers.events(65536, 400..<600))
    let metrics = try compare(reference: trained, heldOut: heldOut, generated: poor)
    #expect(metrics.floorOf == .trained && metrics.record.heldOut && metrics.record.events == 200)
    #expect(metrics.remarks.isEmpty && metrics.classifiers == nil)
    #expect(
      Set(metrics.record.values.keys) == Set(Metric.Family.quick.flatMap(\.metrics)))
    for (metric, value) in metrics.record.values {
      let floor = try #require(value.floor, "\(metric)")
      let isWorse = metric.isBetterHigh ? value.value < floor : value.value > floor
      // A poor copy of other events recalls, and remembers nothing.
      if metric != .recall && metric != .memorisation { #expect(isWorse, "\(metric): \(value)") }
    }
    #expect(try #require(metrics.observables).allSatisfy { $0.floor != nil && $0.histogram == nil })
    let again = try compare([.fpd], reference: trained, heldOut: heldOut, generated: poor)
    #expect(again.record.values == [.fpd: metrics.record.values[.fpd]!], "what else is asked for changes nothing")
  }

  @Test func `without held-out events the floor is of the reference's halves`() throws {
    let metrics = try compare(
      [.chi2, .separation, .neighbours], reference: SampleShowers.events(65536, 0..<100),
      generated: SampleShowers.events(65536, 100..<200))
    #expect(metrics.floorOf == .halves && !metrics.record.heldOut)
    #expect(metrics.record.values[.heldOutChi2] == nil && metrics.record.values[.memorisation] == nil)
    #expect(metrics.remarks == ["memorisation: it takes held-out events"])
  }

  @Test func `as many events of each energy are compared, those of the smallest sample`() throws {
    let metrics = try compare(
      [.chi2, .fpd, .neighbours], reference: SampleShowers.mixture(0..<20), heldOut: SampleShowers.mixture(20..<25),
      generated: SampleShowers.all)
    #expect(metrics.samples.map(\.incidentEnergy) == [4096, 65536, 1_048_576])
    #expect(metrics.samples.map(\.events) == [5, 5, 5])
    #expect(
      metrics.remarks == ["fpd: 15 events are too few; 20 are needed"]
        && metrics.record.values[.precision] != nil && metrics.record.values[.fpd] == nil)
  }

  /// Showers of the sample, as if they were at 24 energies.
  private func many(_ numbers: Range<Int>, each: Int, sorted: Bool) throws -> ShowerSelection {
    let showers = SampleShowers.events(65536, numbers)
    let energies = (0..<24).map { 60000 + 500 * Float($0) }
    let incident = (0..<numbers.count).map { energies[sorted ? $0 / each : $0 % 24] }
    return ShowerSelection(incidentEnergies: incident, showers: try showers.showers(), voxels: 533)
  }

  @Test(arguments: [true, false])
  func `beyond twenty energies as many events of each are compared too, in whatever order they stand`(sorted: Bool)
    throws
  {
    let reference = try many(0..<240, each: 10, sorted: sorted)
    let compared = try ComparedShowers(
      reference: reference, generated: many(300..<780, each: 20, sorted: true))
    let floor = compared.floor
    let samples = [
      (compared.geant4, 10), (compared.generated, 10), (floor.geant4, 5), (floor.other, 5), (reference.first(100), 4),
    ]
    for (sample, count) in samples {
      #expect(sample.positionsByEnergy.map(\.count) == .init(repeating: count, count: 24))
    }
  }

  @Test func `at an energy with one event there are no correlations, and the rest is told`() throws {
    let reference = SampleShowers.mixture(0..<50)
    let few = SampleShowers.all.events(
      at: SampleShowers.all.byEnergy.enumerated().flatMap { $1.positions[50..<($0 == 0 ? 51 : 100)] }.sorted())
    let metrics = try compare([.layers], reference: reference, generated: few)
    #expect(metrics.correlations?.map(\.incidentEnergy) == [65536, 1_048_576])
    #expect(metrics.text.contains("Correlation of layer energies at 65536 MeV"))
  }

  @Test func `χ² against held-out events is the study's`() throws {
    let (trained, heldOut) = (SampleShowers.events(65536, 0..<300), SampleShowers.events(65536, 1000..<1300))
    let metrics = try compare(
      [.chi2], reference: trained, heldOut: heldOut, generated: SampleShowers.events(65536, 300..<900))
    let reference = try EvaluationReference(ShowerTotals(heldOut))
    let expected = try reference.evaluate(ShowerTotals(SampleShowers.events(65536, 300..<600)))
    let value = try #require(metrics.record.values[.heldOutChi2])
    #expect(value.value == expected.reduced)
    #expect(try value.floor == reference.evaluate(ShowerTotals(trained)).reduced)
    #expect((value.error ?? 0) > 0)
  }

  @Test func `correlations and separation powers are numpy's`() throws {
    let pair = try SampleShowers.pair("floor")
    let matrices = LayerCorrelations.compare(pair.geant4, pair.other, geometry: .datasetOnePions)
    #expect(matrices.count == 1 && matrices[0].layers == [0, 1, 2, 3, 12, 13, 14])
    #expect(matrices[0].reference[2][2].map { abs($0 - 1) < 1e-12 } == true)
    #expect(abs(matrices[0].largestDifference! - Reference.shared.correlation) < 1e-9)
    let observables = try pair.observables().observables
    for (name, expected) in Reference.shared.separation {
      let parts = name.split(separator: " ")
      let entry = observables.first { $0.observable.rawValue == parts[0] && $0.layer == Int(parts[1]) }
      #expect(abs(try #require(entry).separationPower - expected) < 1e-9, "\(name)")
    }
  }

  @Test func `neighbouring bins are merged until χ² may be computed of them`() throws {
    let edges = [0.0, 1, 2, 3, 4]
    let counts = HistogramPair(edges: edges, reference: [4, 3, 30, 1], generated: [2, 4, 25, 2])
    // Bins 1 and 2 have 13 together, bin 3 has 55, bin 4 with nothing beyond has 3 and goes with it.
    let found = try #require(MergedChiSquare.compare(counts, of: 38, and: 33))
    #expect(found == ReducedChiSquare.compare([7, 31], [6, 27]))
    #expect(MergedChiSquare.compare(counts, of: 50, and: 40)! == ReducedChiSquare.compare([7, 30, 13], [6, 25, 9]))
    let one = HistogramPair(edges: [0, 1], reference: [5], generated: [4])
    #expect(MergedChiSquare.compare(one, of: 5, and: 4) == nil)
  }
}

import Experiment
import Records
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct ComparisonHistogramsTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `plots have E_tot in the bins of χ², the average showers and where the voxels are`() throws {
    let source = Repository.path("sweeps/data/geant4_pions.hdf5")
    for (name, skip) in [("a.h5", 0), ("b.h5", 200)] {
      _ = try DatasetPreparation(source: source, energies: [4096, 65536], eventsPerEnergy: 200, skip: skip)
        .write(to: folder(name))
    }
    let (a, b) = (try ShowerSelection(reading: folder("a.h5")), try ShowerSelection(reading: folder("b.h5")))
    let histograms = try ComparisonHistograms(reference: a, generated: b, geometry: .datasetOnePions)
    let evaluation = try EvaluationReference(try ShowerTotals(a)).evaluate(try ShowerTotals(b))
    #expect(histograms.totals.map(\.incidentEnergy) == [4096, 65536])
    for (entry, energy) in zip(histograms.totals, evaluation.energies) {
      let (chi2, ndf) = ReducedChiSquare.compare(entry.histogram.reference, entry.histogram.generated)
      #expect(chi2 == energy.chi2 && ndf == energy.ndf)
      #expect(entry.histogram.edges.count == 30 && entry.histogram.reference.reduce(0, +) == 200)
    }
    // The average shower's energy is the average of the showers' energies.
    for (shower, totals) in zip(histograms.averageShowers, try ShowerTotals(b).totals) {
      #expect(shower.generated.count == 533)
      let total: Double = shower.generated.reduce(0, +) / 1000
      #expect(abs(total - totals.reduce(0, +) / 200) < 1e-9)
    }
    #expect(histograms.layers.map(\.id) == [0, 1, 2, 3, 12, 13, 14])
    #expect(histograms.layers[4].radialEdges.last == 2000 && histograms.layers[4].offset == 213)
    let unknown = try ComparisonHistograms(
      reference: a, generated: b, geometry: VoxelGeometry(layers: [(0, 1, [0, 1])]))
    #expect(unknown.layers.isEmpty && unknown.totals == histograms.totals)
  }
}

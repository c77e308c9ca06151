import Foundation
import Testing

@testable import Experiment

@Suite struct ShowerKindTests {
  @Test func `the kinetic energy takes the file's energy as momentum`() {
    #expect(abs(Particle.pion.kineticEnergy(of: 65536) - 65396.54868) < 1e-4)
    #expect(abs(Particle.pion.kineticEnergy(of: 139.6) - 139.6 * (2.0.squareRoot() - 1)) < 1e-12)
    #expect(Particle.allCases.allSatisfy { $0.kineticEnergy(of: 0) == 0 })
    #expect(Particle.photon.kineticEnergy(of: 256) == 256)
    #expect(abs(Particle.electron.kineticEnergy(of: 1000) - 999.4891315) < 1e-6)
    #expect(abs(Particle.proton.kineticEnergy(of: 938.27208816) - 388.6450) < 1e-4)
  }

  @Test func `a bin's energy is the geometric middle to four digits`() {
    let bins = EnergyBins(edges: [1000, 10_000, 100_000, 1_000_000])
    #expect(bins.middles == [3162, 31620, 316_200])
    #expect(EnergyBins(edges: [0.001, 0.01, 0.0102]).middles == [0.003162, 0.0101])
    let energies: [Double] = [999.9, 1000, 9999, 10_000, 1e6, 1e6 + 1, .nan]
    #expect(energies.map(bins.bin) == [nil, 0, 0, 1, 2, nil, nil])
    #expect(EnergyBins(edges: [1, 2]).bin(of: 2) == 0)
  }

  @Test(
    arguments: [
      ([], "bins have at least two edges, such as [1000, 10000]"),
      ([1000], "bins have at least two edges, such as [1000, 10000]"),
      ([1000, 1000], "the edges of bins ascend, each by a hundredth or more"),
      ([1000, 1001], "the edges of bins ascend, each by a hundredth or more"),
      ([1000, 100], "the edges of bins ascend, each by a hundredth or more"),
      ([0, 100], "an edge: 0.0 is not in 0.001 … 1000000000"),
      ([1, .nan], "an edge: nan is not in 0.001 … 1000000000"),
      ((0...1001).map { Double($0 + 1) }, "1001 bins are more than 1000"),
    ] as [([Double], String)])
  func `edges that make no bins are refused`(edges: [Double], reason: String) throws {
    #expect(EnergyBins.flaw(of: edges) == reason)
    let json = try CanonicalJSON.data(edges)
    #expect(throws: DecodingError.self) { try CanonicalJSON.value(EnergyBins.self, from: json) }
  }

  @Test func `pions in CaloChallenge's detector are described and identified as they ever were`() throws {
    let plain = DatasetRequest(source: "/a/b.hdf5", energies: [1, 2], eventsPerEnergy: 3)
    var explicit = plain
    explicit.kind = ShowerKind(particle: .pion, geometry: .datasetOnePions)
    #expect(explicit.canonical == "b.hdf5 [1.0, 2.0] 3" && explicit.canonical == plain.canonical)
    let json = String(decoding: try CanonicalJSON.data(plain), as: UTF8.self)
    #expect(json == #"{"energies":[1,2],"eventsPerEnergy":3,"source":"/a/b.hdf5"}"#)
    let description = DatasetDescription(
      path: "a", sha256: "0", energies: [1], eventsPerEnergy: 1, voxels: 533,
      kind: ShowerKind(geometry: .datasetOnePions))
    #expect(description.geometry == nil && description.kind.geometry(voxels: 533) == .datasetOnePions)
    #expect(description.flaw == nil && description.remark == nil)
  }

  @Test func `what is not as usual is in the identity`() {
    let own = VoxelGeometry(layers: [(3, 2, [0, 1.5])])
    func canonical(_ kind: ShowerKind) -> String {
      DatasetRequest(source: "b.h5", energies: [1], eventsPerEnergy: 3, kind: kind).canonical
    }
    #expect(canonical(.init(particle: .photon)) == "b.h5 [1.0] 3, particle photon")
    #expect(canonical(.init(bins: EnergyBins(edges: [1, 100]))) == "b.h5 [10.0] 3, energy bins [1.0, 100.0]")
    #expect(canonical(.init(geometry: own)) == #"b.h5 [1.0] 3, layers ["3 2 [0.0, 1.5]"]"#)
  }

  @Test(arguments: [
    (Particle.pion, 533), (.photon, 368), (.electron, 6480), (.proton, 533),
  ])
  func `before the data are prepared a particle's usual detector is expected`(particle: Particle, voxels: Int) {
    var request = DatasetRequest(source: "b.h5", energies: [1], eventsPerEnergy: 3, kind: .init(particle: particle))
    #expect(request.expectedVoxels == voxels)
    request.geometry = CaloChallenge.datasetThree.geometry
    #expect(request.expectedVoxels == 40_500)
  }

  @Test func `voxels of another particle's data set are told, and a job that contradicts itself is refused`() {
    func description(_ voxels: Int, _ kind: ShowerKind, energies: [Double] = [1]) -> DatasetDescription {
      DatasetDescription(path: "a", sha256: "0", energies: energies, eventsPerEnergy: 1, voxels: voxels, kind: kind)
    }
    #expect(
      description(368, .init()).remark
        == "368 voxels are those of dataset_1_photons, which has showers of photons, but these are taken for a pion's; "
        + "dataset.particle says whose they are")
    #expect(description(368, .init(particle: .photon)).remark == nil)
    #expect(description(533, .init(particle: .proton)).remark == nil && description(7, .init()).remark == nil)
    let own = VoxelGeometry(layers: [(3, 2, [0, 1.5])])
    #expect(description(7, .init(geometry: own)).flaw == "geometry: it has 2 voxels, not 7")
    let bins = EnergyBins(edges: [1, 100])
    #expect(description(7, .init(bins: bins)).flaw == "energyBins: they are not those of the energies")
    #expect(description(7, .init(bins: bins), energies: [10]).flaw == nil)
  }
}

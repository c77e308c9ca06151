import Experiment
import HDF5
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct InspectionTests {
  let folder: TemporaryFolder
  let geometry = VoxelGeometry(layers: [(0, 1, [0, 1]), (5, 2, [0, 1])])
  init() throws { folder = try TemporaryFolder() }

  private func inspect(
    _ energies: [Double], voxels: Int = 3, changes: [[Int]: Double] = [:], geometry: VoxelGeometry?
  ) throws -> Inspection {
    let showers = TestShowers(energies: energies, voxels: voxels, changes: changes)
    return try Inspection(of: try showers.write(to: folder("a.h5")), geometry: geometry)
  }

  @Test func `energies, responses, empty voxels and layers are counted`() throws {
    // Showers 0 1 2, 10 11 12, 20 21 22: E_tot 3, 33, 63.
    let inspection = try inspect([30, 20, 30], geometry: geometry)
    #expect(inspection.events == 3 && inspection.voxels == 3)
    #expect(inspection.layers == [.init(id: 0, voxels: 1), .init(id: 5, voxels: 2)])
    let expected: [Inspection.Energy] = [
      .init(
        incidentEnergy: 20, events: 1, meanResponse: 1.65, responseSpread: 0, emptyVoxels: 0,
        layerShares: [10.0 / 33.0, 23.0 / 33.0]),
      .init(
        incidentEnergy: 30, events: 2, meanResponse: 1.1, responseSpread: 1, emptyVoxels: 1.0 / 6.0,
        layerShares: [20.0 / 66.0, 46.0 / 66.0]),
    ]
    #expect(inspection.energies == expected)
    #expect(inspection.problems.isEmpty)
    #expect(
      inspection.text == """
        \(folder("a.h5")): 3 events of 3 voxels
        layers 0 (1 voxels), 5 (2 voxels)

        E (MeV)  events  mean E_tot/E  spread  empty voxels  share of the energy in layers 0, 5
             20       1         1.650   0.000         0.000                        0.303, 0.697
             30       2         1.100   1.000         0.167                        0.303, 0.697

        nothing is wrong with it
        """)
  }

  @Test func `what is wrong is told`() throws {
    func problems(_ energies: [Double], _ changes: [[Int]: Double] = [:]) throws -> [String] {
      try inspect(energies, changes: changes, geometry: geometry).problems
    }
    #expect(
      try problems([30, 0, -5, 30]) == ["2 events have an incident energy that is not a positive number"])
    #expect(
      try problems([30, 30], [[0, 1]: .nan, [1, 1]: .infinity])
        == ["2 events have a voxel that is not a finite number; left out here"])
    #expect(try problems([30, 30], [[0, 1]: -1]) == ["1 voxel has negative energy"])
    #expect(
      try problems([30, 30], [[0, 1]: -1, [1, 1]: -1, [1, 2]: -1, [0, 2]: 2])
        == ["3 voxels have negative energy"])
    #expect(try problems([30, 30], [[0, 1]: 0, [0, 2]: 0]) == ["1 event is wholly empty"])
    #expect(
      try problems([30, 30.001, 30.002, 31, 31.0001])
        == ["3 incident energies count as another one, which differs by less than one part in ten thousand"])
    #expect(try problems([]) == ["there are no events in it"])
    #expect(
      try problems([30000, 30000])
        == ["at 30000 MeV the mean of E_tot/E is 0.00060; are both in MeV?"])
  }

  @Test func `a geometry that does not fit is told, and the rest still shown`() throws {
    let unknown = try inspect([30, 30], voxels: 4, geometry: nil)
    #expect(
      unknown.problems == [
        "4 voxels are not those of a built-in detector; name the binning file that it was made with (--geometry)"
      ])
    #expect(unknown.layers.isEmpty && unknown.energies.count == 1)
    #expect(unknown.text.contains("problem: 4 voxels"))
    #expect(
      try inspect([30, 30], voxels: 4, geometry: geometry).problems == ["the geometry has 3 voxels, the showers 4"])
  }

  @Test func `the sample data are as their note says`() throws {
    let path = Repository.path("sweeps/data/geant4_pions.hdf5")
    let inspection = try Inspection(of: path)
    #expect(inspection.problems.isEmpty)
    let note = try Repository.text("sweeps/data/README.md").filter { $0 != "|" }.split(separator: " ")
    for row in inspection.text.split(separator: "\n").filter({ $0.contains("0.") }) {
      let cells = row.split(separator: " ").map { $0.filter { $0 != "," } }
      // Events, mean, spread, and the layers' shares.
      for cell in [cells[1], cells[2], cells[3]] + cells[5...] {
        #expect(note.contains { $0.filter { $0 != "," && $0 != "\n" } == cell }, "\(cell)")
      }
    }
  }

  @Test func `a prepared file tells where it comes from`() throws {
    let source = try TestShowers(energies: [30, 30]).write(to: folder("source.h5"))
    let description = try DatasetPreparation(source: source, energies: [30], eventsPerEnergy: 1)
      .write(to: folder("out.h5"))
    let inspection = try Inspection(of: folder("out.h5"), geometry: geometry)
    #expect(inspection.problems.isEmpty)
    #expect(inspection.provenance["source"] == "source.h5")
    #expect(inspection.provenance["sha256"] == description.sha256)
    #expect(inspection.text.contains("\nselection: the first 1 events of each of 30 MeV, in file order\n"))
    #expect(try CanonicalJSON.value(Inspection.self, from: CanonicalJSON.data(inspection)) == inspection)
  }

  @Test func `very many energies are cut short in the text`() throws {
    let inspection = try inspect((1...60).map { Double($0) * 30 }, geometry: geometry)
    #expect(inspection.energies.count == 60 && inspection.energyCount == 60)
    #expect(inspection.text.contains("… 60 energies in all"))
  }

  @Test func `thousands of energies are cut short as JSON too`() throws {
    let inspection = try inspect((1...5000).map { Double($0) * 30 }, geometry: geometry)
    #expect(inspection.energies.map(\.incidentEnergy) == (1...100).map { Double($0) * 30 })
    #expect(inspection.energyCount == 5000)
    #expect(inspection.text.contains("… 5000 energies in all"))
    #expect(try CanonicalJSON.data(inspection, pretty: true).count < 100_000)
  }

  @Test(arguments: [
    (0.0, 3, "0.000"), (0.9996, 3, "1.000"), (-0.0004, 3, "0.000"), (-1.25, 1, "-1.3"), (12.005, 2, "12.01"),
    (7, 0, "7"),
    (.nan, 3, "nan"),
  ])
  func `numbers are written with so many digits`(value: Double, digits: Int, text: String) {
    #expect(value.decimals(digits) == text)
  }
}

import Experiment
import HDF5
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct ShowerFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The size of dataset 2 of CaloChallenge is 100 000 events of 6480 voxels.
  @Test(arguments: [
    (100_000, 6480, 100_000), (100_000, 6480, 20_000), (100_000, 6480, 7), (100_000, 6480, 1), (1000, 533, 10_000),
    (121_000, 533, 121_000), (5, 3, 2), (0, 3, 1), (100_000, 1_000_000, 100_000),
  ])
  func `blocks hold every event once and fit into memory, whatever the chunks`(events: Int, voxels: Int, chunk: Int) {
    let blocks = ShowerFile.blocks(events: events, voxels: voxels, chunk: chunk, values: 1 << 21)
    #expect(blocks.flatMap { [$0.lowerBound, $0.upperBound] }.first ?? 0 == 0)
    #expect(blocks.last?.upperBound ?? 0 == events)
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(blocks.allSatisfy { !$0.isEmpty && $0.count * voxels <= 1 << 25 })
    // A chunk that fits is never cut.
    if chunk * voxels <= 1 << 25 {
      #expect(blocks.dropLast().allSatisfy { $0.count.isMultiple(of: min(chunk, events)) })
    }
  }

  @Test func `a high chunk is cut into parts of equal height`() {
    let blocks = ShowerFile.blocks(events: 250, voxels: 10, chunk: 100, values: 100, most: 400)
    #expect(blocks == [0..<34, 34..<68, 68..<100, 100..<134, 134..<168, 168..<200, 200..<234, 234..<250])
  }

  @Test(arguments: [(ShowerFile.eventLimit + 1, 1), (1, ShowerFile.voxelLimit + 1)])
  func `more events or voxels than are taken are refused`(events: Int, voxels: Int) throws {
    let file = try HDF5File(creating: folder("a.h5"))
    for (name, columns) in [("incident_energies", 1), ("showers", voxels)] {
      let dataset = try file.create(name, shape: [events, columns], type: .float32)
      try dataset.write([Float](repeating: 1, count: columns), rows: 0..<1)
    }
    try file.close()
    #expect(
      throws: InputError(
        "\(folder("a.h5")): 'showers' has shape [\(events), \(voxels)], larger than the 10000000 events of 1000000 voxels "
          + "that are taken")
    ) { _ = try ShowerFile(reading: folder("a.h5")) }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `showers that are not finite have no χ²`(value: Double) throws {
    let path = try TestShowers(energies: [30, 30, 20, 30], changes: [[1, 2]: value, [3, 0]: value, [3, 1]: -value])
      .write(to: folder("a.h5"))
    #expect(
      throws: InputError(
        "\(path): 2 of its 4 events have a voxel that is not a finite number, the first of them event 1; χ² is not defined "
          + "with them")
    ) { _ = try ShowerTotals(reading: path) }
  }
}

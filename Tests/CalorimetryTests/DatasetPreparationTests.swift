import Experiment
import Foundation
import HDF5
import Storage
import TestSupport
import Testing

@testable import Calorimetry

@Suite struct DatasetPreparationTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Three energies in no order: 4096 at 1, 2, 6, 7; 65536 at 0, 3, 5; 7 once.
  static let mixed: [Double] = [65536, 4096, 4096, 65536, 7, 65536, 4096, 4096]

  static let sources = [
    TestShowers(energies: mixed), TestShowers(energies: mixed, type: .float64),
    TestShowers(energies: mixed, layout: .chunked(rows: 3)),
    TestShowers(energies: mixed, type: .float64, layout: .chunked(rows: 2, gzip: 9, shuffle: false)),
  ]

  @Test(arguments: sources.indices, [1, 4, 9, 1 << 21])
  func `the first events of each energy are taken, in file order, from any layout and by any block`(
    source: Int, block: Int
  ) throws {
    let path = try Self.sources[source].write(to: folder("source.h5"))
    // As float32 files of other programs may have it, and in another order.
    var preparation = DatasetPreparation(source: path, energies: [65536.4, 4096], eventsPerEnergy: 2)
    preparation.blockSize = block
    let description = try preparation.write(to: folder("out.h5"))
    #expect(description.energies == [4096, 65536])
    #expect(description.events == 4 && description.eventsPerEnergy == 2 && description.voxels == 3)
    #expect(description.path == folder("out.h5"))

    let dataset = try PreparedDataset(reading: folder("out.h5"))
    #expect(dataset.description == description)
    #expect(dataset.incidentEnergies == [65536, 4096, 4096, 65536])
    #expect(dataset.energyIndex == [1, 0, 0, 1])
    #expect(dataset.showers == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32])
    #expect(try folder.names == ["out.h5", "source.h5"])
  }

  @Test func `events that were passed over give another dataset of the same source`() throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    let rest = DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 2, skip: 2)
    let description = try rest.write(to: folder("rest.h5"))
    let dataset = try PreparedDataset(reading: folder("rest.h5"))
    #expect(dataset.showers == [60, 61, 62, 70, 71, 72])
    #expect(dataset.description == description)
    let file = try ShowerFile(reading: folder("rest.h5"))
    #expect(try file.attribute("selection") == "2 events after the first 2 of each of 4096 MeV, in file order")
  }

  @Test func `the output says where it comes from, and the same selection gives the same bytes`() throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    let preparation = DatasetPreparation(source: source, energies: [4096, 65536], eventsPerEnergy: 3)
    let first = try preparation.write(to: folder("a.h5"))
    let second = try preparation.write(to: folder("b.h5"))
    #expect(first.sha256 == second.sha256 && first.sha256.count == 64)
    #expect(
      try Data(contentsOf: URL(filePath: folder("a.h5"))) == Data(contentsOf: URL(filePath: folder("b.h5"))))
    let file = try HDF5File(reading: folder("a.h5"))
    #expect(try file.attribute("source") == .string("source.h5"))
    #expect(try file.attribute("source_sha256") == .string(InputFile.digest(of: source)))
    #expect(
      try file.attribute("selection") == .string("the first 3 events of each of 4096, 65536 MeV, in file order"))
    #expect(try file.attribute("sha256") == .string(first.sha256))
  }

  /// SHA-256 over the documented bytes, spelled out.
  @Test func `the content's hash is of the selection, the energies and the showers`() throws {
    let source = try TestShowers(energies: [4096, 4096]).write(to: folder("source.h5"))
    let description = try DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 2)
      .write(to: folder("out.h5"))
    var hash = SHA256()
    hash.update("qcalo dataset: energies [4096.0], events 2, voxels 3\n".utf8)
    for value in [4096, 4096, 0, 1, 2, 10, 11, 12] as [Float] {
      hash.update((0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) })
    }
    #expect(description.sha256 == hash.hexDigest())
  }

  @Test(
    arguments: [
      ([4096, 8], 1, 0, "there are no events of 8 MeV; the file has 7 (1 event), 4096 (4 events), 65536 (3 events)"),
      (
        [65.536], 1, 0,
        "there are no events of 65.536 MeV; the file has 7 (1 event), 4096 (4 events), 65536 (3 events); "
          + "energies are in MeV: did you mean 65536?"
      ),
      ([4096, 65536], 4, 0, "there are 3 events of 65536 MeV, too few for 4"),
      ([4096], 3, 2, "there are 4 events of 4096 MeV, too few for 3 after the first 2"),
    ] as [([Double], Int, Int, String)])
  func `events that are not there are named, with those that are`(
    energies: [Double], events: Int, skip: Int, message: String
  ) throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    let preparation = DatasetPreparation(source: source, energies: energies, eventsPerEnergy: events, skip: skip)
    #expect(throws: InputError("\(source): \(message)")) { try preparation.write(to: folder("out.h5")) }
    #expect(throws: InputError("\(source): \(message)")) { try preparation.check() }
    #expect(try folder.names == ["source.h5"])
    #expect(try DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 4).check() == 3)
  }

  @Test(
    arguments: [
      ([], 1, 0, "energies: name at least one incident energy"),
      ([4096, 65536, 4096.1], 1, 0, "energies: 4096.1 MeV is named twice"),
      ([4096], 0, 0, "events: 0 is not a number of events"), ([4096], 1, -1, "skip: -1 is not a number of events"),
    ] as [([Double], Int, Int, String)])
  func `a selection that is none is refused`(energies: [Double], events: Int, skip: Int, message: String) throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    let preparation = DatasetPreparation(source: source, energies: energies, eventsPerEnergy: events, skip: skip)
    #expect(throws: InputError(message)) { try preparation.write(to: folder("out.h5")) }
  }

  @Test func `a voxel that is no number is refused where it is selected, and only there`() throws {
    let source = try TestShowers(energies: Self.mixed, changes: [[7, 1]: .nan]).write(to: folder("source.h5"))
    _ = try DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 3).write(to: folder("good.h5"))
    let bad = DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 4)
    #expect(
      throws: InputError("\(source): event 7 has a voxel that is not a finite number; repair the source")
    ) { try bad.write(to: folder("bad.h5")) }
    #expect(try folder.names == ["good.h5", "source.h5"])
  }

  @Test func `the source is not overwritten, whatever it is called`() throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    try FileManager.default.createSymbolicLink(atPath: folder("link.h5"), withDestinationPath: source)
    for output in [source, folder("link.h5"), folder.path + "/./source.h5"] {
      let preparation = DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 1)
      #expect(
        throws: InputError("\(output): this is the source itself; choose another file for the prepared events")
      ) { try preparation.write(to: output) }
    }
  }

  @Test func `a folder that is not there is a storage error`() throws {
    let source = try TestShowers(energies: Self.mixed).write(to: folder("source.h5"))
    let preparation = DatasetPreparation(source: source, energies: [4096], eventsPerEnergy: 1)
    #expect(throws: StorageError.self) { try preparation.write(to: folder("gone/out.h5")) }
  }

  @Test func `files of another layout are refused`() throws {
    func attempt(_ name: String, _ energies: [Int], _ showers: [Int]) throws -> String? {
      let file = try HDF5File(creating: folder(name))
      for (name, shape) in [("incident_energies", energies), ("showers", showers)] {
        try file.write([Float](repeating: 1, count: shape.reduce(1, *)), to: name, shape: shape)
      }
      try file.close()
      do {
        _ = try ShowerFile(reading: folder(name))
        return nil
      } catch { return "\(error)" }
    }
    #expect(try attempt("a", [5, 1], [5, 3]) == nil)
    #expect(try attempt("b", [5], [5, 3]) == nil)
    #expect(
      try attempt("c", [4, 1], [5, 3])
        == "\(folder("c")): 'incident_energies' has shape [4, 1]; for 'showers' of shape [5, 3] it must be [5, 1]")
    #expect(
      try attempt("d", [5, 1], [5, 3, 2])
        == "\(folder("d")): 'showers' has shape [5, 3, 2]; it must be [events, voxels]")
    #expect(
      try attempt("n", [5, 1], [5, 0]) == "\(folder("n")): 'showers' has shape [5, 0]; it must be [events, voxels]")
    let file = try HDF5File(creating: folder("e"))
    try file.write([Float](repeating: 1, count: 5), to: "incident_energies", shape: [5, 1])
    try file.close()
    let error = try #require(throws: HDF5Error.self) { _ = try ShowerFile(reading: folder("e")) }
    #expect(error.kind == .missing)
  }
}

import Calorimetry
import Experiment
import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct PreparedDatasetTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func prepare(_ energies: [Double], select: [Double], events: Int) throws -> DatasetDescription {
    let source = try TestShowers(energies: energies).write(to: folder("source.h5"))
    return try DatasetPreparation(source: source, energies: select, eventsPerEnergy: events)
      .write(to: folder("data.h5"))
  }

  @Test func `showers become fractions of the kinetic energy, and energies labels`() throws {
    let energies: [Double] = [65536, 4096, 1_048_576]
    let dataset = try PreparedDataset(reading: prepare(energies, select: energies, events: 1).path)
    let kinetic = energies.map { ($0 * $0 + 139.6 * 139.6).squareRoot() - 139.6 }
    #expect(dataset.kineticEnergies == kinetic)
    #expect(
      dataset.fractions
        == [
          0, 1 / kinetic[0], 2 / kinetic[0], 10 / kinetic[1], 11 / kinetic[1], 12 / kinetic[1], 20 / kinetic[2],
          21 / kinetic[2], 22 / kinetic[2],
        ].map { Float($0) })
    #expect(dataset.labels.map { ($0 * 1e5).rounded() / 1e5 } == [0.50268, 0, 1])
    #expect(dataset.totals == [0.003, 0.033, 0.063])
  }

  @Test func `the label of a single energy is zero`() throws {
    _ = try prepare([65536, 65536], select: [65536], events: 2)
    #expect(try PreparedDataset(reading: folder("data.h5")).labels == [0, 0])
  }

  @Test func `a file that was not prepared is refused`() throws {
    let path = try TestShowers(energies: [1, 1]).write(to: folder("source.h5"))
    #expect(
      throws: InputError("\(path): this is not a prepared dataset; make one from it with 'qcalo dataset prepare'")
    ) { try PreparedDataset(reading: path) }
  }

  @Test func `a file with a hash and unequal numbers of events is refused`() throws {
    let path = try TestShowers(energies: [4096, 65536, 65536]).write(to: folder("source.h5"))
    let file = try HDF5File(updating: path)
    try file.setAttribute("sha256", .string("ab"))
    try file.close()
    let error = try #require(throws: InputError.self) { try PreparedDataset(reading: path) }
    #expect(error.description.hasPrefix("\(path): this is not a prepared dataset: its energies have unequal numbers"))
  }

  @Test func `content that was changed since is noticed`() throws {
    _ = try prepare([65536, 65536], select: [65536], events: 2)
    let file = try HDF5File(updating: folder("data.h5"))
    try file.dataset("showers").write([0, 1, 2.5] as [Float], rows: 0..<1)
    try file.close()
    let error = try #require(throws: InputError.self) { try PreparedDataset(reading: folder("data.h5")) }
    #expect(error.description.contains("it is damaged or was changed; prepare it again"))
    #expect(try Inspection(of: folder("data.h5")).problems.contains { $0.contains("damaged or was changed") })
  }

  @Test func `what is unusual about the events stays with the dataset`() throws {
    // Of 20 the first two of three events; the third is not selected.
    let empty = [[0, 1]: 0.0, [0, 2]: 0.0]
    let changes = empty.merging([[1, 0]: -2, [1, 1]: -1, [3, 0]: -1, [2, 1]: -1, [2, 2]: -5]) { $1 }
    let source = try TestShowers(energies: [20, 30, 20.001, 20, 30.003], changes: changes).write(
      to: folder("source.h5"))
    let description = try DatasetPreparation(source: source, energies: [20, 30], eventsPerEnergy: 2)
      .write(to: folder("data.h5"))
    #expect(description.emptyEvents == 1 && description.negativeVoxels == 4 && description.mergedEnergies == 2)
    let said = [
      "1 event is wholly empty", "4 voxels have negative energy",
      "2 incident energies count as another one, which differs by less than one part in ten thousand",
    ]
    #expect(description.oddities.sentences == said)
    #expect(try PreparedDataset(reading: folder("data.h5")).description == description)
    #expect(try Inspection(of: folder("data.h5")).provenance["oddities"] == said.joined(separator: "; "))
    let json = try CanonicalJSON.data(description)
    #expect(try CanonicalJSON.value(DatasetDescription.self, from: json) == description)
  }

  @Test func `an energy whose least value is not among the selected events is named by what is`() throws {
    let source = try TestShowers(energies: [20.001, 30, 20.001, 20, 30]).write(to: folder("source.h5"))
    let description = try DatasetPreparation(source: source, energies: [20, 30], eventsPerEnergy: 2)
      .write(to: folder("data.h5"))
    #expect(description.energies == [Double(Float(20.001)), 30] && description.mergedEnergies == nil)
    #expect(try PreparedDataset(reading: folder("data.h5")).description == description)
    // Of two energies that differ by little more than what counts as the same, events may be left that do not tell them apart.
    let near = try TestShowers(energies: [1.00009, 1, 1.00015]).write(to: folder("near.h5"))
    let error = #expect(throws: InputError.self) {
      try DatasetPreparation(source: near, energies: [1, 1.00015], eventsPerEnergy: 1).write(to: folder("none.h5"))
    }
    #expect(error?.description.contains("the selected events do not tell these energies apart; leave one out") == true)
  }

  @Test func `a dataset with nothing unusual is described as it ever was`() throws {
    let description = try prepare([65536, 65536], select: [65536], events: 2)
    #expect(description.oddities == EventOddities())
    let json = String(decoding: try CanonicalJSON.data(description), as: UTF8.self)
    #expect(json.split(separator: ",").count == 5 && !json.contains("null"))
    #expect(try ShowerFile(reading: folder("data.h5")).attribute("oddities") == nil)
    let older = Data(#"{"path":"a","sha256":"0","energies":[1],"eventsPerEnergy":1,"voxels":3}"#.utf8)
    #expect(try CanonicalJSON.value(DatasetDescription.self, from: older).oddities.sentences.isEmpty)
  }
}

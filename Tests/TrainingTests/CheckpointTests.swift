import Experiment
import Foundation
import HDF5
import Records
import TestSupport
import Testing

@testable import Training

@Suite("A checkpoint")
struct CheckpointTests {
  static let job = try! ToyRun().job
  static let checkpoint = Checkpoint(
    header: .init(
      kind: .full, job: job, iteration: 25, numericsVersion: 3,
      cost: Cost(training: 1.5, evaluation: 0.25, checkpointing: 1e-9),
      score: .init(
        evaluation: Evaluation(energies: [
          EnergyEvaluation(incidentEnergy: 65536, chi2: .nan, ndf: 28, meanResponse: 0.1 + 0.2)
        ]),
        diagnostics: Diagnostics(generatorLoss: -.infinity, deadVoxels: 1 / 3))),
    arrays: [
      NamedArray(name: "b/kernel", shape: [2, 3], values: [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 3.4e38]),
      NamedArray(name: "a", shape: [], values: [7]), NamedArray(name: "b/none", shape: [0], values: []),
    ])

  @Test("comes back from its file to the bit, and the same checkpoint gives the same bytes")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.checkpoint.encoded()
    #expect(try Self.checkpoint.encoded() == bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: folder("c.h5")))
    let back = try Checkpoint(file: folder("c.h5"))
    #expect(back.sha256 == Self.checkpoint.sha256)
    #expect(back.header.job == Self.job && back.header.iteration == 25 && back.header.numericsVersion == 3)
    #expect(back.header.cost == Self.checkpoint.header.cost)
    #expect(try CanonicalJSON.data(back.header.score) == CanonicalJSON.data(Self.checkpoint.header.score))
    #expect(back.arrays.map(\.name) == ["a", "b/kernel", "b/none"])
    #expect(back.arrays.map(\.shape) == [[], [2, 3], [0]])
    #expect(back.arrays[1].values.map(\.bitPattern) == Self.checkpoint.arrays[1].values.map(\.bitPattern))
  }

  @Test("is plain HDF5 for others: the line with the checksum stands behind the data")
  func plain() throws {
    let folder = try TemporaryFolder()
    try Data(try Self.checkpoint.encoded()).write(to: URL(fileURLWithPath: folder("c.h5")))
    let file = try HDF5File(reading: folder("c.h5"))
    #expect(try file.datasets() == ["a", "b/kernel", "b/none"])
    #expect(try file.attribute("iteration")?.int == 25)
    #expect(try file.attribute("checkpoint")?.int == 2)
    #expect(try file.attribute("training_seconds")?.double == 1.5)
    #expect(try file.attribute("run")?.string == Self.job.run)
  }

  @Test("of which a single bit is flipped, anywhere, is refused")
  func flipped() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.checkpoint.encoded()
    let step = 97
    for (count, position) in stride(from: 0, to: bytes.count, by: step).enumerated() {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(count % 8)
      try Data(damaged).write(to: URL(fileURLWithPath: folder("c.h5")))
      #expect(throws: InputError.self, "bit \(count % 8) of byte \(position)") { try Checkpoint(file: folder("c.h5")) }
    }
  }

  @Test("that is cut, empty or something else is refused with a sentence")
  func others() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.checkpoint.encoded()
    func sentence(_ bytes: [UInt8]) throws -> String {
      let path = folder("c.h5")
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try Checkpoint(file: path)
        return "accepted"
      } catch {
        return "\(error)".replacingOccurrences(of: path, with: "c.h5")
      }
    }
    let torn = "c.h5: its checksum does not hold: the file is torn or damaged, or not a checkpoint of qcalo-worker"
    #expect(try sentence([]) == "c.h5: the file is empty")
    #expect(try sentence(Array("hello".utf8)) == "c.h5: this is not a checkpoint of qcalo-worker")
    for length in [5, 33, 100, bytes.count / 2, bytes.count - 1] {
      #expect(try sentence(Array(bytes[..<length])) == torn)
    }
    #expect(try sentence(bytes + [0]) == torn)
    let file = try HDF5File.inMemory()
    #expect(try sentence(try file.image()) == torn)
    #expect(throws: InputError("\(folder("gone")): it cannot be read: No such file or directory")) {
      try Checkpoint(file: folder("gone"))
    }
  }

  @Test("is told from another by its arrays' names, shapes and bits")
  func digest() {
    func digest(_ arrays: NamedArray...) -> String { Checkpoint.digest(of: arrays) }
    let array = NamedArray(name: "a", shape: [2, 1], values: [0, 1])
    #expect(
      Set([
        digest(array), digest(NamedArray(name: "b", shape: [2, 1], values: [0, 1])),
        digest(NamedArray(name: "a", shape: [1, 2], values: [0, 1])),
        digest(NamedArray(name: "a", shape: [2, 1], values: [-0.0, 1])), digest(), digest(array, array),
      ]).count == 6)
  }

  @Test(
    "has a name that says which it is",
    arguments: [
      (0, "full-000000.h5"), (10, "full-000001.h5"), (25, "full-000002+5.h5"), (12_345_670, "full-1234567.h5"),
    ])
  func name(iteration: Int, file: String) throws {
    let name = CheckpointName(.full, iteration: iteration, interval: 10)
    #expect(name.file == file)
    #expect(CheckpointName(file: file) == name)
  }

  @Test(
    "is not what another name says",
    arguments: [
      "full-.h5", "full-1", "half-000001.h5", "full-000001.h5.partial", "full-1+2+3.h5", "full-a.h5", ".h5",
      "full-1.h5",
      "full--00001.h5", "full-000001+0.h5", "full-000001+-3.h5", "full-9223372036854775807.h5", "full-100000001.h5",
      "generator-000001+9223372036854775807.h5",
    ])
  func noName(file: String) { #expect(CheckpointName(file: file) == nil) }
}

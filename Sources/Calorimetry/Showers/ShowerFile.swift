package import Experiment
package import HDF5
import Storage

/// A file in the CaloChallenge layout: `incident_energies` (N, 1) and `showers` (N, voxels), both in MeV.
package struct ShowerFile: ~Copyable {
  /// The file's path, as it was given.
  package let path: String
  /// N, at most `eventLimit`; 0 for a file without events.
  package let events: Int
  /// The voxels of a shower, 1 … `voxelLimit`.
  package let voxels: Int
  private let file: HDF5File
  private let energies: HDF5Dataset
  private let showers: HDF5Dataset

  /// The most events of a file: their energies are held in memory.
  package static let eventLimit = Bounds.fileEvents.upperBound
  /// The most voxels of a shower; dataset 3 of CaloChallenge has 40500.
  package static let voxelLimit = Bounds.voxels.upperBound

  /// Opens a file to read it.
  /// - Throws: `HDF5Error`; `InputError` when the shapes do not fit each other, or are too large.
  package init(reading path: String) throws {
    let file = try HDF5File(reading: path)
    // First: it is the one that can be too large, and says so.
    let showers = try file.dataset("showers")
    let energies = try file.dataset("incident_energies")
    guard showers.shape.count == 2, showers.shape[1] > 0 else {
      throw InputError("\(path): 'showers' has shape \(showers.shape); it must be [events, voxels]")
    }
    guard energies.shape == [showers.shape[0]] || energies.shape == [showers.shape[0], 1] else {
      throw InputError(
        "\(path): 'incident_energies' has shape \(energies.shape); for 'showers' of shape \(showers.shape) it must be "
          + "[\(showers.shape[0]), 1]")
    }
    guard showers.shape[0] <= Self.eventLimit, showers.shape[1] <= Self.voxelLimit else {
      throw InputError(
        "\(path): 'showers' has shape \(showers.shape), larger than the \(Self.eventLimit) events of \(Self.voxelLimit) "
          + "voxels that are taken")
    }
    self.path = path
    events = showers.shape[0]
    voxels = showers.shape[1]
    self.file = file
    self.energies = energies
    self.showers = showers
  }

  /// The incident energy of each event (MeV).
  package borrowing func incidentEnergies() throws -> [Float] { try energies.read() }

  /// The showers of some events, `[events, voxels]` (MeV).
  package borrowing func showers(_ events: Range<Int>) throws -> [Float] { try showers.read(rows: events) }

  /// The provenance of a file that was made here, by name; see `ShowerFileWriter`.
  package borrowing func attribute(_ name: String) throws -> String? { try file.attribute(name)?.string }

  /// Ranges of events, in order, that each fit into memory with ease and cut as few chunks of the file in two as that
  /// allows: a chunk is read again for every range that has a part of it.
  /// - Parameter values: About so many voxels are in a range.
  /// - Returns: Ranges that cover all events, each once.
  package borrowing func blocks(of values: Int = 1 << 21) -> [Range<Int>] {
    Self.blocks(events: events, voxels: voxels, chunk: showers.chunk?[0] ?? 1, values: values)
  }

  /// - Parameters:
  ///   - events: The events of the file.
  ///   - voxels: The voxels of a shower.
  ///   - chunk: The events of a chunk; 1 where the file has no chunks.
  ///   - values: About so many voxels are in a range.
  ///   - most: Where chunks are high (columns of many events), so many voxels are in a range at most.
  /// - Returns: Ranges that cover all events, each once.
  static func blocks(events: Int, voxels: Int, chunk: Int, values: Int, most: Int = 1 << 25) -> [Range<Int>] {
    let chunk = max(1, min(chunk, events))
    let limit = max(1, most / voxels)
    guard chunk > limit else {
      return ranges(0..<events, of: min(max(1, values / voxels / chunk), limit / chunk) * chunk)
    }
    // In parts of equal height, so that the last one is not read for a few events.
    let parts = (chunk + limit - 1) / limit
    return ranges(0..<events, of: chunk).flatMap { ranges($0, of: (chunk + parts - 1) / parts) }
  }

  private static func ranges(_ events: Range<Int>, of size: Int) -> [Range<Int>] {
    stride(from: events.lowerBound, to: events.upperBound, by: size).map { $0..<min($0 + size, events.upperBound) }
  }
}

/// Writes a file in the CaloChallenge layout: float32, in compressed chunks.
///
/// The same calls give the same bytes.
package struct ShowerFileWriter: ~Copyable {
  private let file: HDF5File
  private let energies: HDF5Dataset
  private let showers: HDF5Dataset
  private var written = 0

  /// Makes the file.
  ///
  /// What must survive a crash is made through `DurableFile`.
  ///
  /// - Parameters:
  ///   - path: The file's place.
  ///   - events: As many as will be added.
  ///   - voxels: Of a shower.
  ///   - gzip: The level, 1 … 9: a prepared dataset, known by its hash, has always had 6.
  /// - Throws: `StorageError` when the disk refuses; `HDF5Error` when libhdf5 does.
  package init(creating path: String, events: Int, voxels: Int, gzip: Int = 6) throws {
    let file = try HDF5File(creating: path)
    let energies = try file.create(
      "incident_energies", shape: [events, 1], type: .float32, layout: .chunked(rows: 1 << 14))
    let showers = try file.create(
      "showers", shape: [events, voxels], type: .float32,
      layout: .chunked(rows: Self.chunk(voxels: voxels), gzip: gzip))
    self.file = file
    self.energies = energies
    self.showers = showers
  }

  /// The showers of a chunk: half a megabyte.
  package static func chunk(voxels: Int) -> Int { max(1, (1 << 17) / max(voxels, 1)) }

  /// Adds events behind those that are there.
  /// - Parameters:
  ///   - incidentEnergies: MeV, one for each event.
  ///   - values: MeV, `[events, voxels]`.
  /// - Throws: `StorageError` when the disk refuses; `HDF5Error` when libhdf5 does.
  package mutating func append(incidentEnergies: [Float], showers values: [Float]) throws {
    let rows = written..<written + incidentEnergies.count
    try energies.write(incidentEnergies, rows: rows)
    try showers.write(values, rows: rows)
    written = rows.upperBound
  }

  /// Notes where the events come from.
  package borrowing func setAttribute(_ name: String, _ value: String) throws {
    try file.setAttribute(name, .string(value))
  }

  /// - Precondition: As many events were added as the file was made for.
  package consuming func close() throws {
    precondition(written == energies.rows, "\(written) of \(energies.rows) events were written")
    try file.close()
  }
}

extension ShowerFileWriter {
  /// Writes showers to a file in the CaloChallenge layout, durably.
  ///
  /// - Parameters:
  ///   - incidentEnergies: MeV, one for each event.
  ///   - showers: MeV, `[events, voxels]`.
  ///   - voxels: The voxels of a shower.
  ///   - attributes: Texts that say where the events come from.
  ///   - path: The file's place; what is there is replaced.
  /// - Throws: `StorageError` when the disk refuses; `HDF5Error` when libhdf5 does.
  package static func write(
    incidentEnergies: [Float], showers: [Float], voxels: Int, attributes: [String: String] = [:], to path: String
  ) throws {
    precondition(
      showers.count == incidentEnergies.count * voxels, "\(showers.count) values are not [events, \(voxels)]")
    try DurableFile.write(to: path) { aside in
      var file = try ShowerFileWriter(creating: aside, events: incidentEnergies.count, voxels: voxels)
      try file.append(incidentEnergies: incidentEnergies, showers: showers)
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) { try file.setAttribute(name, value) }
      try file.close()
    }
  }
}

// What the disk refuses is a StorageError; this is about what is in a file.
extension HDF5Error: EndingError {
  package var programEnd: ProgramEnd { .badInput }
}

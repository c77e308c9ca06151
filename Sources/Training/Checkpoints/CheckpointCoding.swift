import Experiment
import FoundationEssentials
import HDF5
import Records
import Storage

// A checkpoint as a file: HDF5 with a dataset of float32 per array, the header as attributes of the root, and after the
// end of the HDF5 data a line with a checksum of all bytes before it. libhdf5 and h5py do not look there; we look
// there first, because libhdf5 may crash on damaged files.

extension Checkpoint {
  /// The version of the layout.
  static let schema = 1

  /// The file's bytes.
  func encoded() throws -> [UInt8] {
    let file = try HDF5File.inMemory(name: header.job.run)
    for array in arrays { try file.write(array.values, to: array.name, shape: array.shape) }
    for (name, value) in try header.attributes { try file.setAttribute(name, value) }
    try file.setAttribute("sha256", .string(sha256))
    let image = try file.image()
    return image + Self.trailer(of: image[...])
  }

  /// Reads a checkpoint and verifies it.
  /// - Throws: `InputError` with the reason why it cannot be used.
  package init(file path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try FileContent.bytes(of: path)
    } catch {
      // Of a disk's failure too: the checkpoint before this one may be whole.
      throw InputError("\(path): it cannot be read: \(error.reason)")
    }
    guard !bytes.isEmpty else { throw InputError("\(path): the file is empty") }
    let content = bytes.dropLast(Self.trailerLength)
    guard bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) else {
      throw InputError("\(path): this is not a checkpoint of qcalo-worker")
    }
    guard Array(bytes.suffix(Self.trailerLength)) == Self.trailer(of: content) else {
      throw InputError(
        "\(path): its checksum does not hold: the file is torn or damaged, or not a checkpoint of qcalo-worker")
    }
    do {
      let file = try HDF5File(image: Array(content), name: path)
      let header = try Header(attributesOf: file)
      self.init(
        header: header,
        arrays: try file.datasets().map { name in
          let (shape, values) = try file.read(name, as: Float.self)
          return NamedArray(name: name, shape: shape, values: values)
        })
      guard try file.attribute("sha256")?.string == sha256 else {
        throw InputError("\(path): its arrays do not have the SHA-256 that it states")
      }
    } catch let error as HDF5Error {
      throw InputError("\(error)")
    }
  }

  // MARK: The checksum

  private static let trailerLength = 33

  /// A line with 16 hexadecimal digits: FNV-1a over 64-bit words, which no change of a single word escapes.
  private static func trailer(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    let hash = bytes.withUnsafeBytes { buffer in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      let words = buffer.count / 8
      for index in 0..<words {
        hash =
          (hash ^ UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
          &* 0x0000_0100_0000_01b3
      }
      for byte in buffer[(8 * words)...] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      return hash
    }
    let digits = String(hash, radix: 16)
    return Array(("\nqcalo checksum " + String(repeating: "0", count: 16 - digits.count) + digits + "\n").utf8)
  }
}

extension Checkpoint.Header {
  var attributes: [(String, HDF5Attribute)] {
    get throws {
      func json(_ value: some Encodable) throws -> HDF5Attribute {
        .string(String(decoding: try CanonicalJSON.data(value), as: UTF8.self))
      }
      var attributes: [(String, HDF5Attribute)] = [
        ("schema", .int(Checkpoint.schema)), ("kind", .string(kind.rawValue)), ("run", .string(job.run)),
        ("checkpoint", .int(checkpoint)), ("iteration", .int(iteration)),
        ("numerics_version", .int(numericsVersion)), ("training_seconds", .double(cost.training)),
        ("evaluation_seconds", .double(cost.evaluation)), ("checkpointing_seconds", .double(cost.checkpointing)),
        ("job", try json(job)),
      ]
      if let score { attributes.append(("score", try json(score))) }
      return attributes
    }
  }

  init(attributesOf file: borrowing HDF5File) throws {
    let path = file.path
    func missing(_ name: String) -> InputError {
      InputError("\(path): it lacks the attribute '\(name)' of a checkpoint of qcalo-worker")
    }
    func int(_ name: String, _ file: borrowing HDF5File) throws -> Int {
      guard let value = try file.attribute(name)?.int else { throw missing(name) }
      return value
    }
    func double(_ name: String, _ file: borrowing HDF5File) throws -> Double {
      guard let value = try file.attribute(name)?.double else { throw missing(name) }
      return value
    }
    func string(_ name: String, _ file: borrowing HDF5File) throws -> String {
      guard let value = try file.attribute(name)?.string else { throw missing(name) }
      return value
    }
    let schema = try int("schema", file)
    guard schema == Checkpoint.schema else {
      throw InputError("\(path): its layout has version \(schema); this worker reads \(Checkpoint.schema)")
    }
    guard let kind = Checkpoint.Kind(rawValue: try string("kind", file)) else { throw missing("kind") }
    let score = try file.attribute("score")?.string
    self.init(
      kind: kind, job: try JobDescription(json: Data(try string("job", file).utf8), from: path),
      iteration: try int("iteration", file), numericsVersion: try int("numerics_version", file),
      cost: Cost(
        training: try double("training_seconds", file), evaluation: try double("evaluation_seconds", file),
        checkpointing: try double("checkpointing_seconds", file)),
      score: try score.map { try CanonicalJSON.value(from: Data($0.utf8)) })
  }
}

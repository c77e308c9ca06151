import Experiment
import Foundation
import Storage
import TestSupport

@testable import Records

/// Journals: no line that was changed counts as another record, and what is read by hand is what the decoder reads.
struct JournalKind: FuzzKind {
  static let name = "journal"
  let mutator: Mutator
  private let run = "ry-rz-cnot12-x2-50-200-s2-d3f97b7c8f78"
  private let path: String
  /// The lines of the seeds.
  private let lines: Set<[UInt8]>

  init(in folder: String) throws {
    path = folder + "/attempt-0001.jsonl"
    var seeds: [[UInt8]] = []
    for schema in ["schema-4", "schema-7"] {
      let runs = "Tests/LedgerTests/Workspaces/\(schema)/runs"
      for run in try Folder.names(in: Repository.path(runs)) {
        for file in try files("\(runs)/\(run)/journal", ".jsonl") { seeds.append(try FileContent.bytes(of: file)) }
      }
    }
    lines = Set(seeds.flatMap { $0.split(separator: 0x0a).map(Array.init) })
    mutator = Mutator(seeds: seeds, isText: true)
  }

  /// With a checksum at each line.
  func mended(_ bytes: [UInt8]) -> [UInt8] { Self.sealed(bytes) }

  /// The lines with checksums that fit.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { line -> [UInt8] in
      guard line.count > LineChecksum.length, line.last == UInt8(ascii: "}") else { return Array(line) }
      let isOpen = Array(line).withUnsafeBytes { LineChecksum(of: $0) } == .none
      let content = isOpen ? Array(line) : line.dropLast(LineChecksum.length) + [UInt8(ascii: "}")]
      return Array(LineChecksum.added(to: Data(content)))
    }
    return Array(lines.joined(separator: [0x0a]))
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    var reader = JournalReader(path)
    var reasons: [String] = []
    var taken = 0
    try reader.read(of: run) { number, line in
      switch line {
      case .record(let record):
        taken += 1
        try require(record.flaw == nil, "line \(number) contradicts itself")
        try requireRoundTrip(record, "line \(number)")
      case .unreadable(let reason): reasons.append(JournalLine.sentence(path, number, reason))
      }
    }
    let ends = bytes[..<reader.offset].count { $0 == 0x0a }
    try require(reader.offset == 0 || bytes[reader.offset - 1] == 0x0a, "half a line was read")
    try require(ends == reader.lines && reader.offset + reader.torn == bytes.count, "\(reader.lines) lines were read")
    try bytes.withUnsafeBytes { try compare($0) }
    for reason in reasons { if let flaw = Finding.flaw(ofSentence: reason) { throw Finding(flaw) } }
    if taken == 0 { throw InputError(reasons.first ?? "no line is whole") }
  }

  /// Reads each line in both ways.
  private func compare(_ bytes: UnsafeRawBufferPointer) throws {
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0a) {
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      let content: Data
      switch LineChecksum(of: line) {
      case .wrong: continue
      case .none: content = Data(line)
      case .right: content = Data(line.dropLast(LineChecksum.length)) + [UInt8(ascii: "}")]
      }
      let terminated = content + [0x0a]
      let scanned = terminated.withUnsafeBytes {
        RecordScanner.checkpoint(UnsafeRawBufferPointer(rebasing: $0.dropLast()), of: run)
      }
      guard let scanned else { continue }
      do {
        let decoded = try JournalRecord(strictly: content)
        try require(
          try CanonicalJSON.data(decoded) == CanonicalJSON.data(scanned),
          "the scanner reads another record than the decoder")
      } catch let error as DecodingError {
        throw Finding("the scanner reads what the decoder refuses: \(error.explanation)")
      }
    }
  }
}

import Experiment
package import FoundationEssentials
import Glibc

/// A whole line of a journal, as it was read.
package enum JournalLine: Sendable {
  case record(JournalRecord)
  /// A line that is no record, that contradicts itself, or that was changed: the reason, a clause.
  case unreadable(String)

  /// A line's bytes, without its end.
  ///
  /// What the journal's encoder wrote is read twenty times as fast as other JSON.
  /// - Parameters:
  ///   - line: The byte behind it can be read, and is no digit.
  ///   - run: The run that it is thought to be of.
  package init(_ line: UnsafeRawBufferPointer, of run: String) { self.init(line, LineChecksum(of: line), of: run) }

  private init(_ line: UnsafeRawBufferPointer, _ checksum: LineChecksum, of run: String) {
    do {
      let record: JournalRecord
      switch checksum {
      case .wrong:
        self = .unreadable(LineChecksum.changed)
        return
      case .right:
        let content = UnsafeRawBufferPointer(rebasing: line.dropLast(LineChecksum.length))
        record =
          try RecordScanner.checkpoint(content, isOpen: true, of: run)
          ?? JournalRecord(strictly: Data(content) + [UInt8(ascii: "}")])
      case .none:
        record = try RecordScanner.checkpoint(line, of: run) ?? JournalRecord(strictly: Data(line))
      }
      self = record.flaw.map(Self.unreadable) ?? .record(record)
    } catch let error as DecodingError {
      self = .unreadable(error.explanation)
    } catch {
      self = .unreadable("\(error)")
    }
  }

  /// Reads whole lines one after the other; a last one without an end is left.
  ///
  /// One worker writes a journal: where its first line has a checksum, a line that has none is no record.
  /// - Parameters:
  ///   - bytes: The journal's, from the beginning of a line on.
  ///   - run: The run that it is thought to be of.
  ///   - isSealed: Whether the journal's first line has a checksum; nil at the beginning of the journal, where it is set.
  ///   - take: Gets each line.
  /// - Returns: How many bytes they are, with their ends.
  package static func each(
    in bytes: UnsafeRawBufferPointer, of run: String, isSealed: inout Bool?, _ take: (JournalLine) throws -> Void
  ) rethrows -> Int {
    var taken = 0
    while let content = firstLine(of: UnsafeRawBufferPointer(rebasing: bytes[taken...])) {
      let checksum = LineChecksum(of: content)
      if isSealed == nil { isSealed = checksum != .none }
      let line = JournalLine(content, checksum, of: run)
      if case .record = line, checksum == .none, isSealed == true {
        try take(.unreadable(LineChecksum.missing))
      } else {
        try take(line)
      }
      taken += content.count + 1
    }
    return taken
  }

  /// Whether the first line of a journal, which begins with these bytes, has a checksum; nil where no line is whole.
  package static func isSealed(_ bytes: UnsafeRawBufferPointer) -> Bool? {
    firstLine(of: bytes).map { LineChecksum(of: $0) != .none }
  }

  /// The bytes up to the first end of a line; nil where there is none.
  private static func firstLine(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard let start = bytes.baseAddress, let end = memchr(start, Int32(UInt8(ascii: "\n")), bytes.count) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: start, count: UnsafeRawPointer(end) - start)
  }

  /// A record as a line, with its checksum and its end.
  package static func data(_ record: JournalRecord) throws -> Data {
    LineChecksum.added(to: try CanonicalJSON.data(record)) + [UInt8(ascii: "\n")]
  }

  /// What is said of a line that is no record: the journal as it is to be named, the line's number, and why.
  package static func sentence(_ path: String, _ number: Int, _ reason: some StringProtocol) -> String {
    "\(path):\(number): not a record of this journal: \(reason); the line is passed over"
  }
}

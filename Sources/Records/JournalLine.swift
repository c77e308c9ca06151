import Experiment
package import FoundationEssentials
import Glibc

/// A whole line of a journal, as it was read.
package enum JournalLine: Sendable {
  case record(JournalRecord)
  /// A line that is no record, or one that contradicts itself: the reason, a clause that names the field.
  case unreadable(String)

  /// A line's bytes, without its end.
  ///
  /// What the journal's encoder wrote is read twenty times as fast as other JSON.
  /// - Parameters:
  ///   - line: The byte behind it can be read, and is no digit.
  ///   - run: The run that it is thought to be of.
  package init(_ line: UnsafeRawBufferPointer, of run: String) {
    do {
      let record = try RecordScanner.checkpoint(line, of: run) ?? JournalRecord(strictly: Data(line))
      self = record.flaw.map(Self.unreadable) ?? .record(record)
    } catch let error as DecodingError {
      self = .unreadable(error.explanation)
    } catch {
      self = .unreadable("\(error)")
    }
  }

  /// Reads whole lines one after the other; a last one without an end is left.
  /// - Returns: How many bytes they are, with their ends.
  package static func each(
    in bytes: UnsafeRawBufferPointer, of run: String, _ take: (JournalLine) throws -> Void
  ) rethrows -> Int {
    var taken = 0
    while taken < bytes.count, let start = bytes.baseAddress?.advanced(by: taken),
      let end = memchr(start, Int32(UInt8(ascii: "\n")), bytes.count - taken)
    {
      let line = UnsafeRawBufferPointer(start: start, count: UnsafeRawPointer(end) - start)
      try take(JournalLine(line, of: run))
      taken += line.count + 1
    }
    return taken
  }

  /// A record as a line, with its end.
  package static func data(_ record: JournalRecord) throws -> Data {
    try CanonicalJSON.data(record) + [UInt8(ascii: "\n")]
  }
}

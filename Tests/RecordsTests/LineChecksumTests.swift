import Experiment
import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct LineChecksumTests {
  private func parse(_ bytes: [UInt8]) -> JournalLine {
    (bytes + [UInt8(ascii: "\n")]).withUnsafeBytes {
      JournalLine(UnsafeRawBufferPointer(rebasing: $0.dropLast()), of: "run")
    }
  }

  private func reason(_ text: String) -> String? {
    if case .unreadable(let reason) = parse(Array(text.utf8)) { reason } else { nil }
  }

  /// A record's line without its end.
  private func line(_ record: JournalRecord) throws -> String {
    String(decoding: try JournalLine.data(record).dropLast(), as: UTF8.self)
  }

  /// What a journal's lines are read as: nil for a record, else the reason why it is none.
  private func read(_ lines: [String]) throws -> [String?] {
    let folder = try TemporaryFolder()
    var reader = JournalReader(try folder.write(lines.map { $0 + "\n" }.joined(), to: "j.jsonl"))
    var found: [String?] = []
    try reader.read(of: "run") { _, line in
      if case .unreadable(let reason) = line { found.append(reason) } else { found.append(nil) }
    }
    return found
  }

  /// The digits are those of Python's zlib.crc32 of the bytes before `,"crc"`.
  @Test func `the last key of a line is the CRC-32 of the bytes before it`() throws {
    let notice = JournalRecord(run: "run", attempt: 1, sequence: 2, time: 3, event: .notice("χ"))
    #expect(
      try line(notice)
        == #"{"attempt":1,"event":{"notice":"χ"},"run":"run","sequence":2,"time":3,"crc":"bdb993f3"}"#)
    for record in sampleRecords {
      let bytes = Array(try line(record).utf8)
      guard case .record(record) = parse(bytes) else { throw TestFailure("not read: \(try line(record))") }
      #expect(try CanonicalJSON.data(record) == Data(bytes.dropLast(LineChecksum.length)) + [UInt8(ascii: "}")])
    }
  }

  @Test func `no line of which one bit was changed is a record`() throws {
    for record in [sampleRecords[1], sampleRecords[3]] {
      let line = Array(try line(record).utf8)
      for place in line.indices {
        for bit in 0..<8 {
          var changed = line
          changed[place] ^= 1 << bit
          guard case .unreadable(let reason) = parse(changed) else {
            Issue.record("bit \(bit) of byte \(place)")
            continue
          }
          if place < line.count - LineChecksum.length { #expect(reason == LineChecksum.changed) }
        }
      }
    }
  }

  @Test func `a change that contradicts nothing is noticed, and so is another form`() throws {
    let line = try line(sampleRecords[2])
    let changed = "its checksum does not match: it was changed after it was written"
    for (old, new) in [
      ("\"time\":1700001002", "\"time\":1700001003"), ("\"deadVoxels\":0.5", "\"deadVoxels\":0.4"), (",", ", "),
      ("\"crc\":\"", "\"crc\":\"0"), ("\"crc\":", "\"crc\": "), ("\"}", "\" }"),
    ] {
      let other = line.replacing(old, with: new)
      try #require(other != line)
      #expect(reason(other) == changed, "\(other)")
    }
    #expect(reason(line) == nil)
    #expect(reason(line.replacing("crc", with: "crd"))?.hasPrefix("crd: a record has no such key") == true)
  }

  @Test func `a journal of an earlier worker, without checksums, is read as before`() throws {
    // Two lines of a journal as version 0.1.0 wrote them.
    let older = [
      #"{"attempt":1,"event":{"notice":"SIGUSR1"},"run":"run","sequence":7,"time":1700001007.25}"#,
      #"{"attempt":1,"event":{"attemptEnded":{"cost":{"checkpointing":0.5,"evaluation":1,"training":10},"#
        + #""exit":75,"iteration":1500,"reason":"SIGTERM asked to stop"}},"run":"run","sequence":8,"time":1700001008}"#,
    ]
    #expect(try read(older) == [nil, nil])
    #expect(
      try read(sampleRecords.map { String(decoding: try CanonicalJSON.data($0), as: UTF8.self) }) == [
        nil, nil, nil, nil,
      ])
  }

  @Test func `a line without a checksum is told where the journal's first line has one, and only there`() throws {
    let sealed = try sampleRecords.map(line)
    let bare = try sampleRecords.map { String(decoding: try CanonicalJSON.data($0), as: UTF8.self) }
    let missing = "it has no checksum, and the journal's first line has one: it was changed after it was written"
    #expect(try read(sealed) == [nil, nil, nil, nil])
    #expect(try read([sealed[0], bare[1], sealed[2], bare[3]]) == [nil, missing, nil, missing])
    #expect(try read([bare[0], sealed[1], bare[2]]) == [nil, nil, nil])
    let damaged = sealed[0].replacing("iteration\":0", with: "iteration\":1")
    #expect(try read([damaged, bare[1]]) == [LineChecksum.changed, missing], "a changed one is one")
    #expect(try read([sealed[0], "{}"])[1] == "'run' is missing")
  }
}

import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Records

@Suite struct JournalReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func append(_ text: String) throws {
    let path = folder("j.jsonl")
    let before = FileManager.default.contents(atPath: path) ?? Data()
    try (before + Data(text.utf8)).write(to: URL(fileURLWithPath: path))
  }

  private func line(_ record: JournalRecord) throws -> String {
    String(decoding: try JournalLine.data(record), as: UTF8.self)
  }

  /// The numbers of the lines that a reading brings, with their records; nil for one that is none.
  private func read(_ reader: inout JournalReader) throws -> [Int: JournalRecord?] {
    var found: [Int: JournalRecord?] = [:]
    try reader.read(of: "run") { number, line in
      if case .record(let record) = line { found[number] = record } else { found[number] = .some(nil) }
    }
    return found
  }

  @Test func `each whole line is read once, and a torn one when it is whole`() throws {
    var reader = JournalReader(folder("j.jsonl"))
    #expect(try read(&reader).isEmpty, "there is no journal yet")
    let lines = try sampleRecords.map(line)
    try append(lines[0] + lines[1].prefix(20))
    #expect(try read(&reader) == [1: sampleRecords[0]])
    #expect(reader.torn == 20 && reader.offset == lines[0].utf8.count && reader.lines == 1)
    #expect(try read(&reader).isEmpty)
    try append(lines[1].dropFirst(20) + lines[2])
    #expect(try read(&reader) == [2: sampleRecords[1], 3: sampleRecords[2]])
    #expect(reader.torn == 0)
    try append(lines[3])
    #expect(try read(&reader) == [4: sampleRecords[3]])
  }

  @Test func `lines that are no records are told with their numbers and reasons`() throws {
    try append("\n{\"run\": 1}\n" + line(sampleRecords[1]))
    var reader = JournalReader(folder("j.jsonl"))
    #expect(try read(&reader) == [1: nil, 2: nil, 3: sampleRecords[1]])
    let text = Array("{\"attempt\": \"x\"}\n".utf8)
    let reason = text.withUnsafeBytes { bytes -> String? in
      if case .unreadable(let reason) = JournalLine(UnsafeRawBufferPointer(rebasing: bytes.dropLast()), of: "run") {
        return reason
      }
      return nil
    }
    #expect(reason?.contains("'run' is missing") == true || reason?.hasPrefix("attempt: ") == true, "\(reason ?? "")")
  }

  @Test func `a journal longer than a portion is read to its end`() throws {
    let text = try line(sampleRecords[1])
    let count = JournalReader.portion / text.utf8.count + 10
    try append(String(repeating: text, count: count) + "torn")
    var reader = JournalReader(folder("j.jsonl"))
    var found = 0
    try reader.read(of: "run") { number, line in
      found += 1
      guard case .record(sampleRecords[1]) = line, number == found else { throw TestFailure("line \(number)") }
    }
    #expect(found == count && reader.torn == 4)
  }

  @Test func `a folder in a journal's place is a storage error`() throws {
    var reader = JournalReader(folder.path)
    let error = #expect(throws: StorageError.self) { try reader.read(of: "run") { _, _ in } }
    #expect(error?.description == "reading \(folder.path): Is a directory")
  }
}

@Suite struct RunFolderTests {
  @Test func `journals are numbered, and what has another name is none`() throws {
    let folder = try TemporaryFolder()
    for name in [
      "attempt-0002.jsonl", "attempt-0001.jsonl", "attempt-12345.jsonl", "attempt-3.jsonl", "attempt-0000.jsonl",
      "attempt-0004.jsonl.torn", "attempt-000x.jsonl", "attempt-9223372036854775807.jsonl",
      "attempt-2147483648.jsonl",
    ] {
      try folder.write("", to: "journal/" + name)
    }
    let run = RunFolder(folder.path)
    #expect(try run.attempts() == [1, 2, 12345])
    #expect(run.journal(7) == folder("journal/attempt-0007.jsonl"))
    #expect(run.journal(12345) == folder("journal/attempt-12345.jsonl"))
    #expect(try RunFolder(folder("gone")).attempts() == [])
    #expect(RunFolder("").jobFile == "./job.json")
  }
}

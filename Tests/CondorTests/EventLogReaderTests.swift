import Foundation
import TestSupport
import Testing

@testable import Condor

/// The samples are the logs of condor/test-pool with HTCondor 23.9.6 and 25.14.1, cut short: of five jobs one was
/// vacated, one held and released, one killed, a shadow and a starter killed.
///
/// That of 25 ends before its jobs do.
@Suite struct EventLogReaderTests {
  static let versions = ["23", "25"]

  private func sample(_ version: String) throws -> String {
    try Repository.text("Tests/CondorTests/Samples/events-\(version).log")
  }

  @Test("a finished sweep of 23: how often each job started, why it was interrupted, how it ended")
  func version23() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    #expect(try reader.advance(folder.write(try sample("23"), to: "log")))
    #expect(reader.isComplete)
    #expect(reader.cluster == 2)
    #expect(reader.jobs.count == 5)
    #expect(reader.jobs.values.allSatisfy { $0.end == .exited(0) && $0.phase == .ended })
    #expect(reader.jobs["2.0"]?.lastInterruption == "evicted")
    #expect(reader.jobs["2.2"]?.lastInterruption == "killed by signal 9")
    #expect((0..<5).map { reader.jobs["2.\($0)"]?.starts } == [2, 2, 2, 2, 1])
    #expect(reader.jobs["2.0"]?.run == "classical-8-s1-079d638ab642")
    // The shadow's crash is a second start without an eviction between.
    #expect(reader.jobs["2.3"]?.lastInterruption == "the access point lost the job")
  }

  @Test("a running sweep of 25: reasons with their codes, a lost node counted once")
  func version25() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    try reader.advance(folder.write(try sample("25"), to: "log"))
    #expect(!reader.isComplete)
    #expect(reader.jobs["1.0"]?.end == .exited(0))
    #expect(reader.jobs["1.0"]?.lastInterruption == "evicted: Job vacated by schedd")
    #expect(reader.jobs["1.3"]?.lastInterruption == "evicted: Job not found at execution machine")
    #expect(reader.jobs["1.3"]?.interruptions == 1)
    #expect(reader.jobs["1.3"]?.phase == .idle)
    #expect(reader.jobs["1.4"]?.lastInterruption == "killed by signal 9")
    #expect(reader.jobs["1.4"]?.phase == .running)
    #expect(reader.jobs["1.4"]?.host == "slot1_2@nodeb@127-0-0-1.pool.test")
  }

  @Test("read in pieces of any size, torn events included, it says the same as read at once", arguments: versions)
  func pieces(version: String) throws {
    let folder = try TemporaryFolder()
    let bytes = Array(try sample(version).utf8)
    var whole = EventLogReader()
    try whole.advance(folder.write(try sample(version), to: "whole"))
    for step in [1, 7, 4096] where step > 1 || version == "23" {
      let path = folder("log")
      var reader = EventLogReader()
      try folder.write("", to: "log")
      let file = try #require(FileHandle(forWritingAtPath: path))
      for start in stride(from: 0, to: bytes.count, by: step) {
        try file.write(contentsOf: bytes[start..<min(start + step, bytes.count)])
        // Stored and taken up by another process each time.
        if step > 1 || start % 50 == 0 {
          reader = try JSONDecoder().decode(EventLogReader.self, from: JSONEncoder().encode(reader))
          try reader.advance(path)
        }
      }
      try reader.advance(path)
      #expect(reader.jobs == whole.jobs)
      #expect(reader.offset == whole.offset)
      #expect(try !reader.advance(path), "nothing is new")
      try file.close()
    }
  }

  @Test("an event of which the end is missing is not taken in")
  func torn() throws {
    let folder = try TemporaryFolder()
    let start = "000 (007.000.000) 2026-11-23 18:40:00 Job submitted\n    run r1\n...\n"
    var reader = EventLogReader()
    try reader.advance(folder.write(start + "001 (007.000.000) 2026-11-23 18:40:01 Job exec", to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .idle)
    try reader.advance(
      folder.write(start + "001 (007.000.000) 2026-11-23 18:40:01 Job executing on host: <x>\n...\n", to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .running)
  }

  @Test("a log that was moved away is read to its end, then the new one from its beginning")
  func rotation() throws {
    let folder = try TemporaryFolder()
    let first = "000 (007.000.000) 2026-11-23 18:40:00 Job submitted\n...\n"
    let second = "001 (007.000.000) 2026-11-23 18:40:01 Job executing on host: <x>\n...\n"
    let third =
      "005 (007.000.000) 2026-11-23 18:40:02 Job terminated.\n\t(1) Normal termination (return value 86)\n...\n"
    var reader = EventLogReader()
    try reader.advance(folder.write(first, to: "log"))
    try folder.write(first + second, to: "log.old")
    try folder.write(third, to: "log")
    try reader.advance(folder("log"))
    #expect(reader.jobs["7.0"]?.starts == 1)
    #expect(reader.jobs["7.0"]?.end == .exited(86))
    // Gone altogether, with another in its place: that one counts.
    try FileManager.default.removeItem(atPath: folder("log.old"))
    try reader.advance(folder.write("000 (008.000.000) 2026-11-23 19:00:00 Job submitted\n...\n", to: "log"))
    #expect(reader.jobs["8.0"]?.phase == .idle)
    #expect(reader.jobs["7.0"]?.end == .exited(86))
  }

  @Test("of a log that was moved away the new one is the log from then on, though the old one is still there")
  func rotatedOnce() throws {
    let folder = try TemporaryFolder()
    func events(_ cluster: Int) -> String {
      "000 (00\(cluster).000.000) 2026-11-23 18:40:00 Job submitted from host: <a>\n...\n"
        + "001 (00\(cluster).000.000) 2026-11-23 18:40:01 Job executing on host: <x>\n...\n"
    }
    var reader = EventLogReader()
    try reader.advance(folder.write(events(7), to: "log"))
    try folder.write(events(7), to: "log.old")
    #expect(try reader.advance(folder.write(events(8), to: "log")))
    #expect(reader.offset > 100)
    #expect(try !reader.advance(folder("log")))
    #expect(try reader.advance(folder.write(events(8) + events(9), to: "log")))
    #expect([7, 8, 9].map { reader.jobs["\($0).0"]?.starts } == [1, 1, 1])
  }

  @Test("a log that is seen shorter for a while is not counted again", arguments: ["", ".old"])
  func seenShorter(copy: String) throws {
    let folder = try TemporaryFolder()
    let evicted = "004 (007.000.000) 2026-11-23 18:50:01 Job was evicted.\n\t(0) CPU times\n...\n"
    let log = Self.submitted + Self.running + evicted + Self.running
    // A backup beside it is no log that was moved away.
    if !copy.isEmpty { try folder.write(log, to: "log" + copy) }
    var reader = EventLogReader()
    try reader.advance(folder.write(log, to: "log"))
    let before = reader
    let shorter = copy.isEmpty ? ["", String(log.prefix(20)), Self.submitted] : []
    for seen in shorter + [Self.submitted + Self.running] {
      #expect(try !reader.advance(folder.write(seen, to: "log")), "\(seen)")
      #expect(reader == before, "\(seen)")
    }
    #expect(try !reader.advance(folder.write(log, to: "log")))
    #expect(try reader.advance(folder.write(log + Self.ended, to: "log")))
    #expect(reader.jobs["7.0"]?.starts == 2 && reader.jobs["7.0"]?.interruptions == 1)
    #expect(reader.jobs["7.0"]?.end == .exited(86))
  }

  @Test("a log whose torn end is written anew is the same log")
  func tornAnew() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    for end in ["006 (007.000.000) 2026-11-23 18:40:01 Ima", "", Self.ended, Self.ended + Self.submitted] {
      try reader.advance(folder.write(Self.running + end, to: "log"))
      #expect(reader.jobs["7.0"]?.starts == 1, "\(end)")
    }
    #expect(reader.jobs["7.0"]?.end == .exited(86))
  }

  @Test("unknown codes, bodies and lines change nothing")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let log = """
      000 (007.000.000) 2026-11-23 18:40:00 Job submitted
      ...
      999 (007.000.000) 2026-11-23 18:40:01 Something of the future
      \tbody
      ...
      no event at all
      ...
      012 (007.000.000) 2026-11-23 18:40:02 Job was held.
      \ta reason of the future: Code
      ...

      """
    var reader = EventLogReader()
    try reader.advance(folder.write(log, to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .held)
    #expect(reader.jobs["7.0"]?.hold == HoldReason(code: 0, subcode: 0, text: "a reason of the future: Code"))
  }

  @Test("a reason that speaks of codes itself does not hide the code")
  func holdCode() throws {
    let folder = try TemporaryFolder()
    let log = """
      012 (007.000.000) 2026-11-23 18:40:02 Job was held.
      \tError from slot1: Code 99 Subcode 1: exit Code 5
      \tCode 12 Subcode 28
      ...

      """
    var reader = EventLogReader()
    try reader.advance(folder.write(log, to: "log"))
    #expect(reader.jobs["7.0"]?.hold?.code == 12)
    #expect(reader.jobs["7.0"]?.hold?.subcode == 28)
  }

  @Test("a log that cannot be read is an error, and what was known stays")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    try reader.advance(folder.write(try sample("23"), to: "log"))
    let before = reader
    let error = #expect(throws: CondorError.self) { try reader.advance(folder("nowhere")) }
    #expect(error?.description.contains("cannot be read: No such file") == true)
    #expect(reader == before)
  }

  @Test("times with and without a year, in UTC and local")
  func times() throws {
    let now = 1_795_459_200.0  // 2026-11-23 18:40:00 UTC
    let clock = LogClock(now: now)
    #expect(clock.read("2026-11-23 18:40:00Z Job executing")?.time == now)
    #expect(clock.read("2026-11-23T18:40:00Z")?.rest == "")
    #expect(clock.read("2026-11-23 19:40:00.25+01:00 x y")?.time == now)
    #expect(clock.read("2026-11-23 19:40:00.25+01:00 x y")?.rest == "x y")
    #expect(clock.read("2026-11-23 15:10:00-0330 x")?.time == now)
    let local = try #require(clock.read("2026-11-23 18:40:00.123 x")?.time)
    #expect(clock.read("11/23 18:40:00 x")?.time == local)
    // A date that is still to come was last year's.
    let lastYear = try #require(clock.read("12/31 18:40:00 x")?.time)
    #expect(lastYear < now)
    for text in ["today 18:40:00 x", "2026-13-23 18:40:00 x", "2026-11-23 25:00:00 x", "2026-11-23 x", ""] {
      #expect(clock.read(text) == nil, "\(text)")
    }
  }

  @Test("a date without a year is of the new year where that has begun, and UTC's has not")
  func newYear() throws {
    let now = 1_798_759_800.0  // 2026-12-31 23:30:00 UTC
    let clock = LogClock(utcOffset: 3600, submitted: now, now: now)
    #expect(clock.read("01/01 00:10:00 x")?.time == now - 1200)
    #expect(clock.read("12/31 23:50:00 x")?.time == now - 2400)
    #expect(clock.read("01/03 00:30:00 x")?.time == now - 363 * 86_400)
    let later = LogClock(utcOffset: 3600, submitted: now, now: now + 7200)
    #expect(later.read("01/01 00:10:00 x")?.time == now - 1200)
    #expect(later.read("12/31 23:50:00 x")?.time == now - 2400)
  }

  @Test("local times are those of the access point, as it noted its offset, wherever they are read")
  func timeZone() throws {
    let now = 1_795_459_200.0  // 2026-11-23 18:40:00 UTC
    let here = LogClock.utcOffset(at: now)
    for offset in [here, here + 3600, here - 12_600] {
      let clock = LogClock(utcOffset: offset, submitted: now, now: now)
      let local = 18 * 3600 + 40 * 60 + offset
      #expect(clock.read("2026-11-23 18:40:00 x")?.time == now - Double(offset), "\(offset)")
      #expect(clock.read("11/23 18:40:00 x")?.time == now - Double(offset), "\(offset), of \(local)")
      #expect(clock.read("2026-11-23 18:40:00Z x")?.time == now)
    }
    for time in [1e300, -1e300, .nan] {
      #expect(LogClock(utcOffset: 7, submitted: time, now: time).now.sign == time.sign)
    }
    // The same as here: the zone's summer time counts, which an offset does not know.
    #expect(LogClock(utcOffset: here, submitted: now, now: now).utcOffset == nil)
  }

  private static let submitted = "000 (007.000.000) 2026-11-23 18:40:00 Job submitted\n    run r1\n...\n"
  private static let running = "001 (007.000.000) 2026-11-23 18:40:01 Job executing on host: <x>\n...\n"
  private static let ended =
    "005 (007.000.000) 2026-11-23 18:40:02 Job terminated.\n\t(1) Normal termination (return value 86)\n...\n"

  /// Logs that a crash, a full disk or an editor has left: none may keep a job from ending.
  static let damaged: [(name: String, log: String)] = [
    ("a zero byte before an event", submitted + running + "\0" + ended),
    ("a block of zeros", submitted + running + String(repeating: "\0", count: 4096) + ended),
    ("zeros in an event", submitted + running + ended.replacing("Job term", with: "Job\0\0 term")),
    ("a blank line", submitted + "\n" + running + "\n \n" + ended),
    ("garbage", submitted + running + "%§$&/\nmore\n" + ended),
    ("garbage in the line of an event", submitted + running + "garbage" + ended),
    ("an end of garbage", submitted + running + "garbage\n...\n" + ended),
    ("CRLF", (submitted + running + ended).replacing("\n", with: "\r\n")),
    ("a torn event", submitted + "001 (007.000.000) 2026-11-23 18:40:01 Job execu\n" + ended),
    ("a torn event on the line of the next", submitted + "001 (007.000.000) 2026-11-23 18:40:01 Job execu" + ended),
    ("an end of an event on the line of the next", submitted + running.dropLast() + ended),
    ("a time that nobody knows", submitted + running + ended.replacing("2026-11-23 18:40:02", with: "1795459202 s")),
  ]

  @Test("after what is no event the next one counts", arguments: damaged)
  func damage(_ damaged: (name: String, log: String)) throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    try reader.advance(folder.write(damaged.log, to: "log"))
    #expect(reader.jobs["7.0"]?.end == .exited(86))
    #expect(reader.jobs["7.0"]?.run == "r1")
    #expect(reader.jobs["7.0"]?.doubt == nil)
    let isSound = ["a blank line", "CRLF", "an end of an event on the line of the next", "a time that nobody knows"]
    #expect((reader.damage == nil) == isSound.contains(damaged.name), "\(reader.damage ?? "sound")")
  }

  @Test("an event may be lost where the log is damaged: a job that nothing more comes of is in doubt, by file and line")
  func doubt() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    try reader.advance(folder.write(Self.submitted + Self.running + "gar\nbage\n...\n", to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .running)
    #expect(reader.jobs["7.0"]?.doubt == "an event may be missing from the log: log:6 is no event")
    let again = "004 (007.000.000) 2026-11-23 18:40:03 Job was evicted.\n...\n"
    try reader.advance(
      folder.write(Self.submitted + Self.running + "gar\nbage\n...\n" + again, to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .idle && reader.jobs["7.0"]?.doubt == nil)
  }

  @Test("of a torn end it is known that the job ended, and not how")
  func tornEnd() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    let torn = "005 (007.000.000) 2026-11-23 18:40:02 Job termi\n"
    try reader.advance(
      folder.write(
        Self.submitted + Self.running + torn + Self.submitted.replacing("007.000", with: "007.001"), to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .ended && reader.jobs["7.0"]?.end == nil)
    #expect(reader.jobs["7.0"]?.doubt == "how it ended is missing from the log")
  }

  @Test("when the cluster is removed all its jobs have ended, those of other clusters not")
  func clusterRemoved() throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    let other = Self.submitted.replacing("007", with: "008")
    let removed = "036 (007.-01.000) 2026-11-23 18:41:00 Cluster removed\n\tMaterialized 1 jobs\n...\n"
    try reader.advance(folder.write(Self.submitted + other + Self.running + removed, to: "log"))
    #expect(reader.jobs["7.0"]?.phase == .ended && reader.jobs["7.0"]?.end == nil)
    #expect(reader.jobs["8.0"]?.phase == .idle)
    #expect(reader.isComplete)
    // How it ended may have been told before.
    reader = EventLogReader()
    try reader.advance(folder.write(Self.submitted + Self.running + Self.ended + removed, to: "log"))
    #expect(reader.jobs["7.0"]?.end == .exited(86))
  }

  @Test(
    "a log in XML or JSON is an error that says so", arguments: [("<c>\n", "XML"), (" {\n", "JSON"), ("[", "JSON")])
  func format(_ start: String, _ name: String) throws {
    let folder = try TemporaryFolder()
    var reader = EventLogReader()
    let error = #expect(throws: CondorError.self) { try reader.advance(folder.write(start, to: "log")) }
    #expect(error?.description.contains("is written in \(name), and only text is read") == true)
  }

  @Test("a node of a DAG is named by 23's note and by 25's")
  func dagNode() throws {
    let folder = try TemporaryFolder()
    let notes = [
      "DAG Node: classical-s1", #"[ DAGNodeName = "classical-s1"; JobBatchName = "demo" ]"#,
      #"[ JobBatchName = "demo"; dagnodename="classical-s1" ]"#,
    ]
    for note in notes {
      var reader = EventLogReader()
      try reader.advance(folder.write(Self.submitted.replacing("run r1", with: note), to: "log"))
      #expect(reader.jobs["7.0"]?.run == "classical-s1", "\(note)")
    }
  }
}

import FoundationEssentials
import Glibc

/// Reads an event log from where it stopped the last time, and derives the jobs' states.
///
/// A value that can be stored: any process that sees the file can go on with it, and one that starts from nothing comes
/// to the same.
package struct EventLogReader: Codable, Hashable, Sendable {
  /// The bytes that are taken in, up to the end of a complete event.
  package private(set) var offset = 0
  /// The file's first bytes: another file under the same name is told by them.
  private var head = ""
  /// The jobs, each under its `cluster.proc`.
  package private(set) var jobs: [String: JobState] = [:]
  /// The cluster of the last submit event.
  package private(set) var cluster: Int?
  /// Whether HTCondor has let go of the whole cluster: nothing more will come.
  package private(set) var isComplete = false

  private static let headLength = 100

  package init() {}

  /// Takes in what is new.
  ///
  /// - Returns: Whether anything was.
  /// - Throws: `CondorError` when the log cannot be read; nothing is changed then.
  @discardableResult
  package mutating func advance(_ path: String) throws -> Bool {
    var next = self
    if let old = try Self.rotated(path, from: self) {
      // The rest of the file that was moved away, then the new one from its beginning.
      if !old.isEmpty { try next.take(in: old) }
      next.offset = 0
      next.head = ""
    }
    try next.take(in: path)
    defer { self = next }
    return next != self
  }

  /// - Returns: nil when the log is the one of the last time; else where that one is now, or "" when it is gone.
  private static func rotated(_ path: String, from last: EventLogReader) throws -> String? {
    guard last.offset > 0 else { return nil }
    if try bytes(of: path, from: 0, count: last.head.utf8.count) == Array(last.head.utf8), size(path) >= last.offset {
      return nil
    }
    return [path + ".old", path + ".1"].first {
      (try? bytes(of: $0, from: 0, count: last.head.utf8.count)) == Array(last.head.utf8)
    } ?? ""
  }

  private mutating func take(in path: String) throws {
    if head.utf8.count < Self.headLength {
      let bytes = try Self.bytes(of: path, from: 0, count: Self.headLength)
      // Without a character that is cut in two.
      head = String(decoding: bytes.prefix { $0 < 0x80 }, as: UTF8.self)
    }
    let data = try Self.bytes(of: path, from: offset, count: .max)
    let now = Date().timeIntervalSince1970
    var lines: [Substring] = []
    var position = 0
    var complete = 0
    // What follows the last "..." is an event that is still being written: it is read again the next time.
    while let newline = data[position...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: data[position..<newline], as: UTF8.self)
      position = newline + 1
      guard line.hasPrefix("...") else {
        lines.append(Substring(line))
        continue
      }
      if let event = LogEvent(lines: lines, now: now) { apply(event) }
      lines = []
      complete = position
    }
    offset += complete
  }

  private mutating func apply(_ event: LogEvent) {
    switch event.code {
    case 0, 35: cluster = event.cluster
    case 36: isComplete = true
    default: break
    }
    guard event.proc >= 0 else { return }
    jobs[
      "\(event.cluster).\(event.proc)", default: JobState(cluster: event.cluster, proc: event.proc, time: event.time)
    ]
    .apply(event)
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func bytes(of path: String, from offset: Int, count: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CondorError.silent("the event log \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    let available = max(0, Int(lseek(descriptor, 0, SEEK_END)) - offset)
    var bytes = [UInt8](repeating: 0, count: min(count, available))
    let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    guard got >= 0 else {
      throw CondorError.silent("the event log \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    bytes.removeSubrange(got...)
    return bytes
  }
}

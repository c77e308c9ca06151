import Experiment
import FoundationEssentials
import Glibc
import Storage

/// Reads an event log from where it stopped the last time, and derives the jobs' states.
///
/// A value that can be stored: any process that sees the file can go on with it, and one that starts from nothing comes
/// to the same. What the log cannot tell, the queue and the history can: see `settle`.
package struct EventLogReader: Codable, Hashable, Sendable {
  /// The bytes that are taken in, up to the end of a complete event.
  package private(set) var offset = 0
  /// The lines that are taken in.
  private var lines = 0
  /// The file's first bytes: another file under the same name is told by them.
  private var head = ""
  /// The time of the last event.
  private var heard = 0.0
  /// The jobs, each under its `cluster.proc`.
  package private(set) var jobs: [String: JobState] = [:]
  /// The cluster of the last submit event.
  package private(set) var cluster: Int?
  /// Whether HTCondor has let go of the whole cluster: nothing more will come.
  package private(set) var isComplete = false
  /// Whether the cluster is held, so that its jobs which are not in the queue yet do not come; nil for no.
  private(set) var isHeld: Bool?
  /// Where the log is no event log, so that an event may be lost; nil where it is sound, or was settled since.
  package private(set) var damage: String?

  private static let headLength = 100

  package init() {}

  /// Whether it can be gone on with: what was stored may have been damaged since.
  var isSound: Bool {
    let counts = 0...Int.max >> 8
    return counts.contains(offset) && counts.contains(lines)
      && jobs.values.allSatisfy { counts.contains($0.starts) && counts.contains($0.interruptions) }
  }

  /// Takes in what is new.
  ///
  /// - Returns: Whether anything was.
  /// - Throws: `CondorError` when the log cannot be read; nothing is changed then.
  @discardableResult
  package mutating func advance(_ path: String) throws -> Bool {
    try advance(path, by: LogClock(now: Date().timeIntervalSince1970))
  }

  /// Takes in what is new, by a clock.
  ///
  /// - Parameters:
  ///   - path: The log.
  ///   - clock: The one that it is written by.
  /// - Returns: Whether anything was new.
  /// - Throws: `CondorError` when the log cannot be read; nothing is changed then.
  @discardableResult
  mutating func advance(_ path: String, by clock: LogClock) throws -> Bool {
    var next = self
    switch try found(path) {
    case .same: break
    case .shorter: return false
    case .another(let old):
      // The rest of the file that was moved away, then the new one from its beginning.
      if let old { try next.take(in: old, clock) }
      (next.offset, next.lines, next.head) = (0, 0, "")
    }
    try next.take(in: path, clock)
    defer { self = next }
    return next != self
  }

  /// Takes in what the queue or the history says of jobs, as it would an event.
  ///
  /// - Parameters:
  ///   - answers: What they say.
  ///   - now: When they said it; seconds since 1970-01-01 00:00 UTC.
  mutating func settle(_ answers: [JobAnswer], now: Double) {
    for answer in answers {
      jobs[answer.name, default: JobState(cluster: answer.cluster, proc: answer.proc, time: answer.since)]
        .take(answer, now: now)
    }
  }

  /// Marks jobs of which neither the log nor the queue and the history can tell what became of them.
  mutating func doubt(_ reason: String, of names: [String]) { for name in names { jobs[name]?.doubt = reason } }

  /// Forgets where the log was damaged: what it lacked has been asked for.
  mutating func mended() { damage = nil }

  /// What a file is to the log of the last time.
  private enum Found {
    case same
    /// The same, of which the end is not seen: a network disk's old view, or a copy that was put back.
    case shorter
    /// Another one; where that of the last time is now, nil when it is gone.
    case another(old: String?)
  }

  private func found(_ path: String) throws -> Found {
    guard offset > 0 else { return .same }
    let known = Array(head.utf8)
    let start = try Self.bytes(of: path, from: 0, count: known.count)
    if start == known, Self.size(path) >= offset { return .same }
    if start == known, !known.isEmpty { return .shorter }
    let old = [path + ".old", path + ".1"].first {
      (try? Self.bytes(of: $0, from: 0, count: known.count)) == known
    }
    return old == nil && known.starts(with: start) ? .shorter : .another(old: old)
  }

  private mutating func take(in path: String, _ clock: LogClock) throws {
    if head.utf8.count < Self.headLength {
      let bytes = try Self.bytes(of: path, from: 0, count: Self.headLength)
      if let format = Self.foreignFormat(bytes) {
        throw CondorError.unsuitable(
          "the event log \(path) is written in \(format), and only text is read: take log_xml out of 'commands' in the "
            + "site file; else the access point's DEFAULT_USERLOG_FORMAT_OPTIONS asks for it")
      }
      // Without a character that is cut in two.
      head = String(decoding: bytes.prefix { $0 > 0 && $0 < 0x80 }, as: UTF8.self)
    }
    let text = LogText(
      try Self.bytes(of: path, from: offset, count: .max), firstLine: lines + 1, clock: clock, last: heard)
    for part in text.parts {
      switch part {
      case .event(let event): apply(event)
      case .damage(let line, let what): damaged("\(Folder.name(of: path)):\(line) \(what)")
      }
    }
    offset += text.bytes
    // What follows the last complete event may be written anew.
    head = String(decoding: head.utf8.prefix(offset), as: UTF8.self)
    lines += text.lines
  }

  /// XML or JSON, which the access point's settings may ask for; nil for text.
  private static func foreignFormat(_ bytes: [UInt8]) -> String? {
    switch bytes.first(where: { $0 > 0x20 }) {
    case UInt8(ascii: "<"): "XML"
    case UInt8(ascii: "{"), UInt8(ascii: "["): "JSON"
    default: nil
    }
  }

  private mutating func apply(_ event: LogEvent) {
    heard = event.time
    switch event.code {
    case 0, 35: cluster = event.cluster
    case 36:
      isComplete = true
      for key in jobs.keys where jobs[key]?.cluster == event.cluster { jobs[key]?.apply(event) }
    case 37 where event.number(after: "PauseCode") == 1: isHeld = true
    case 38: isHeld = nil
    default: break
    }
    guard event.proc >= 0 else { return }
    jobs[
      "\(event.cluster).\(event.proc)", default: JobState(cluster: event.cluster, proc: event.proc, time: event.time)
    ]
    .apply(event)
  }

  /// An event of any job that is still there may be missing; what comes of a job later says how it is.
  private mutating func damaged(_ place: String) {
    damage = "an event may be missing from the log: \(place)"
    for key in jobs.keys where jobs[key]?.phase != .ended { jobs[key]?.doubt = damage }
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

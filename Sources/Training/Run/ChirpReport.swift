import Experiment
import FoundationEssentials
import Glibc
package import Records
import Storage

/// How far a run is, told to HTCondor's access point while it trains: by Chirp, through the starter on the same machine.
///
/// It becomes an event of the job's log (`qcalo: RUN: checkpoint 12, reduced 69.9`), where the submit description has
/// `+WantRemoteUpdates`, and the attributes ChirpQcaloRun, ChirpQcaloCheckpoint and ChirpQcaloReduced. Where nobody
/// listens nothing is told, and the run goes on as it would.
/// - Source: HTCondor, src/condor_chirp/PROTOCOL.
package struct ChirpReport {
  private let address: String
  private let port: String
  private let cookie: String
  /// When the last word was sent; nil before the first.
  private var last: Double?
  /// Whether the starter has refused or not answered: this start asks no more.
  private var isRefused = false

  /// The least seconds between two words; the first of each start is told at once.
  static let interval = 300.0
  /// The most seconds that a word may take.
  static let patience = 2

  /// Reads the file that `$_CONDOR_CHIRP_CONFIG` names: address, port and cookie; nil when it is none.
  package init?(config path: String) {
    guard let data = try? FileContent.data(of: path) else { return nil }
    let words = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 3 else { return nil }
    (address, port, cookie) = (words[0], words[1], words[2])
  }

  /// Tells of a checkpoint, unless the last word is too fresh.
  /// - Parameters:
  ///   - record: The checkpoint.
  ///   - run: The run's name; a job may have several.
  ///   - now: Seconds on a clock that nobody sets.
  package mutating func tell(_ record: CheckpointRecord, of run: String, now: Double = RunControl.steadyTime()) {
    guard !isRefused, last.map({ now - $0 >= Self.interval }) ?? true else { return }
    last = now
    let reduced = record.evaluation.reduced
    let score = reduced.isFinite ? ", reduced \(reduced)" : ""
    var requests = [
      "cookie \(cookie)", "set_job_attr_delayed ChirpQcaloRun \"\(run)\"",
      "set_job_attr_delayed ChirpQcaloCheckpoint \(record.checkpoint)",
    ]
    if reduced.isFinite { requests.append("set_job_attr_delayed ChirpQcaloReduced \(reduced)") }
    requests.append("ulog " + "qcalo: \(run): checkpoint \(record.checkpoint)\(score)".replacing(" ", with: "\\ "))
    isRefused = !send(requests)
  }

  /// - Returns: Whether the starter has taken all but the last, which needs the job's leave.
  private func send(_ requests: [String]) -> Bool {
    var hints = addrinfo()
    (hints.ai_socktype, hints.ai_flags) = (Int32(SOCK_STREAM.rawValue), AI_NUMERICHOST | AI_NUMERICSERV)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, port, &hints, &found) == 0, let target = found else { return false }
    defer { freeaddrinfo(target) }
    let connection = socket(
      target.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard connection >= 0 else { return false }
    defer { close(connection) }
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
      setsockopt(connection, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    guard connect(connection, target.pointee.ai_addr, target.pointee.ai_addrlen) == 0 else { return false }
    for (index, request) in requests.enumerated() {
      guard let answer = Self.exchange(request + "\n", on: connection) else { return false }
      if answer < 0 && index < requests.count - 1 { return false }
    }
    return true
  }

  /// - Returns: The number that the starter answers with, negative where it refuses; nil where it does not answer.
  private static func exchange(_ request: String, on connection: Int32) -> Int? {
    let bytes = Array(request.utf8)
    guard Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
    var answer: [UInt8] = []
    while answer.count < 100 {
      var byte: UInt8 = 0
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return Int(String(decoding: answer, as: UTF8.self)) }
      answer.append(byte)
    }
    return nil
  }
}

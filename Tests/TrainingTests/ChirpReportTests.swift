import Experiment
import Foundation
import Glibc
import Records
import Synchronization
import TestSupport
import Testing

@testable import Training

/// A starter that takes words by Chirp, on the loopback interface.
private final class Starter: Sendable {
  private let listener: Int32
  private let lines = Mutex<[String]>([])
  let port: UInt16
  var said: [String] { lines.withLock { $0 } }

  /// A starter that answers so to a request; with nothing it hangs up.
  init(answer: @escaping @Sendable (String) -> String) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isBound)
    self.listener = listener
    port = address.sin_port.bigEndian
    Thread.detachNewThread { [self] in
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        guard let file = fdopen(connection, "r") else { return }
        var line = [CChar](repeating: 0, count: 1024)
        while fgets(&line, 1024, file) != nil {
          let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
          lines.withLock { $0.append(text) }
          let reply = answer(text)
          if reply.isEmpty { break }
          let bytes = Array((reply + "\n").utf8)
          _ = write(connection, bytes, bytes.count)
        }
        fclose(file)
      }
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

@Suite struct ChirpReportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func report(port: UInt16) throws -> ChirpReport {
    let path = try folder.write("127.0.0.1 \(port) secret\n", to: "chirp.config")
    return try #require(ChirpReport(config: path))
  }

  private func record(_ checkpoint: Int, chi2: Double = 280, ndf: Int = 28) -> CheckpointRecord {
    CheckpointRecord(
      checkpoint: checkpoint, iteration: checkpoint, full: nil, generator: nil,
      evaluation: Evaluation(energies: [
        EnergyEvaluation(incidentEnergy: 65536, chi2: chi2, ndf: ndf, meanResponse: 1, responseSpread: 0)
      ]), diagnostics: Diagnostics(deadVoxels: 0), cost: Cost())
  }

  private static let words = [
    "cookie secret", #"set_job_attr_delayed ChirpQcaloRun "r1""#, "set_job_attr_delayed ChirpQcaloCheckpoint 12",
    "set_job_attr_delayed ChirpQcaloReduced 10.0", #"ulog qcalo:\ r1:\ checkpoint\ 12,\ reduced\ 10.0"#,
  ]

  @Test func `a checkpoint is told as attributes and as an event, not more often than every five minutes`() throws {
    let starter = try Starter { _ in "0" }
    var report = try report(port: starter.port)
    report.tell(record(12), of: "r1", now: 1000)
    #expect(starter.said == Self.words)
    report.tell(record(13), of: "r1", now: 1299)
    #expect(starter.said.count == 5)
    report.tell(record(14, chi2: .nan), of: "r1", now: 1300)
    #expect(
      starter.said.dropFirst(5) == [
        "cookie secret", #"set_job_attr_delayed ChirpQcaloRun "r1""#, "set_job_attr_delayed ChirpQcaloCheckpoint 14",
        #"ulog qcalo:\ r1:\ checkpoint\ 14"#,
      ])
  }

  @Test func `an event that the job has no leave for is left out, a refused cookie ends the talk`() throws {
    let modest = try Starter { $0.hasPrefix("ulog") ? "-8" : "0" }
    var report = try report(port: modest.port)
    report.tell(record(12), of: "r1", now: 0)
    report.tell(record(12), of: "r1", now: 300)
    #expect(modest.said == Self.words + Self.words)
    let strict = try Starter { _ in "-1" }
    report = try self.report(port: strict.port)
    report.tell(record(12), of: "r1", now: 0)
    report.tell(record(12), of: "r1", now: 300)
    #expect(strict.said == ["cookie secret"])
  }

  @Test func `where nobody listens, or somebody hangs up, nothing happens`() throws {
    let rude = try Starter { _ in "" }
    var report = try report(port: rude.port)
    report.tell(record(12), of: "r1", now: 0)
    report.tell(record(12), of: "r1", now: 300)
    #expect(rude.said == ["cookie secret"])
    report = try self.report(port: 1)
    report.tell(record(12), of: "r1", now: 0)
    #expect(ChirpReport(config: folder("none")) == nil)
    #expect(ChirpReport(config: try folder.write("127.0.0.1\n", to: "short")) == nil)
  }
}

import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Records

@Suite struct RecordCheckTests {
  /// Why a line is no record; nil when it is one.
  private func reason(_ line: String) -> String? {
    Array((line + "\n").utf8).withUnsafeBytes { bytes in
      if case .unreadable(let reason) = JournalLine(UnsafeRawBufferPointer(rebasing: bytes.dropLast()), of: "run") {
        return reason
      }
      return nil
    }
  }

  private func text(_ record: JournalRecord) throws -> String {
    String(decoding: try CanonicalJSON.data(record), as: UTF8.self)
  }

  @Test func `what a worker writes has no flaw, in any form`() throws {
    for record in sampleRecords {
      #expect(try reason(text(record)) == nil)
      #expect(try reason(text(record).replacing(",", with: ", ")) == nil)
    }
    let line = try text(sampleRecords[1]).replacing("\"chi2\":1680", with: "\"chi2\":0")
    #expect(reason(line.replacing("\"ndf\":28,\"reduced\":60", with: "\"ndf\":0,\"reduced\":0")) == nil, "no freedom")
  }

  @Test(
    "a checkpoint's line that contradicts itself or is out of a range is none, and the field is named, in any form",
    arguments: [
      ("\"reduced\":60,", "\"reduced\":6,", "energies.reduced: 6.0 is not chi2 / ndf, 60.0"),
      ("\"reduced\":60}", "\"reduced\":59.99}", "evaluation.reduced: 59.99 is not chi2 / ndf, 60.0"),
      ("\"reduced\":60}", "\"reduced\":\"nan\"}", "evaluation.reduced: nan is not chi2 / ndf, 60.0"),
      ("\"reduced\":60}", "\"reduced\":60,\"uncertainty\":-1}", "evaluation.uncertainty: -1.0 is negative"),
      (
        "\"responseSpread\":0.1", "\"responseSpread\":0.1,\"uncertainty\":-1", "energies.uncertainty: -1.0 is negative"
      ),
      ("{\"chi2\":1680,\"incident", "{\"chi2\":-5,\"incident", "energies.chi2: -5.0 is negative"),
      ("{\"chi2\":1680,\"energies", "{\"chi2\":-5,\"energies", "evaluation.chi2: -5.0 is negative"),
      ("\"ndf\":28", "\"ndf\":-28", "evaluation.ndf: -28 is not in 0 … 1000000000"),
      ("\"checkpoint\":1,", "\"checkpoint\":-1,", "checkpoint: -1 is not in 0 … 100000000"),
      (
        "\"checkpoint\":1,", "\"checkpoint\":9223372036854775807,",
        "checkpoint: 9223372036854775807 is not in 0 … 100000000"
      ),
      ("\"checkpoint\":1,", "\"checkpoint\":3,", "iteration: 1000 is no multiple of the checkpoint, 3"),
      ("\"checkpoint\":1,", "\"checkpoint\":0,", "iteration: 1000 is no multiple of the checkpoint, 0"),
      ("\"iteration\":1000", "\"iteration\":0", "iteration: 0 is no multiple of the checkpoint, 1"),
      ("\"training\":10", "\"training\":-10", "cost.training: -10.0 is not in 0 … "),
      ("\"training\":10", "\"training\":\"nan\"", "cost.training: nan is not in 0 … "),
      ("\"checkpointing\":0.1", "\"checkpointing\":\"inf\"", "cost.checkpointing: inf is not in 0 … "),
      ("\"bytes\":1000", "\"bytes\":-1", "full.bytes: -1 is not in 0 … "),
      ("\"time\":1700001002", "\"time\":\"nan\"", "time: nan is not in 0 … "),
      ("\"time\":1700001002", "\"time\":1e300", "time: 1e+300 is not in 0 … "),
      ("\"attempt\":1", "\"attempt\":0", "attempt: 0 is not in 1 … "),
      ("\"sequence\":2", "\"sequence\":-2", "sequence: -2 is not in 0 … "),
      (
        "discriminatorLoss", "discriminatorLos",
        "event.checkpoint.diagnostics.discriminatorLos: a record has no such key"
      ),
      ("meanResponse", "meanresponse", "event.checkpoint.evaluation.energies.meanresponse: a record has no such key"),
      ("\"full\"", "\"Full\"", "event.checkpoint.Full: a record has no such key"),
      ("\"sequence\"", "\"sequense\"", "'sequence' is missing"),
    ])
  func flaw(_ old: String, _ new: String, _ reason: String) throws {
    let line = try text(sampleRecords[2])
    let changed = line.replacing(old, with: new)
    try #require(changed != line, "\(line)")
    for form in [changed, changed.replacing(",", with: ", ")] {
      let found = try #require(self.reason(form), "\(form)")
      #expect(found.hasPrefix(reason), "\(found)")
    }
  }

  @Test(
    "a start or an end out of a range is none",
    arguments: [
      (0, "\"iteration\":0", "\"iteration\":-1", "iteration: -1 is not in 0 … "),
      (0, "\"pid\":1", "\"pid\":9223372036854775807", "pid: 9223372036854775807 is not in 0 … "),
      (
        0, "\"dataset\"", "\"fromcheckpoint\":3,\"dataset\"",
        "event.attemptStarted.fromcheckpoint: a record has no such key"
      ),
      (3, "\"training\":10", "\"training\":1e300", "cost.training: 1e+300 is not in 0 … "),
      (3, "\"iteration\":1000", "\"iteration\":9223372036854775807", "iteration: 9223372036854775807 is not in 0 … "),
    ])
  func flaw(of record: Int, _ old: String, _ new: String, _ reason: String) throws {
    let line = try text(sampleRecords[record]).replacing(old, with: new)
    #expect(self.reason(line)?.hasPrefix(reason) == true, "\(self.reason(line) ?? "a record"): \(line)")
  }

  @Test func `an iteration that is not checkpoint × interval is a flaw`() throws {
    guard case .checkpoint(let record) = sampleRecords[2].event else { throw TestFailure("no checkpoint") }
    #expect(record.flaw(interval: 1000) == nil)
    #expect(record.flaw(interval: 500) == "iteration: 1000 is not checkpoint × interval, 1 × 500")
    #expect(record.flaw(interval: .max) != nil)
  }
}

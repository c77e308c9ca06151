import Experiment
import Foundation
import Ledger
import Records
import Reports
import Storage
import TestSupport
import Testing

@testable import Study

/// What a sweep's file orders of runs that have ended: an FPD of every second checkpoint and of the best, which is 3.
@Suite struct EvaluationRoundTests {
  private var study: StudyWorkspace
  private let said = Asked()
  private let asked = Asked()
  private var runs: [String] { study.prepared.jobs.map(\.run) }

  init() throws {
    study = try StudyWorkspace()
    for row in study.plan.variants.indices {
      study.plan.variants[row].evaluate = EvaluationOrder(metrics: [.fpd], every: 2)
    }
    try study.folder.write("events", to: "pions.hdf5")
  }

  /// Writes a run that has come to checkpoint 3, with the generators that are kept of it.
  private func write(_ number: Int, kept: [Int], _ exit: ProgramEnd? = .finished) throws {
    try study.workspace.write(study.prepared.jobs[number])
    try study.journal(runs[number], exit: exit)
    for checkpoint in kept {
      try study.folder.write("", to: "work/runs/\(runs[number])/checkpoints/full-\(checkpoint).h5")
    }
  }

  /// What the worker prints that is to judge a generator: an FPD of its checkpoint's number.
  private func answer(_ arguments: [String]) throws -> String {
    struct Printed: Encodable {
      var evaluated: EvaluatedCheckpoint
      var full = ["remarks": ["a remark"]]
    }
    asked.note(arguments.joined(separator: " "))
    let path = arguments[try #require(arguments.firstIndex(of: "--checkpoint")) + 1].split(separator: "/")
    let checkpoint = try #require(Int(path[path.count - 1].dropLast(3).dropFirst(5)))
    let metrics = MetricsRecord(
      seed: 1, events: 316, heldOut: true, values: [.fpd: MetricValue(value: Double(checkpoint))])
    let printed = Printed(
      evaluated: EvaluatedCheckpoint(
        run: String(path[path.count - 3]), checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: "ab",
        commit: "c", metrics: metrics))
    return String(decoding: try CanonicalJSON.data(printed), as: UTF8.self)
  }

  /// Carries out what is missing; "row seed checkpoint" for each that was judged.
  private func round(_ ledger: Ledger, isStopped: () -> Bool = { false }) async throws -> (
    judged: [String], failure: (any Error)?
  ) {
    let round = try #require(try EvaluationRound(ofSweep: "small", in: ledger))
    let found = try await round.carryOut(
      source: study.folder("pions.hdf5"), worker: { try answer($0) }, say: said.note, isStopped: isStopped)
    return (found.rows.map { "\($0.label) \($0.seed) \($0.evaluated.checkpoint)" }, found.failure)
  }

  /// The source has 316 events that were not trained on, of 500 that are ordered.
  @Test func `what is kept is judged once, of runs that have diverged too, and of no run in training`() async throws {
    try write(0, kept: [2, 3])
    try write(1, kept: [3], .diverged)
    try write(2, kept: [2, 3], .resumable)
    let ledger = try study.ledger()
    let first = try await round(ledger)
    #expect(first.judged == ["Classical 1 2", "Classical 1 3", "2x 1 3"] && first.failure == nil)
    #expect(
      said.lines == [
        "1 of 3: evaluating \(runs[0]) at 2", "\(runs[0]): a remark", "2 of 3: evaluating \(runs[0]) at best",
        "\(runs[0]): a remark", "3 of 3: evaluating \(runs[1]) at best", "\(runs[1]): a remark",
      ])
    #expect(asked.lines.allSatisfy { $0.contains(" --metrics fpd --fresh ") && $0.contains(" --events 500 --seed 1 ") })
    let again = try await round(ledger)
    #expect(again.judged.isEmpty && again.failure == nil && asked.lines.count == 3)
    let recorded = try ledger.metrics(sweep: "small")
    #expect(recorded[runs[0]]?[2]?.values[.fpd]?.value == 2 && recorded[runs[1]]?[3]?.values[.fpd]?.value == 3)
  }

  @Test func `of several what cannot be judged is told and passed over; the rest is judged`() async throws {
    try write(0, kept: [])
    try write(1, kept: [3])
    let found = try await round(try study.ledger())
    let reason =
      "\(study.workspace.runFolder(runs[0])): the generator of checkpoint 3 is not kept here; `qcalo checkpoints list "
      + "\(runs[0])`"
    #expect(found.judged == ["2x 1 3"] && (found.failure as? InputError)?.description == reason)
    #expect(said.lines.contains("\(runs[0]) at best is passed over: \(reason)"))
  }

  @Test func `what alone cannot be judged is left to who asked to tell it`() async throws {
    try write(0, kept: [])
    let found = try await round(try study.ledger())
    #expect(found.judged.isEmpty && found.failure is InputError)
    #expect(said.lines == ["1 of 1: evaluating \(runs[0]) at best"])
  }

  @Test func `who is asked to stop leaves the rest to another time`() async throws {
    try write(0, kept: [2, 3])
    let ledger = try study.ledger()
    #expect(try await round(ledger, isStopped: { asked.lines.count == 1 }).judged == ["Classical 1 2"])
    #expect(try await round(ledger).judged == ["Classical 1 3"])
  }

  @Test func `what is no sweep orders nothing, and neither does a sweep without an order`() throws {
    var plain = try StudyWorkspace()
    try plain.journal(plain.prepared.jobs[0].run, exit: .finished)
    let ledger = try plain.ledger()
    #expect(try EvaluationRound(ofSweep: "small", in: ledger) == nil)
    #expect(try EvaluationRound(ofSweep: plain.prepared.jobs[0].run, in: ledger) == nil)
    plain.plan.variants[0].evaluate = EvaluationOrder()
    #expect(try EvaluationRound(ofSweep: "small", in: try plain.ledger()) != nil)
  }

  @Test func `of a sweep the finished runs are judged, and a run by the beginning of its name`() throws {
    try write(0, kept: [])
    try write(1, kept: [], .diverged)
    let ledger = try study.ledger()
    #expect(try ledger.runs(toJudge: "small", say: said.note).map(\.run) == [runs[0]])
    #expect(said.lines == ["3 of 4 runs of small have not finished and are left out"])
    #expect(try ledger.runs(toJudge: String(runs[1].dropLast(3)), say: said.note).map(\.run) == [runs[1]])
    #expect(said.lines.count == 1)
  }
}

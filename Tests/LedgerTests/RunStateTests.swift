import Experiment
import Testing

@testable import Ledger

@Suite struct RunStateTests {
  static let table: [(RunEvidence.LastAttempt, left: RunState, used: RunState)] = [
    (.none, .planned, .planned),
    (.open(.alive), .running, .running),
    (.open(.gone), .interrupted, .interrupted),
    (.open(.unknown), .unknown, .unknown),
    (.ended(.finished), .resumable, .finished),
    (.ended(.resumable), .resumable, .resumable),
    (.ended(.checkpointed), .resumable, .resumable),
    (.ended(.diverged), .diverged, .diverged),
    (.ended(.storageFailure), .storageFailure, .storageFailure),
    (.ended(.badInput), .failed, .failed),
    (.ended(.unsuitable), .failed, .failed),
    (.ended(.defect), .failed, .failed),
    (.ended(.checkFailed), .failed, .failed),
    (.ended(.locked), .unknown, .unknown),
    (.ended(nil), .unknown, .unknown),
  ]

  @Test("A state follows from the last attempt and the budget", arguments: table)
  func states(row: (RunEvidence.LastAttempt, left: RunState, used: RunState)) {
    #expect(RunEvidence(lastAttempt: row.0, hasBudgetLeft: true).state == row.left)
    #expect(RunEvidence(lastAttempt: row.0, hasBudgetLeft: false).state == row.used)
  }

  @Test("Every exit code has its row")
  func complete() {
    let codes = Self.table.compactMap { row -> ProgramEnd? in if case .ended(let code) = row.0 { code } else { nil } }
    #expect(Set(codes) == Set(ProgramEnd.allCases))
  }
}

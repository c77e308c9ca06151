import Experiment
import Foundation
import Records
import Testing

@Suite struct JournalTests {
  private func record(_ event: JournalRecord.Event) -> JournalRecord {
    JournalRecord(run: "r", attempt: 2, sequence: 3, time: 1_790_000_000.123456, event: event)
  }

  @Test func `every event comes back from its line, numbers to the bit`() throws {
    let provenance = Provenance(
      binary: "b", commit: "c+", numericsVersion: 1, host: "h", processor: "p", kernels: "avx512", pid: 7)
    let evaluation = Evaluation(energies: [
      EnergyEvaluation(incidentEnergy: 65536, chi2: 0.1 + 0.2, ndf: 28, meanResponse: 1 / 3, responseSpread: 1e-300)
    ])
    let events: [JournalRecord.Event] = [
      .attemptStarted(AttemptStart(provenance: provenance, fromCheckpoint: nil, iteration: 0, dataset: "d")),
      .checkpoint(
        CheckpointRecord(
          checkpoint: 4, iteration: 4000, full: nil,
          generator: CheckpointFile(path: "checkpoints/g.h5", sha256: "s", bytes: 9), evaluation: evaluation,
          diagnostics: Diagnostics(discriminatorLoss: .nan, generatorLoss: -.infinity, deadVoxels: 0.5), cost: Cost())),
      .notice("a \"quoted\" line\nand another"),
      .attemptEnded(AttemptEnd(exit: .resumable, reason: "SIGTERM", iteration: 4100, cost: Cost(training: 1))),
    ]
    for event in events {
      let line = try CanonicalJSON.data(record(event))
      #expect(!line.contains(UInt8(ascii: "\n")), "one line")
      let back = try CanonicalJSON.value(JournalRecord.self, from: line)
      #expect(try CanonicalJSON.data(back) == line)
      if case .checkpoint = event { continue }  // NaN is not equal to itself; its bytes are.
      #expect(back == record(event))
    }
  }

  @Test func `χ² over energies is the sum over the sum`() {
    let evaluation = Evaluation(energies: [
      EnergyEvaluation(incidentEnergy: 4096, chi2: 28, ndf: 14),
      EnergyEvaluation(incidentEnergy: 65536, chi2: 14, ndf: 28),
    ])
    #expect(evaluation.chi2 == 42 && evaluation.ndf == 42 && evaluation.reduced == 1)
    #expect(Evaluation(energies: []).reduced.isNaN)
  }

  @Test func `exit codes are distinct and each has its meaning`() {
    #expect(Set(ProgramEnd.allCases.map(\.rawValue)).count == ProgramEnd.allCases.count)
    #expect(Set(ProgramEnd.allCases.map(\.meaning)).count == ProgramEnd.allCases.count)
    #expect(ProgramEnd.finished.rawValue == 0 && ProgramEnd.checkpointed.rawValue == 85)
  }
}

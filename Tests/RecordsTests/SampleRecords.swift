import Experiment
import Records

/// The records of one attempt: a start, checkpoints 0 and 1, and an end.
let sampleRecords: [JournalRecord] = {
  let provenance = Provenance(
    binary: "c0", commit: "abc123", numericsVersion: 1, host: "elsewhere", processor: "Some CPU", kernels: "avx2",
    pid: 1)
  let events: [JournalRecord.Event] = [
    .attemptStarted(AttemptStart(provenance: provenance, fromCheckpoint: nil, iteration: 0, dataset: "d5")),
    .checkpoint(sampleCheckpoint(0)), .checkpoint(sampleCheckpoint(1)),
    .attemptEnded(AttemptEnd(exit: .finished, reason: "Because.", iteration: 1000, cost: Cost(training: 10))),
  ]
  return events.enumerated().map { sequence, event in
    JournalRecord(run: "run", attempt: 1, sequence: sequence, time: 1_700_001_000 + Double(sequence), event: event)
  }
}()

private func sampleCheckpoint(_ number: Int) -> CheckpointRecord {
  CheckpointRecord(
    checkpoint: number, iteration: 1000 * number,
    full: CheckpointFile(path: "checkpoints/full-\(number).h5", sha256: "dd", bytes: 1000), generator: nil,
    evaluation: Evaluation(energies: [
      EnergyEvaluation(incidentEnergy: 4096, chi2: 1680, ndf: 28, meanResponse: 0.7, responseSpread: 0.1)
    ]),
    diagnostics: Diagnostics(discriminatorLoss: -1.25, discriminatorGradient: 1e-12, deadVoxels: 0.5),
    cost: Cost(training: 10, evaluation: 1, checkpointing: 0.1))
}

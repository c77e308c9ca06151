import Experiment
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct RecordedRateTests {
  let sample: SampleWorkspace
  let ledger: Ledger

  init() throws {
    sample = try SampleWorkspace()
    ledger = try Ledger(sample.workspace)
    try ledger.record(sample.plan, source: "small.yaml", datasets: sample.prepared)
  }

  @Test("The rates of a run are those of its last attempt's last checkpoint, over all that it had done")
  func rates() throws {
    let run = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(run, checkpoints: 0...2), to: run)
    try sample.append(SampleWorkspace.attempt(run, attempt: 2, from: 2, checkpoints: 3...4), to: run, attempt: 2)
    // Nothing but checkpoint 0: no rate.
    let begun = try sample.describe(1, seed: 1)
    try sample.append(SampleWorkspace.attempt(begun, checkpoints: 0...0), to: begun)
    try ledger.collect()
    let found = try ledger.recordedRates()
    #expect(found.map(\.run) == [run])
    // One that has been trained again to where it was counts once, one at checkpoint 1 as well.
    let other = try sample.describe(0, seed: 2)
    try sample.append(SampleWorkspace.attempt(other, checkpoints: 0...1), to: other)
    try sample.append(SampleWorkspace.attempt(other, attempt: 2, from: 0, checkpoints: 1...1), to: other, attempt: 2)
    try ledger.collect()
    #expect(try Set(ledger.recordedRates().map(\.run)) == [run, other] && ledger.recordedRates().count == 2)
    #expect(found[0].shape == TrainingShape(sample.job(0, seed: 1)))
    #expect(found[0].interval == 1000 && found[0].processor == "Some CPU")
    // After checkpoint 4: 40 s of training, 4 s for five evaluations, 0.4 s for five checkpoints.
    #expect(abs(found[0].rate.iteration - 0.01) < 1e-12)
    #expect(abs(found[0].rate.evaluation - 0.8) < 1e-12)
    #expect(abs(found[0].rate.checkpointing - 0.08) < 1e-12)
    #expect(found[0].rate.fullBytes == 1000)
  }

  @Test("A run counts among those that had as many threads in every attempt")
  func threads() throws {
    let one = try sample.describe(0, seed: 1)
    try sample.append(SampleWorkspace.attempt(one), to: one)
    let two = try sample.describe(0, seed: 2)
    try sample.append(SampleWorkspace.attempt(two, threads: 2), to: two)
    let both = try sample.describe(1, seed: 1)
    try sample.append(SampleWorkspace.attempt(both, threads: 2), to: both)
    try sample.append(SampleWorkspace.attempt(both, attempt: 2, from: 3, checkpoints: 4...5), to: both, attempt: 2)
    try ledger.collect()
    #expect(try ledger.recordedRates().map(\.run) == [one])
    #expect(try ledger.recordedRates(threads: 2).map(\.run) == [two])
  }

  @Test("A site's rates are those of the runs that were submitted there")
  func site() throws {
    for seed in [1, 2] as [UInt64] {
      let run = try sample.describe(0, seed: seed)
      try sample.append(SampleWorkspace.attempt(run), to: run)
    }
    let record = SubmissionRecord(
      sweep: "small", site: "lxbatch", schedd: "bigbird21", cluster: 4711, runs: [sample.job(0, seed: 2).run],
      isDag: false, time: 1)
    try sample.folder.write(
      String(decoding: CanonicalJSON.data(record), as: UTF8.self), to: "work/submissions/small-1/submitted.json")
    try ledger.collect()
    #expect(try ledger.recordedRates().count == 2)
    #expect(try ledger.recordedRates(site: "lxbatch").map(\.run) == [sample.job(0, seed: 2).run])
    #expect(throws: LedgerError.self) { try ledger.recordedRates(site: "elsewhere") }
  }
}

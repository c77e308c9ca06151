import Condor
import Experiment
import Foundation
import Ledger
import Records
import Storage
import TestSupport
import Testing

@testable import Study

@Suite struct StartedSweepTests {
  private let study: StudyWorkspace

  init() throws { study = try StudyWorkspace() }

  /// The sweep as an earlier start has recorded it.
  private func started(_ selection: Selection = Selection()) throws -> StartedSweep {
    _ = try study.ledger()
    return try StartedSweep(recorded: "small", selecting: selection, in: study.workspace)
  }

  /// Trains with workers that finish at once.
  private func train(_ started: StartedSweep, _ decisions: StartDecisions) async throws {
    for job in decisions.here {
      try study.workspace.write(job)
      try study.journal(job.run, checkpoints: 0...(job.budget.checkpoints ?? 0), exit: .finished)
    }
    try started.ledger.collect()
  }

  @Test func `a second run leaves alone what the first has finished, and a larger budget goes on with it`() async throws
  {
    var study = study
    let started = try started()
    let first = try await started.decide(.run)
    #expect(first.here == started.prepared.jobs && first.leftAloneCounts.isEmpty)
    try await train(started, first)

    let second = try await started.decide(.run)
    #expect(second.here.isEmpty)
    #expect(
      second.leftAlone(title: started.title) == [
        "4 runs left alone, finished: Classical, seed 1; 2x, seed 1; Classical, seed 2; 2x, seed 2"
      ])

    study.plan.variants[0].budget = Budget(checkpoints: 4)
    _ = try study.ledger()
    let larger = try StartedSweep(recorded: "small", selecting: Selection(), in: study.workspace)
    #expect(try await larger.decide(.run).here.map(larger.title) == ["Classical, seed 1", "Classical, seed 2"])
    #expect(try await larger.decide(.resume).here.map(larger.title) == ["Classical, seed 1", "Classical, seed 2"])
  }

  @Test func `what is sent to HTCondor is neither queued on this machine nor locked by a worker elsewhere`()
    async throws
  {
    let started = try started()
    let runs = started.prepared.jobs.map(\.run)
    let announced = try HereQueue.announce([runs[0]], in: study.workspace)
    // A worker on another machine, which has touched its lock a moment ago, and one that has not for long.
    var owner = RunOwner.current()
    owner.process.host = "lxplus701"
    for run in [runs[1], runs[2]] {
      try study.folder.write(
        String(decoding: try CanonicalJSON.data(owner), as: UTF8.self), to: "work/runs/\(run)/lock")
    }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -RunOwner.patience - 60)],
      ofItemAtPath: study.folder("work/runs/\(runs[2])/lock"))
    let decisions = try await started.decide(.submit)
    #expect(decisions.submitted.map(\.run) == [runs[2], runs[3]])
    let left = decisions.leftAlone(title: started.title).joined(separator: "\n")
    #expect(
      left.contains("another has it: `qcalo run`, process \(getpid()) on this machine, comes to it: Classical, seed 1"))
    #expect(left.contains("another has it: process \(getpid()) on lxplus701, last heard of "))
    #expect(try Folder.names(in: study.workspace.runFolder(runs[1])) == ["lock"])
    announced.keep([])
    #expect(try await started.decide(.submit).submitted.map(\.run) == [runs[0], runs[2], runs[3]])
    #expect(try await started.decide(.run).here.count == 4)
    announced.takeBack()
  }

  @Test func `resume takes only what has begun, and only the rows that are meant`() async throws {
    let started = try started(Selection(only: ["2x"]))
    let job = started.prepared.jobs[1]
    try study.workspace.write(job)
    try study.journal(job.run, checkpoints: 0...1, exit: .resumable)
    let decisions = try await started.decide(.resume)
    #expect(decisions.here == [job])
    #expect(
      decisions.leftAlone(title: started.title) == [
        "1 run left alone, not begun (`qcalo run` or `qcalo submit` starts them): 2x, seed 1"
      ])
  }

  @Test func `a run begins where the ledger had it when its start was decided, and only what has come since is told`()
    async throws
  {
    let started = try started()
    let job = started.prepared.jobs[0]
    try study.workspace.write(job)
    try study.journal(job.run, checkpoints: 0...1, notice: "of before")
    let decisions = try await started.decide(.run)
    var tasks = started.tasks(decisions, threads: 1)
    #expect(tasks.map(\.progress.checkpoint) == [1, nil, nil, nil])
    #expect(tasks.map(\.title) == started.prepared.jobs.map(started.title))
    #expect(try tasks[0].advance(in: started.ledger) == nil, "nothing has been added")
    // By a worker that another process has started before these tasks look for the first time.
    try study.journal(job.run, attempt: 2, checkpoints: 2...2, notice: "of now")
    #expect(try tasks[0].advance(in: started.ledger) == ["Classical, seed 1: of now"])
    #expect(tasks[0].progress.checkpoint == 2)
    #expect(try started.ledger.noticeCounts(sweep: "small") == [job.run: 2])
    #expect(try started.ledger.noticeCounts(sweep: "other") == [:])
    tasks = try await started.tasks(started.decide(.run), threads: 1)
    #expect(try tasks[0].advance(in: started.ledger) == nil)
  }

  @Test func `a row that the sweep has not is told before anything is prepared or recorded`() async throws {
    var plan = study.plan
    for index in plan.variants.indices { plan.variants[index].skip = "not today" }
    await #expect(throws: InputError.self) {
      try await StartedSweep(
        plan, source: "small.yaml", selecting: Selection(only: ["2y"]), in: study.workspace, say: { _ in })
    }
    #expect(!FileManager.default.fileExists(atPath: study.workspace.sweepRecord("small")))
  }

  @Test func `a sweep that was never started cannot be resumed by its name`() throws {
    #expect(throws: InputError.self) {
      try StartedSweep(recorded: "other", selecting: Selection(), in: study.workspace)
    }
    #expect(throws: InputError("--only: no variant of small is called '9x'; there are Classical, 2x")) {
      try started(Selection(only: ["9x"]))
    }
  }

  @Test func `a start records the sweep with the data that it has, and says which rows of before are gone`()
    async throws
  {
    var study = study
    study.request.source = try study.folder.write("showers", to: "pions.hdf5")
    for row in study.plan.variants.indices { study.plan.variants[row].dataset = study.request }
    // Its data are prepared: no worker is needed.
    let dataset = try await study.store().dataset(study.request, say: { _ in })
    _ = try study.ledger()
    var plan = study.plan
    plan.variants.removeLast()
    let said = Asked()
    let refused = await #expect(throws: InputError.self) {
      try await StartedSweep(
        plan, source: "new.yaml", selecting: Selection(), in: study.workspace, say: said.note)
    }
    #expect(
      refused?.description.hasPrefix(
        "new.yaml would take the place of the sweep small that small.yaml has started, without its rows 2x; --replace ")
        == true)
    #expect(try RecordedSweep.read("small", in: study.workspace).source == "small.yaml")
    let started = try await StartedSweep(
      plan, source: "new.yaml", selecting: Selection(), in: study.workspace, replaces: true, say: said.note)
    #expect(said.lines.count == 1)
    #expect(
      said.lines.first?.hasPrefix(
        "small, as it was started from small.yaml, had rows that new.yaml does not have: 2x; ") == true)
    #expect(started.prepared.jobs.map(\.dataset) == [dataset, dataset])
    let recorded = try RecordedSweep.read("small", in: study.workspace)
    #expect(recorded.plan == plan && recorded.source == "new.yaml")
  }
}

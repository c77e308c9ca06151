import Condor
import Experiment
import Foundation
import Ledger
import Search
import Storage
import Sweeps
import TestSupport
import Testing

@testable import Study

/// HTCondor's commands are shell scripts here, and the test writes what jobs leave.
@Suite struct CondorSearchTests {
  private let study: StudyWorkspace
  private let pool: FakePool
  private let file: String
  private let said = Asked()
  private var tools: CondorTools { CondorTools(timeout: 10, folder: pool.bin) }

  init() throws {
    (study, pool) = (try StudyWorkspace(), try FakePool())
    file = study.folder("wanted.yaml")
    let source = try study.folder.write("events", to: "pions.hdf5")
    try study.folder.write(
      StartedSearchTests.Trained.text(source: source, trials: 6) + "\n  at_once: 2\n", to: "wanted.yaml")
  }

  private func set(_ key: String, _ value: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try study.folder.write(text.replacing(try Regex("\(key): .*"), with: "\(key): \(value)"), to: "wanted.yaml")
  }

  private func site(_ name: String = "local-pool") throws -> SiteProfile {
    var site = try SiteLibrary(folder: Repository.path("condor")).profile(name)
    site.workerPath = "/bin/true"
    return site
  }

  private func started() async throws -> StartedSearch {
    try await StartedSearch(SweepFile.expand(file), source: file, in: study.workspace, store: study.store()) { _ in }
  }

  /// A step as a new process makes it.
  private func makeStep(_ sites: SiteShares? = nil, again: Bool = false) async throws -> CondorSearch.Step {
    var search = try await started()
    return try await CondorSearch(tools: tools, say: said.note).step(&search, to: sites, again: again)
  }

  private var submissions: [Submission] { Submission.all(in: study.workspace.path) }

  /// The submissions that no job has left yet.
  private var waiting: [Submission] {
    submissions.filter { $0.receipt != nil && !FileManager.default.fileExists(atPath: $0.eventLog) }
  }

  /// What each run is told to train to in a submission.
  private func targets(_ submission: Submission) throws -> [(run: String, checkpoint: Int)] {
    try submission.manifest.runs.map { run in
      let job = try CanonicalJSON.value(JobDescription.self, inFile: "\(submission.folder)/jobs/\(run)/job.json")
      return (run, job.budget.checkpoints ?? -1)
    }
  }

  /// Has the jobs of a submission leave the queue, having trained all that they were told, or only so far.
  private func finish(_ submission: Submission, at last: Int? = nil, exit: ProgramEnd = .finished) throws {
    let ledger = try Ledger(reading: study.workspace)
    for (run, target) in try targets(submission) {
      let known = try ledger.status(of: run)
      let first = known.lastCheckpoint.map { $0 + 1 } ?? 0
      let end = min(target, last ?? target)
      try study.journal(
        run, attempt: known.attempts.count + 1, checkpoints: first <= end ? first...end : nil,
        exit: end == target ? exit : .resumable)
    }
    try end(submission) { cluster, proc in
      "005 (\(cluster).00\(proc).000) 2026-11-23 18:43:00 Job terminated.\n\t(1) Normal termination (return value "
        + "\(last == nil ? exit.rawValue : 75))\n...\n"
    }
  }

  private func end(_ submission: Submission, _ event: (_ cluster: String, _ proc: Int) -> String) throws {
    let number = submission.receipt?.cluster ?? 0
    let cluster = String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
    let log = submission.manifest.runs.indices.map { event(cluster, $0) }.joined()
    try Data(log.utf8).write(to: URL(fileURLWithPath: submission.eventLog))
  }

  private func progress() throws -> SearchProgress {
    try #require(try SearchProgress("wanted", in: Ledger(reading: study.workspace)))
  }

  /// Steps until the search is over; each submission is done before the next step.
  private func finishAll(_ sites: SiteShares) async throws -> CondorSearch.Step {
    var step = try await makeStep(sites)
    for _ in 0..<40 where step.end == nil {
      for submission in waiting { try finish(submission) }
      step = try await makeStep()
    }
    return step
  }

  @Test func `steps bring a search to its end, with as many runs there as it may have`() async throws {
    var step = try await makeStep(SiteShares(site()))
    #expect(step.pending == 2 && step.isGoingOn && submissions.count == 1)
    #expect(try targets(submissions[0]).map(\.checkpoint) == [2, 2])
    #expect(said.lines.prefix(2) == ["trial 1: trial 1 of 6", "trial 2: trial 2 of 6"])
    // While they are there, nothing more is decided or sent.
    step = try await makeStep()
    #expect(step.pending == 2 && submissions.count == 1 && pool.submissions == 1)
    #expect(try progress().decisions.count == 2)
    step = try await finishAll(SiteShares(site()))
    #expect(step.end == "all 6 trials were tried, and those that went on have come to the end" && step.pending == 0)
    let progress = try progress()
    #expect(progress.standings.count { $0.state == .done } == 1)
    #expect(progress.standings.count { $0.state == .stopped } == 5)
    #expect(submissions.allSatisfy { $0.manifest.runs.count <= 2 })
    // The last rung has two seeds, of which the first goes on from checkpoint 4.
    let last = try submissions.flatMap(targets).filter { $0.checkpoint == 8 }
    #expect(last.count == 2)
  }

  @Test func `with one run at a time the decisions are those of one worker`() async throws {
    try set("at_once", "1")
    _ = try await finishAll(SiteShares(site()))
    let there = try progress().decisions
    let here = try CondorSearchTests()
    try here.set("at_once", "1")
    let fakes = FakeWorkers { _, path in
      let job = try CanonicalJSON.value(JobDescription.self, inFile: path)
      let known = try? Ledger(reading: here.study.workspace).status(of: job.run)
      let first = known?.lastCheckpoint.map { $0 + 1 } ?? 0
      try here.study.journal(
        job.run, attempt: (known?.attempts.count ?? 0) + 1, checkpoints: first...(job.budget.checkpoints ?? 0),
        exit: .finished)
      return .exited(0)
    }
    _ = try await here.started().train(
      workers: 1, threads: 1, observer: Listener(), worker: fakes.worker, clock: FakeClock().clock,
      stopRequest: { nil })
    #expect(try here.progress().decisions == there && there.count > 8)
  }

  @Test func `a step that was killed between decision and submission is made again`() async throws {
    try pool.command("condor_submit", "exit 1")
    await #expect(throws: CondorError.self) { try await makeStep(SiteShares(site())) }
    #expect(try progress().decisions.count == 2 && pool.submissions == 0)
    try pool.command("condor_submit", #"echo "$@" >>QUEUE; n=$((11 + $(wc -l <QUEUE))); echo "$n.0 - $n.2""#)
    let step = try await makeStep(SiteShares(site()))
    #expect(try progress().decisions.count == 2 && pool.submissions == 1 && step.pending == 2)
  }

  @Test func `what left the queue too early is sent again, and given up when that never helps`() async throws {
    _ = try await makeStep(SiteShares(site()))
    try finish(submissions[0], at: 1)
    var step = try await makeStep()
    #expect(submissions.count == 2 && step.pending == 2)
    #expect(try progress().decisions.count == 2)
    // Gone without a trace: twice more, and then no more.
    for _ in 0..<3 {
      for submission in waiting {
        try end(submission) { "009 (\($0).00\($1).000) 2026-11-23 18:43:00 Job was aborted.\n\tby the site\n...\n" }
      }
      step = try await makeStep()
    }
    #expect(submissions.count == 5 && step.pending == 2 && step.isGoingOn, "other trials take their places")
    #expect(submissions[3].manifest.runs == submissions[0].manifest.runs, "the first time it had got further")
    #expect(submissions[4].manifest.runs != submissions[0].manifest.runs)
    #expect(said.lines.contains { $0.hasPrefix("2 runs left alone, submitted 3 times without getting further") })
    for submission in waiting { try finish(submission) }
    _ = try await makeStep(again: true)
    let sent = try #require(submissions.last).manifest.runs
    #expect(sent == submissions[0].manifest.runs)
  }

  @Test func `what somebody has cancelled is left alone until it is asked for`() async throws {
    _ = try await makeStep(SiteShares(site()))
    try end(submissions[0]) {
      "009 (\($0).00\($1).000) 2026-11-23 18:43:00 Job was aborted.\n\tqcalo cancel (by user ci)\n...\n"
    }
    let step = try await makeStep()
    #expect(step.pending == 2)
    #expect(try progress().decisions.count == 4)
    #expect(
      said.lines.contains { $0.hasPrefix("2 runs left alone, cancelled; `qcalo resume wanted` sends them again") })
    for submission in waiting { try finish(submission) }
    _ = try await makeStep(again: true)
    let sent = try #require(submissions.last).manifest.runs
    #expect(sent == submissions[0].manifest.runs)
  }

  @Test func `what is at HTCondor is not trained here`() async throws {
    _ = try await makeStep(SiteShares(site()))
    let search = try await started()
    let error = await #expect(throws: StartedSearch.Locked.self) { try await search.requireHere(tools: tools) }
    #expect(error?.description.hasPrefix("2 runs of the search wanted are at HTCondor") ?? false)
    #expect(error?.programEnd == .locked)
    for submission in submissions { try finish(submission) }
    try await search.requireHere(tools: tools)
  }

  @Test func `where it goes is said once`() async throws {
    let error = await #expect(throws: InputError.self) { try await makeStep() }
    #expect(error?.description == "the search wanted was never sent to HTCondor: --site says where it goes")
    _ = try await makeStep(SiteShares(site("generic")))
    for submission in waiting { try finish(submission) }
    _ = try await makeStep()
    #expect(submissions.map(\.manifest.site.name) == ["generic", "generic"])
    #expect(study.workspace.hasSubmissions(of: "wanted") && !study.workspace.hasSubmissions(of: "other"))
  }

  @Test func `another file's sweep of the same name keeps its place`() async throws {
    _ = try await started()
    let other = try study.folder.write(String(contentsOfFile: file, encoding: .utf8), to: "other/wanted.yaml")
    func start(replaces: Bool) async throws {
      _ = try await StartedSearch(
        SweepFile.expand(other), source: other, in: study.workspace, replaces: replaces, store: study.store()
      ) { _ in }
    }
    let error = await #expect(throws: InputError.self) { try await start(replaces: false) }
    #expect(error?.description.contains("would take the place of the sweep wanted that \(file) has started") ?? false)
    try await start(replaces: true)
  }
}

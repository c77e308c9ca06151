import Experiment
import Ledger
import TestSupport
import Testing

@testable import Condor
@testable import Study

@Suite struct RunWatchTests {
  private let study: StudyWorkspace
  private var jobs: [JobDescription] { study.prepared.jobs }

  init() throws { study = try StudyWorkspace() }

  /// The first two runs as jobs 7.0 and 7.1 of a cluster.
  private func submit() throws -> Submission {
    let manifest = Submission.Manifest(
      sweep: "small", site: try SiteLibrary(folder: Repository.path("condor")).profile("local-pool"),
      resources: Resources(memoryMB: 200, diskMB: 100, stateMB: 50), dag: false, runs: jobs.prefix(2).map(\.run),
      package: nil)
    try study.folder.write(
      String(decoding: try CanonicalJSON.data(manifest), as: UTF8.self), to: "work/submissions/small-1/submission.json")
    let submission = try #require(Submission(folder: study.workspace.path + "/submissions/small-1"))
    try submission.mark("abc", schedd: "ci@ap")
    try submission.record(submission.receipt(cluster: 7, schedd: "ci@ap", time: 1))
    return submission
  }

  /// What a watch sees once the event log says this.
  private func look(_ watch: RunWatch, _ log: String) async throws -> (watch: RunWatch, news: [String]) {
    try study.folder.write(log, to: "work/submissions/small-1/events.log")
    let pool = await PoolStatus(study.workspace)
    var watch = watch
    let news = watch.look(try study.ledger().statuses(sweep: "small", process: pool.evidence), pool)
    let runs = jobs.map(\.run)
    return (watch, news.map { "\($0.kind.rawValue) \(runs.firstIndex(of: $0.run) ?? -1)" })
  }

  @Test("what has ended is told once, what is held whenever it is, and what nobody works on is not waited for")
  func looks() async throws {
    _ = try submit()
    for job in jobs { try study.workspace.write(job) }
    try study.journal(jobs[2].run, exit: .finished)
    var log = (0...1).map { "000 (007.00\($0).000) 2026-11-23 18:40:00 Job submitted\n...\n" }.joined()
    // The fourth run has never begun.
    var (watch, news) = try await look(RunWatch(), log)
    #expect(news == ["finished 2"] && watch.pending == 2 && watch.unfinished == 1)
    log += "012 (007.000.000) 2026-11-23 18:42:00 Job was held.\n\tno room\n\tCode 12 Subcode 28\n...\n"
    (watch, news) = try await look(watch, log)
    #expect(news == ["held 0"])
    (watch, news) = try await look(watch, log)
    #expect(news == [] && watch.pending == 2)
    log += "013 (007.000.000) 2026-11-23 18:43:00 Job was released.\n...\n"
    (watch, news) = try await look(watch, log)
    #expect(news == [])
    for (proc, code) in [(0, 86), (1, 70)] {
      log += "005 (007.00\(proc).000) 2026-11-23 18:44:00 Job terminated.\n\t(1) Normal termination "
      log += "(return value \(code))\n...\n"
    }
    try study.journal(jobs[0].run, exit: .diverged)
    try study.journal(jobs[1].run, exit: .defect)
    (watch, news) = try await look(watch, log)
    #expect(news == ["diverged 0", "failed 1"] && watch.pending == 0 && watch.unfinished == 2)
    (watch, news) = try await look(watch, log)
    #expect(news == [])
  }
}

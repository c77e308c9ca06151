import Experiment
import Foundation
import Ledger
import Records
import Reports
import Storage
import TestSupport
import Testing

@testable import Study

@Suite struct RemovedFilesTests {
  private let study: StudyWorkspace
  private let runs: [String]
  private var bin: RemovedFiles { RemovedFiles(study.workspace) }

  init() throws {
    study = try StudyWorkspace()
    runs = study.prepared.jobs.map(\.run)
    for run in runs { try study.journal(run, exit: .finished) }
    _ = try study.ledger()
  }

  private func remove(_ name: String, keepsRuns: Bool = false) async throws -> RemovedFiles.Entry {
    try bin.remove(
      name, keepsRuns: keepsRuns, pool: await PoolStatus(study.workspace),
      now: Date(timeIntervalSince1970: 1_700_000_000))
  }

  @Test func `a sweep goes into the bin with its runs, and comes back as it was`() async throws {
    let before = try Ledger(reading: study.workspace).statuses(sweep: "small").map(\.curve)
    let entry = try await remove("small")
    #expect(entry.name == "20231114-221320-small" && entry.bytes > 1000)
    #expect(Set(entry.paths) == Set(["sweeps/small.json"] + runs.map { "runs/\($0)" }))
    #expect(try Ledger(reading: study.workspace).sweeps().isEmpty)
    #expect(try Folder.names(in: study.workspace.runs).isEmpty)
    #expect(try bin.entries() == [entry])
    #expect(try bin.restore("small") == entry)
    #expect(try Ledger(reading: study.workspace).statuses(sweep: "small").map(\.curve) == before)
    #expect(try bin.entries().isEmpty)
  }

  @Test func `what a search has decided goes and comes with its sweep, unless a process decides`() async throws {
    let golden = try Repository.text("Tests/Golden/Search/decisions.jsonl")
    let path = try study.folder.write(golden, to: "work/searches/small.jsonl")
    do {
      let lock = try FileLock(SearchBook.lock("small", in: study.workspace))
      let error = await #expect(throws: InputError.self) { try await remove("small") }
      #expect(error?.description == "removing small: a process is at work on the search; stop it first")
      withExtendedLifetime(lock) {}
    }
    let entry = try await remove("small", keepsRuns: true)
    #expect(entry.paths == ["sweeps/small.json", "searches/small.jsonl"] && FileStatus(path) == nil)
    #expect(try bin.entries() == [entry])
    #expect(try bin.restore("small") == entry)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == golden)
  }

  @Test func `what a worker on another machine holds stays`() async throws {
    let lock = RunFolder(study.workspace.runFolder(runs[0])).lockFile
    let text = String(decoding: try CanonicalJSON.data(RunOwner.current()), as: UTF8.self)
    try Data(text.replacing(ProcessIdentity.current.host, with: "elsewhere").utf8).write(to: URL(fileURLWithPath: lock))
    let removal = await #expect(throws: InputError.self) { try await remove("small") }
    #expect(removal?.description.contains("\(runs[0]) is held by process") ?? false, "\(String(describing: removal))")
    let pool = await PoolStatus(study.workspace)
    let renaming = #expect(throws: InputError.self) {
      try RenamedSweep.rename("small", to: "new", in: study.workspace, pool: pool)
    }
    #expect(renaming?.description.contains("is held by process") ?? false, "\(String(describing: renaming))")
    try FileManager.default.removeItem(atPath: lock)
    #expect(try await remove("small").paths.count == runs.count + 1)
  }

  @Test func `runs that another sweep has stay`() async throws {
    var other = study.plan
    (other.name, other.seeds) = ("other", [2])
    try Ledger(study.workspace).record(other, source: "other.yaml", datasets: study.prepared.datasets)
    let entry = try await remove("small")
    #expect(entry.paths.count == 3)
    #expect(try Ledger(reading: study.workspace).statuses(sweep: "other").allSatisfy { $0.state == .finished })
    let table = try DiskUse.table(study.workspace, in: Ledger(reading: study.workspace))
    let ledgerBytes = FileStatus(study.workspace.ledger)?.size ?? 0
    #expect(DiskUse.bytes(of: study.workspace.ledger) == ledgerBytes && ledgerBytes > 0)
    #expect(table.rows.map { $0.prefix(2).map(\.text) } == [["other", "2"]])
  }

  @Test func `a run goes alone, by its row's label, and a sweep without its runs`() async throws {
    #expect(try await remove("2x/s2").paths == ["runs/\(runs[3])"])
    #expect(try Ledger(reading: study.workspace).status(of: runs[3]).state == .planned)
    #expect(try await remove("small", keepsRuns: true).paths == ["sweeps/small.json"])
    #expect(try Folder.names(in: study.workspace.runs).count == 3)
  }

  @Test func `what anybody works on stays, and nothing is put where something is`() async throws {
    let announced = try HereQueue.announce([runs[0]], in: study.workspace)
    try study.journal(runs[0], attempt: 2, start: 3000, checkpoints: nil, pid: 1, host: "elsewhere")
    await #expect(throws: InputError.self) { try await remove("small") }
    announced.takeBack()
    try FileManager.default.removeItem(atPath: study.workspace.runFolder(runs[0]) + "/journal/attempt-0002.jsonl")
    _ = try Ledger.rebuild(study.workspace)
    _ = try await remove("2x/s1")
    try study.journal(runs[1], exit: .finished)
    #expect(throws: InputError.self) { try bin.restore("2023") }
    #expect(throws: InputError.self) { try bin.restore("nothing") }
    #expect(try bin.empty().count == 1)
    #expect(try bin.entries().isEmpty)
  }

  @Test func `a doctor finds what is missing, and changes nothing`() async throws {
    func verdicts(_ subject: String) async -> [Doctor.Finding.Verdict] {
      await Doctor(study.workspace).findings.filter { $0.subject == subject }.map(\.verdict)
    }
    #expect(await verdicts("runs") == [.good])
    #expect(await verdicts("ledger") == [.good])
    try FileManager.default.removeItem(atPath: study.workspace.runFolder(runs[0]))
    try study.folder.write("x", to: "work/runs/strange/job.json")
    #expect(await verdicts("runs") == [.bad, .remark])
    let nowhere = await Doctor(Workspace(path: study.folder("nowhere")))
    #expect(nowhere.findings.contains { $0.subject == "workspace" && $0.verdict == .remark })
    #expect(!FileManager.default.fileExists(atPath: study.folder("nowhere")))
  }
}

import Experiment
import Ledger
import Records
import Reports
import Storage
import TestSupport
import Testing

@testable import Study

@Suite struct NotedRunsTests {
  private let study: StudyWorkspace
  private let runs: [String]

  init() throws {
    study = try StudyWorkspace()
    runs = study.prepared.jobs.map(\.run)
    for run in runs.prefix(3) { try study.journal(run, exit: .finished) }
    _ = try study.ledger()
  }

  private func statuses() throws -> [RunStatus] { try Ledger(reading: study.workspace).statuses(sweep: "small") }

  @Test func `notes are in the run's folder, and columns of the tables`() throws {
    let ledger = try Ledger(reading: study.workspace)
    #expect(try NotedRuns.meant(by: "2x/s1", in: ledger) == [runs[1]])
    try NotedRuns.change([runs[1]], in: study.workspace) { notes in
      notes.mark(["talk", "best", "talk"])
      notes.text = "the one"
    }
    try NotedRuns.change([runs[1]], in: study.workspace) { $0.mark(["again"], without: ["best"]) }
    #expect(try statuses().filter { $0.run == runs[1] }.map { [$0.tags, $0.note] } == [["again,talk", "the one"]])
    let table = TextTable(try statuses())
    #expect(table.columns.map(\.key).contains("tags"))
    let results = try SweepResults("small", in: ledger).table()
    let column = try #require(results.columns.firstIndex { $0.key == "tags" })
    #expect(results.rows.map { $0[column].text } == ["", "again,talk"])
    // What is made anew from the files is the same.
    try Ledger.rebuild(study.workspace)
    #expect(try statuses().map(\.tags).sorted() == ["", "", "", "again,talk"])
  }

  @Test func `of several that mark a run at once none loses what another has marked`() throws {
    let marks = (1...12).map { "mark-\($0)" }
    let (run, workspace) = (runs[0], study.workspace)
    let ends = concurrentMap(marks.indices, grain: 1) { index in
      Result { try NotedRuns.change([run], in: workspace) { $0.mark([marks[index]]) } }
    }
    for end in ends { try end.get() }
    #expect(try NotedRuns.notes(on: runs[0], in: study.workspace).tags == marks.sorted())
  }

  @Test func `a sweep means its runs that have begun, and tables without notes have no column of them`() throws {
    #expect(try Set(NotedRuns.meant(by: "small", in: Ledger(reading: study.workspace))) == Set(runs.prefix(3)))
    #expect(!TextTable(try statuses()).columns.map(\.key).contains("tags"))
    let error = #expect(throws: InputError.self) {
      try NotedRuns.change([runs[0], runs[3]], in: study.workspace) { $0.text = "x" }
    }
    #expect(error?.description.contains("has not begun") ?? false)
    #expect(try statuses().allSatisfy { $0.note.isEmpty })
  }

  @Test func `notes that cannot be read are told`() throws {
    let path = try study.folder.write("{", to: "work/runs/\(runs[0])/notes.json")
    let report = try Ledger(study.workspace).collect()
    #expect(report.problems.count == 1 && report.problems[0].hasPrefix("\(path): not notes on a run: "))
    #expect(throws: InputError.self) { try NotedRuns.notes(on: runs[0], in: study.workspace) }
  }

  @Test(arguments: [("talk", true), ("a-1", true), ("", false), ("two words", false), ("a,b", false)])
  func `a tag is a word`(tag: String, isOne: Bool) { #expect((RunNotes.flaw(inTag: tag) == nil) == isOne) }
}

@Suite struct RenamedSweepTests {
  private let study: StudyWorkspace
  init() throws {
    study = try StudyWorkspace()
    for job in study.prepared.jobs { try study.journal(job.run, exit: .finished) }
    _ = try study.ledger()
  }

  private func rename(_ old: String, to new: String) async throws -> String {
    try RenamedSweep.rename(old, to: new, in: study.workspace, pool: await PoolStatus(study.workspace))
  }

  @Test func `a sweep keeps its runs under another name, and its search's decisions`() async throws {
    _ = try study.folder.write("decided\n", to: "work/searches/small.jsonl")
    #expect(try await rename("small", to: "large-1") == "small.yaml")
    let ledger = try Ledger(reading: study.workspace)
    #expect(try ledger.sweeps() == ["large-1"])
    #expect(try ledger.statuses(sweep: "large-1").count == 4)
    #expect(try Folder.names(in: study.workspace.searches).filter { $0.hasSuffix(".jsonl") } == ["large-1.jsonl"])
  }

  @Test(arguments: [("small", "small"), ("small", "No"), ("none", "other")])
  func `what cannot be done changes nothing`(old: String, new: String) async throws {
    await #expect(throws: InputError.self) { try await rename(old, to: new) }
    #expect(try Ledger(reading: study.workspace).sweeps() == ["small"])
  }

  @Test func `a sweep at work keeps its name`() async throws {
    try study.journal(study.prepared.jobs[0].run, attempt: 2)
    _ = try study.ledger()
    await #expect(throws: InputError.self) { try await rename("small", to: "other") }
  }
}

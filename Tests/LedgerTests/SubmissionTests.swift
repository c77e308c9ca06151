import Experiment
import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct SubmissionTests {
  @Test("a submission is taken in once, with schedd, cluster and procs, and a rebuilt ledger has it too")
  func ingestion() throws {
    let folder = try TemporaryFolder()
    let record = SubmissionRecord(
      sweep: "demo", site: "lxbatch", schedd: "bigbird21", cluster: 4711, runs: ["a-s1-00", "a-s2-00"], isDag: false,
      time: 1_795_459_200)
    try folder.write(
      String(decoding: CanonicalJSON.data(record, pretty: true), as: UTF8.self), to: "submissions/demo-1/submitted.json"
    )
    // Cut off before HTCondor had it: no record, and no problem.
    try folder.write("abc\n", to: "submissions/demo-2/token")
    try folder.write("{", to: "submissions/demo-3/submitted.json")
    let ledger = try Ledger(Workspace(path: folder.path))
    let report = try ledger.collect()
    #expect(report.descriptions == 1)
    #expect(report.problems.count == 1)
    #expect(report.problems[0].contains("demo-3/submitted.json: not the record of a submission"))
    #expect(try ledger.collect().descriptions == 0)
    let reading = try Ledger(reading: Workspace(path: folder.path))
    let found = try reading.query("SELECT name, schedd, cluster, procs FROM submissions").rows
    #expect(found == [[.text("demo-1"), .text("bigbird21"), .integer(4711), .integer(2)]])
    let jobs = try reading.query("SELECT proc FROM submission_runs WHERE run = 'a-s2-00'").rows
    #expect(jobs == [[.integer(1)]])
    // What its jobs have lost, which changes while they run.
    for seconds in [["a-s1-00": 5.0, "a-s2-00": 7], ["a-s1-00": 30]] {
      let lost = LostWork(cores: 4, seconds: seconds)
      try folder.write(
        String(decoding: CanonicalJSON.data(lost), as: UTF8.self), to: "submissions/demo-1/lost.json")
      #expect(try ledger.collect().descriptions == 1)
    }
    #expect(
      try reading.query("SELECT * FROM lost_work").rows == [
        [.text("demo-1"), .text("a-s1-00"), .real(30), .integer(4)]
      ])
    let before = try ledger.dump()
    try Ledger.rebuild(Workspace(path: folder.path))
    #expect(try Ledger(reading: Workspace(path: folder.path)).dump() == before)
  }
}

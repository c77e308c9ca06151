import Condor
import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Study

/// HTCondor's commands are shell scripts here.
@Suite struct CondorBackendTests {
  private var study: StudyWorkspace
  private let tools: CondorTools

  init() throws {
    study = try StudyWorkspace()
    tools = CondorTools(timeout: 10, folder: study.folder("bin"))
    try study.folder.write("events", to: "work/datasets/pions.h5")
    let source = try study.folder.write("showers", to: "pions.hdf5")
    study.request.source = source
    for row in study.plan.variants.indices { study.plan.variants[row].dataset.source = source }
    let answer = "case $* in *-totals*) echo '-- Schedd: ci@ap : <1>' ;; *-af*) echo 'ci@ap#7.0#1' ;; esac"
    let scripts = [
      "condor_q": answer, "condor_history": "exit 0", "condor_submit": "echo '7.0 - 7.3'",
      "condor_submit_dag": "echo '4 job(s) submitted to cluster 8.'",
    ]
    for (name, script) in scripts {
      try study.folder.write(program: "#!/bin/sh\n\(script)\n", to: "bin/\(name)")
    }
  }

  private func site() throws -> SiteProfile {
    var site = try SiteLibrary(folder: Repository.path("condor")).profile("local-pool")
    site.workerPath = "/bin/true"
    return site
  }

  private func backend(_ said: Asked) throws -> CondorBackend {
    _ = try study.ledger()
    let started = try StartedSweep(recorded: "small", selecting: Selection(), in: study.workspace)
    return CondorBackend(started, tools: tools, say: said.note)
  }

  private func manifest(_ submission: String) throws -> Submission.Manifest {
    try #require(Submission(folder: study.workspace.path + "/submissions/" + submission)).manifest
  }

  private static func removed(_ clusters: ClosedRange<Int>, _ reason: String) -> String {
    clusters.map { cluster in
      "009 (\(cluster).000.000) 2026-11-23 18:43:00 Job was aborted.\n\t\(reason)\n...\n"
    }.joined()
  }

  @Test func `what the site has removed is said before it is sent again, with what helps`() async throws {
    let said = Asked()
    let told = Asked()
    _ = try await backend(said).submit(to: SiteShares(site()), dag: false, isDryRun: false, outcome: told.note)
    #expect(told.lines.count == 1 && told.lines[0].contains("as cluster 7"))
    let log = (0...3).map { proc in
      let reason = proc < 2 ? "SYSTEM_PERIODIC_REMOVE due to wall time exceeded allowed max." : "qcalo cancel"
      return "009 (007.00\(proc).000) 2026-11-23 18:43:00 Job was aborted.\n\t\(reason)\n...\n"
    }.joined()
    try study.folder.write(log, to: "work/submissions/small-1/events.log")
    let before = said.lines.count
    let decisions = try await backend(said).resume()
    #expect(decisions.submitted.count == 4)
    let titles = study.prepared.jobs.map { job in
      "\(job.variant.generator.circuit == nil ? "Classical" : "2x"), seed \(job.seed)"
    }
    #expect(
      Array(said.lines[before...].prefix(2)) == [
        "2 runs were removed there, with what had not come back (SYSTEM_PERIODIC_REMOVE due to wall time exceeded "
          + "allowed max.), and are sent again: \(titles[0]); \(titles[1]); give them more walltime in the site file "
          + "(walltime_seconds, job_flavour), or they may be removed again",
        "2 runs were removed there, with what had not come back (qcalo cancel), and are sent again: \(titles[2]); "
          + "\(titles[3])",
      ])
    #expect(try manifest("small-2").runs.count == 4)
  }

  @Test func `what went as a DAG goes on as one`() async throws {
    let said = Asked()
    _ = try await backend(said).submit(to: SiteShares(site()), dag: true, isDryRun: false, outcome: said.note)
    #expect(try manifest("small-1").dag)
    try study.folder.write(Self.removed(8...8, "by hand"), to: "work/submissions/small-1/sweep.dag.dagman.log")
    #expect(try await backend(said).resume().submitted.count == 4)
    #expect(try manifest("small-2").dag)
    #expect(FileManager.default.fileExists(atPath: study.workspace.path + "/submissions/small-2/sweep.dag"))
  }
}

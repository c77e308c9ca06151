import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct LintTests {
  private func lint(_ site: String, change: (inout Lint) -> Void = { _ in }) throws -> [Lint.Finding] {
    let workspace = try PoolWorkspace()
    var lint = Lint(
      site: try library.profile(site), workspace: workspace.path, jobs: workspace.jobs().map(\.description),
      resources: Resources(memoryMB: 200, diskMB: 100, stateMB: 50), sources: [], runSeconds: 80_000)
    change(&lint)
    return lint.findings
  }

  private func errors(_ findings: [Lint.Finding]) -> [String] { findings.filter { $0.severity == .error }.map(\.rule) }

  @Test("a sweep that keeps the rules has no errors", arguments: SiteProfileTests.builtIn)
  func clean(site: String) throws {
    #expect(errors(try lint(site) { $0.runSeconds = 1000 }) == [])
  }

  @Test("each rule finds what it is there for")
  func rules() throws {
    #expect(errors(try lint("lxbatch") { $0.workspace = "/eos/user/a/b" }) == ["paths"])
    #expect(errors(try lint("lxbatch") { $0.site.workerPath = "/eos/x" }) == ["paths"])
    #expect(errors(try lint("lxbatch") { $0.site.workerPath = "/eosx/x" }) == [])
    #expect(errors(try lint("lxbatch-eos") { $0.workspace = "/afs/cern.ch" }) == ["paths"])
    #expect(errors(try lint("lxbatch") { $0.site.commands = ["Stream_Output": "True"] }) == ["commands"])
    #expect(errors(try lint("lxbatch") { $0.site.starts = 10 }) == ["starts"])
    #expect(errors(try lint("lxbatch") { $0.workspace = "/etc/passwd/work" }) == ["folders"])
    #expect(errors(try lint("lxbatch") { $0.sources = ["/nowhere.hdf5"] }) == ["folders"])
    #expect(errors(try lint("lxbatch") { $0.runSeconds = 10_000_000 }) == ["walltime"])
    #expect(errors(try lint("lxbatch") { $0.site.rules.folderEntries = 10 }) == ["folder entries"])
    #expect(errors(try lint("lxbatch-spool") { $0.site.rules.spoolJobs = 2 }) == ["spool"])
    #expect(errors(try lint("lxbatch-spool") { $0.resources.diskMB = 2000 }) == ["spool"])
  }

  @Test("a budget of time is counted in the checkpoints that a fast core gets done in it")
  func time() throws {
    var job = job(seed: 1, in: "/w").description
    (job.variant, job.settings.checkpointInterval) = (Variant(), 1000)
    job.budget = Budget(trainingSeconds: 86400)
    // 5 discriminator and 1 generator steps of 10 events: 35.8 million multiplications an event.
    let last = job.lastCheckpoint()
    #expect((13_000...16_000).contains(last), "\(last)")
    #expect(abs(job.lastCheckpoint(cores: 2) - 2 * last) <= 1)
    let half = Resources(of: job, packageMB: 10).stateMB
    job.keep.generatorEvery = 10
    #expect(Resources(of: job, packageMB: 10).stateMB < half / 5)
    job.keep.generatorEvery = 1
    job.settings.checkpointInterval = 100
    #expect(errors(try lint("lxbatch") { $0.jobs = [job] }) == ["folder entries"])
    job.budget.checkpoints = 125
    #expect(job.lastCheckpoint() == 125)
    #expect(errors(try lint("lxbatch") { $0.jobs = [job] }).isEmpty)
    job.budget = Budget()
    #expect(job.lastCheckpoint() > 100_000)
  }

  @Test("what is only worth knowing is a warning")
  func warnings() throws {
    func warned(_ findings: [Lint.Finding]) -> [String] { findings.filter { $0.severity == .warning }.map(\.rule) }
    #expect(warned(try lint("lxbatch") { $0.runSeconds = nil }) == ["walltime"])
    #expect(warned(try lint("lxbatch-spool") { $0.runSeconds = 200_000 }) == ["walltime"])
    #expect(warned(try lint("lxbatch-spool") { $0.site.transfer = .selfCheckpoint }).contains("spool"))
    #expect(warned(try lint("lxbatch") { $0.resources.stateMB = 10_000 }) == ["checkpoints"])
  }
}

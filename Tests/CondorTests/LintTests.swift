import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Condor

@Suite struct LintTests {
  private func lint(_ site: String, change: (inout Lint) -> Void = { _ in }) throws -> [Lint.Finding] {
    let workspace = try PoolWorkspace()
    var site = try library.profile(site)
    // The tests' own workspaces lie there.
    if let paths = site.rules.unseenPaths { site.rules.unseenPaths = paths.map { "/nowhere" + $0 } }
    var lint = Lint(
      site: site, workspace: workspace.path, jobs: workspace.jobs().map(\.description),
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

  /// A rule at its bound: the last value that keeps it and the first that breaks it.
  struct Bound: CustomTestStringConvertible, Sendable {
    var rule: String
    var site = "lxbatch"
    var keeps: @Sendable (inout Lint) -> Void
    var breaks: @Sendable (inout Lint) -> Void
    var testDescription: String { rule }
  }

  private static func state(of lint: Lint) -> Int {
    lint.jobs.reduce(0) { $0 + Resources(of: $1, packageMB: 0).stateMB }
  }

  static let bounds = [
    Bound(rule: "starts", keeps: { $0.site.starts = 9 }, breaks: { $0.site.starts = 10 }),
    // Eleven generators, two full checkpoints, and one more while it is written.
    Bound(
      rule: "folder entries", keeps: { $0.site.rules.folderEntries = 14 }, breaks: { $0.site.rules.folderEntries = 13 }),
    Bound(
      rule: "spool", site: "lxbatch-spool", keeps: { $0.site.rules.spoolJobs = 3 },
      breaks: { $0.site.rules.spoolJobs = 2 }),
    Bound(
      rule: "spool", site: "lxbatch-spool",
      keeps: { ($0.site.rules.spoolMB, $0.resources.diskMB) = (100, 100) },
      breaks: { ($0.site.rules.spoolMB, $0.resources.diskMB) = (100, 101) }),
    // A day, less the worker's margin of 5 %, nine times.
    Bound(rule: "walltime", keeps: { $0.runSeconds = 9 * 82_080 }, breaks: { $0.runSeconds = 9 * 82_080 + 1 }),
    Bound(
      rule: "walltime",
      keeps: { ($0.site.walltimeSeconds, $0.site.rules.defaultWalltimeSeconds) = (nil, nil) },
      breaks: { $0.site.walltimeSeconds = nil }),
    Bound(
      rule: "checkpoint interval", keeps: { $0.site.checkpointSeconds = 86_399 },
      breaks: { $0.site.checkpointSeconds = 86_400 }),
    // What the three runs bring back, beside what lies there.
    Bound(
      rule: "room", keeps: { ($0.site.rules.workspaceMB, $0.otherMB) = (97 + state(of: $0), 97) },
      breaks: { ($0.site.rules.workspaceMB, $0.otherMB) = (96 + state(of: $0), 97) }),
    Bound(
      rule: "reach", keeps: { $0.site.rules.unseenPaths = [$0.workspace + "x", $0.workspace + "/x"] },
      breaks: { $0.site.rules.unseenPaths = [Folder.parent(of: $0.workspace)] }),
  ]

  @Test("a rule is kept at its bound and broken one beyond it", arguments: bounds)
  func bound(_ bound: Bound) throws {
    #expect(errors(try lint(bound.site, change: bound.keeps)) == [])
    #expect(errors(try lint(bound.site, change: bound.breaks)) == [bound.rule])
  }

  @Test(
    "the starts that a run needs each end with the worker's own margin",
    arguments: [
      (86_400, 1, 82_080), (86_400, 2, 164_160), (3600, 1, 3300), (3600, 3, 9900), (1200, 1, 1080), (60, 4, 120),
    ])
  func startsNeeded(walltime: Int, starts: Int, seconds: Double) throws {
    func rule(_ allowed: Int, _ seconds: Double) throws -> Lint.Finding? {
      try lint("generic") {
        ($0.site.walltimeSeconds, $0.site.starts, $0.runSeconds) = (walltime, allowed, seconds)
      }.first { $0.rule == "walltime" }
    }
    let fits =
      "a run takes about \(Int(seconds)) s, the walltime is \(walltime) s: "
      + (starts == 1 ? "one start" : "\(starts) starts")
    #expect(try rule(starts, seconds)?.severity == .ok)
    #expect(try rule(starts, seconds)?.text == fits)
    #expect(try rule(starts, seconds - 1)?.severity == .ok)
    #expect(try rule(starts, seconds + 1)?.severity == .error)
    #expect(
      try rule(starts, seconds + 1)?.text.contains("it needs \(starts + 1) starts and starts is \(starts)") == true)
    #expect(try rule(starts + 1, seconds + 1)?.severity == .ok)
  }

  @Test("a job of several runs takes as long as they together")
  func packs() throws {
    func walltime(_ pack: Int) throws -> Lint.Finding? {
      // There are three runs.
      try lint("lxbatch") { ($0.site.pack, $0.runSeconds) = (pack, 50_000) }.first { $0.rule == "walltime" }
    }
    #expect(try walltime(1)?.text.hasPrefix("a run takes about 50000 s") == true)
    #expect(try walltime(10)?.text == "a job of 3 runs takes about 150000 s, the walltime is 86400 s: 2 starts")
  }

  @Test("checkpoints are summed over the jobs that run at once, which materialize limits")
  func materialize() throws {
    func state(_ megabytes: Int, _ materialize: Int) throws -> Lint.Finding? {
      try lint("lxbatch") { ($0.resources.stateMB, $0.site.materialize) = (megabytes, materialize) }
        .first { $0.rule == "checkpoints" }
    }
    #expect(try state(10_000, 2)?.severity == .ok)
    #expect(try state(10_000, 2)?.text == "about 10000 MB of checkpoints a run, 20000 MB for all that run at once")
    #expect(try state(10_001, 2)?.severity == .warning)
    #expect(try state(6666, 3)?.severity == .ok)
    #expect(try state(6667, 3)?.severity == .warning)
    // There are three jobs only.
    #expect(try state(6666, 200)?.text == "about 6666 MB of checkpoints a run, 19998 MB for all that run at once")
  }

  private func finding(_ rule: String, _ site: String = "lxbatch", _ change: (inout Lint) -> Void) throws
    -> Lint.Finding
  {
    try #require(try lint(site, change: change).first { $0.rule == rule })
  }

  @Test("a workspace that only leads there by a link is there")
  func links() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("eos/user"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("eos/user"))
    let real = Files.resolved(folder("eos"))
    for place in ["link", "link/new/work"] {
      let found = try finding("paths") { ($0.workspace, $0.site.rules.refusedPaths) = (folder(place), [real]) }
      #expect(found.severity == .error)
      #expect(found.text.hasPrefix("\(folder(place)), which leads to \(real)/user"), "\(found.text)")
    }
    #expect(try library.profile("lxbatch").rules.unseenPaths?.contains("/tmp") == true)
    let spooled = try finding("reach", "lxbatch-spool") { $0.site.rules.unseenPaths = ["/"] }
    #expect(spooled.severity == .ok, "spooled jobs need no folder that the access point sees")
  }

  @Test(
    "memory and disk beyond what comes with a core are accounted as more cores",
    arguments: [(1, 3000, 20_000), (4, 12_000, 80_000)])
  func share(cpus: Int, memory: Int, disk: Int) throws {
    func rule(_ memory: Int, _ disk: Int) throws -> Lint.Finding {
      try finding("share") { ($0.site.cpus, $0.resources.memoryMB, $0.resources.diskMB) = (cpus, memory, disk) }
    }
    #expect(try rule(memory - 1, disk - 1).severity == .ok)
    #expect(try rule(memory, disk).severity == .ok)
    #expect(try rule(memory + 1, disk).severity == .warning)
    #expect(
      try rule(memory + 1, disk).text.hasPrefix("\(memory + 1) MB of memory is more than comes with \(cpus) core"))
    #expect(try rule(memory + 1, disk).text.hasSuffix("it is accounted as \(cpus + 1), which are waited for longer"))
    #expect(try rule(memory, disk + 1).text.hasPrefix("\(disk + 1) MB of disk is more than"))
    #expect(try finding("share") { ($0.resources.memoryMB, $0.site.memoryMB) = (1, 3001) }.severity == .warning)
  }

  @Test("what exits for checkpoints carry at once is compared with a link")
  func traffic() throws {
    func rule(_ megabytes: Int, _ seconds: Int) throws -> Lint.Finding {
      try finding("traffic") { ($0.resources.stateMB, $0.site.checkpointSeconds) = (megabytes, seconds) }
    }
    // Three jobs: 100 MB/s.
    #expect(try rule(29_999, 900).severity == .ok)
    #expect(try rule(30_000, 900).severity == .ok)
    #expect(try rule(30_001, 900).severity == .warning)
    let words = "3 jobs send up to 30001 MB each every 900 s: about 101 MB/s, 8 TB a day"
    #expect(try rule(30_001, 900).text.hasPrefix(words))
    #expect(try finding("traffic") { ($0.resources.stateMB, $0.site.materialize) = (60_001, 1) }.severity == .ok)
    #expect(try finding("traffic", "lxbatch-spool") { $0.resources.stateMB = 1_000_000 }.severity == .ok)
    // One job of all three runs: the one that is over within the time, and the next.
    let pack = try finding("traffic") {
      ($0.site.pack, $0.resources.stateMB, $0.site.checkpointSeconds) = (3, 300, 900)
      $0.runSeconds = 500
    }
    #expect(pack.text.hasPrefix("1 jobs send up to 200 MB each every 900 s"))
  }

  @Test("where machines may compute other bits, that is said, with what helps")
  func bits() throws {
    for level in [nil, "x86_64-v2"] {
      #expect(try finding("bits") { $0.site.microarch = level }.text.hasSuffix("say microarch: x86_64-v3"))
    }
    for level in ["x86_64-v3", "x86_64-v4"] {
      let found = try finding("bits") { $0.site.microarch = level }
      #expect(found.text == "machines of the level \(level) and above compute the same bits")
    }
    let fixed = try finding("bits") { $0.site.instructionSet = .avx2 }
    #expect(fixed.text == "every job computes with avx2: the same bits on each machine that has it")
  }

  @Test("the advice on folders is for what is too many: runs, or files of checkpoints")
  func entriesAdvice() throws {
    let runs = try finding("folder entries") { lint in
      let job = lint.jobs[0]
      lint.site.rules.folderEntries = 100
      lint.jobs = (0..<101).map { number in
        var other = job
        other.run = "run-\(number)"
        return other
      }
    }
    #expect(runs.severity == .error && runs.text.hasSuffix(": split the sweep over workspaces (--seeds, --only)"))
    let files = try finding("folder entries") { $0.site.rules.folderEntries = 13 }
    #expect(files.text.hasSuffix(": raise keep.generator_every, or set budget.checkpoints"))
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

import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct SubmitDescriptionTests {
  private let resources = Resources(memoryMB: 200, diskMB: 300, stateMB: 40)

  private func text(_ site: String, fromTable: Bool = true) throws -> String {
    try SubmitDescription(site: try library.profile(site), batchName: "demo", resources: resources)
      .text(fromTable: fromTable)
  }

  @Test("each site's submit file, to the byte", arguments: SiteProfileTests.builtIn)
  func golden(site: String) throws {
    let golden = "Tests/CondorTests/Samples/\(site).sub"
    let found = try text(site)
    if ProcessInfo.processInfo.environment["QCALO_WRITE_GOLDENS"] == "1" {
      try Data(found.utf8).write(to: Repository.root.appendingPathComponent(golden))
    }
    let changes = difference(from: try Repository.text(golden), to: found)
    #expect(changes == nil, "\(changes ?? "")")
  }

  @Test("the codes after which a job leaves the queue are the worker's own")
  func exitCodes() throws {
    var site = SiteProfile()
    let requeue = Policy(site)
    #expect(!requeue.finalExits.contains(.resumable))
    for code in [ProgramEnd.finished, .diverged, .badInput, .defect] { #expect(requeue.finalExits.contains(code)) }
    for code in [ProgramEnd.storageFailure, .unsuitable, .checkpointed, .locked] {
      #expect(!requeue.finalExits.contains(code))
    }
    site.atWalltime = .leave
    #expect(Policy(site).finalExits.contains(.resumable))
    #expect(Policy(site).leaves.contains("ExitCode =?= \(ProgramEnd.resumable.rawValue)"))
  }

  @Test("a file that is transferred back is one of the folders that always exist")
  func outputs() throws {
    for site in SiteProfileTests.builtIn {
      for line in try text(site).split(separator: "\n") where line.hasPrefix("transfer_output_files") {
        let listed = line.split(separator: "=")[1].split(separator: ",").map { $0.filter { $0 != " " } }
        #expect(listed == SubmitDescription.stateFolders)
      }
    }
  }

  @Test("user's attributes are quoted, and a worker's path with quotes and spaces stays one argument")
  func quoting() throws {
    var site = SiteProfile()
    site.name = "x"
    site.attributes = [
      "Note": .text(#"say "a\b""#), "Flag": .flag(true), "Count": .whole(-5), "Share": .real(1.5), "Word": .text("5"),
    ]
    site.workerPath = #"/opt/the "new" worker's/qcalo-worker"#
    let text = try SubmitDescription(site: site, batchName: "demo", resources: resources).text()
    #expect(text.contains("+Count = -5\n+Flag = true\n+Note = \"say \\\"a\\\\b\\\"\"\n+Share = 1.5\n+Word = \"5\"\n"))
    #expect(text.contains(#"scratch '/opt/the ""new"" worker''s/qcalo-worker' --starts 9 --walltime"#))
    #expect(!text.contains("qcalo-worker.tar.gz"))
  }

  /// The lines of a submit file for a site that departs from `generic`.
  private func lines(_ change: (inout SiteProfile) -> Void) throws -> [String] {
    var site = try library.profile("generic")
    change(&site)
    return try SubmitDescription(site: site, batchName: "demo", resources: resources).text()
      .split(separator: "\n").map(String.init)
  }

  @Test("the group is HTCondor's command, or the attribute as CERN wants it")
  func accounting() throws {
    let group: (inout SiteProfile) -> Void = { ($0.accountingGroup, $0.accountingGroupUser) = ("group_a.b", "me") }
    let command = try lines(group)
    #expect(command.contains("accounting_group = group_a.b") && command.contains("accounting_group_user = me"))
    #expect(!command.contains { $0.hasPrefix("+AccountingGroup") })
    let attribute = try lines {
      group(&$0)
      $0.accountingAs = .attribute
    }
    #expect(attribute.contains(#"+AccountingGroup = "group_a.b""#))
    #expect(!attribute.contains { $0.hasPrefix("accounting_group") })
    #expect(try library.profile("lxbatch").accountingAs == .attribute)
  }

  @Test("a processor level is asked for unless it is undone, beside the user's requirements")
  func microarch() throws {
    let level = #"((TARGET.Microarch ?: "x86_64-v3") >= "x86_64-v3")"#
    func requirements(_ change: (inout SiteProfile) -> Void) throws -> String? {
      try lines {
        $0.avoidSeconds = 0
        change(&$0)
      }.first { $0.hasPrefix("requirements = ") }.map { String($0.dropFirst(15)) }
    }
    #expect(try requirements { _ in } == level)
    #expect(try requirements { $0.requirements = "TARGET.X > 1 || Y" } == "\(level) && (TARGET.X > 1 || Y)")
    #expect(try requirements { ($0.microarch, $0.requirements) = (nil, "Y") } == "(Y)")
    #expect(try requirements { $0.microarch = nil } == nil)
  }

  @Test("an instruction set is told to the worker, and asked for as a level")
  func instructionSet() throws {
    func lines(_ set: InstructionSet?, _ level: String? = "x86_64-v3") throws -> [String] {
      try self.lines { ($0.avoidSeconds, $0.instructionSet, $0.microarch) = (0, set, level) }
    }
    let (three, four) = (
      #"requirements = ((TARGET.Microarch ?: "x86_64-v3") >= "x86_64-v3")"#,
      #"requirements = ((TARGET.Microarch ?: "x86_64-v4") >= "x86_64-v4")"#
    )
    #expect(try lines(.avx2).contains { $0.contains("--walltime auto --instruction-set avx2 ") })
    #expect(try lines(.avx2).contains(three) && lines(.avx2, nil).contains(three))
    #expect(try lines(.avx512).contains(four) && lines(.avx2, "x86_64-v4").contains(four))
    #expect(try lines(.generic).contains(three) && !lines(.generic, nil).contains { $0.hasPrefix("requirements") })
    #expect(try !lines(nil).contains { $0.contains("--instruction-set") })
  }

  @Test("what a job asks for grows with what it has used, and with each hold for it")
  func growing() throws {
    var site = SiteProfile()
    site.retry.memoryFactor = 2
    let holds = "max({1, (NumHoldsByReason.JobOutOfResources ?: 0) + (NumHoldsByReason.StartdHeldJob ?: 0)})"
    #expect(
      Policy(site).memory(baseMB: 300)
        == "max({300, int((MemoryUsage ?: 0) * 2.0), ifThenElse(LastHoldReasonSubCode =?= 102, int(300 * pow(2.0, \(holds))), 0)})"
    )
    #expect(
      Policy(site).disk(baseMB: 1)
        == "max({1024, int((DiskUsage ?: 0) * 2.0), ifThenElse(LastHoldReasonSubCode =?= 104, int(1024 * pow(2.0, \(holds))), 0)})"
    )
  }

  @Test("further keys are commands of their own, and say nothing where they are not set")
  func furtherKeys() throws {
    let written = try lines {
      ($0.priority, $0.rank, $0.concurrencyLimits) = (-3, "TARGET.Memory", "licence:2")
      ($0.notification, $0.containerImage, $0.singularityImage) = (.error, "/cvmfs/a.sif", "/cvmfs/b")
    }
    let expected = [
      "priority = -3", "rank = TARGET.Memory", "concurrency_limits = licence:2", "notification = Error",
      "container_image = /cvmfs/a.sif", #"+SingularityImage = "/cvmfs/b""#,
    ]
    for line in expected { #expect(written.contains(line), "\(line)") }
    let plain = try lines { _ in }
    for line in expected { #expect(!plain.contains { $0.hasPrefix(line.prefix { $0 != "=" }) }, "\(line)") }
  }

  @Test("vacating begins so early that the site looks once more, and the worker is told to be first")
  func margins() throws {
    let long = try lines { ($0.walltimeSeconds, $0.rules.evaluationSeconds) = (86_400, 300) }
    #expect(long.contains { $0.hasPrefix("periodic_vacate") && $0.hasSuffix("min({300, MaxRuntime / 4})})") })
    #expect(!long.contains { $0.contains("--margin") })
    let short = try lines { ($0.walltimeSeconds, $0.rules.evaluationSeconds) = (1200, 300) }
    #expect(short.contains { $0.contains("--walltime auto --margin 360 ") })
    let least = try lines { ($0.walltimeSeconds, $0.rules.evaluationSeconds) = (60, 300) }
    #expect(least.contains { $0.contains("--walltime auto --margin 30 ") })
    #expect(try text("lxbatch").contains("min({300, MaxRuntime / 4})"))
  }

  @Test("of several cores the worker is told, of one it is not")
  func cores() throws {
    var site = try library.profile("generic")
    site.cpus = 4
    let text = try SubmitDescription(site: site, batchName: "demo", resources: resources).text()
    #expect(text.contains("request_cpus = 4\n") && text.contains(" --walltime auto --threads 4"))
    #expect(try !self.text("generic").contains("--threads"))
    // Two cores get through a budget of time with twice the checkpoints.
    let workspace = try PoolWorkspace()
    var jobs = workspace.jobs(1)
    jobs[0].description.budget = Budget(trainingSeconds: 86400)
    var writer = try workspace.writer()
    let one = try writer.manifest(jobs).resources.stateMB
    writer.site.cpus = 2
    #expect(try writer.manifest(jobs).resources.stateMB > 3 * one / 2)
  }

  static let names = ["a b", "a\"b", "a'b", "$(run)", "a\nqueue", "größe", "", "-x", "../x", "a/b", ".", "a;rm"]

  @Test("a name that could mean something else in a submit file is refused", arguments: names)
  func refused(name: String) throws {
    #expect(throws: InputError.self) {
      try SubmitDescription(site: try library.profile("generic"), batchName: name, resources: resources).text()
    }
    let workspace = try PoolWorkspace()
    var jobs = workspace.jobs(1)
    jobs[0].dataset = "\(workspace.path)/datasets/\(name.replacing("/", with: "|"))"
    let manifest = try workspace.writer().manifest(workspace.jobs(1))
    if !name.contains("/") && !name.isEmpty {
      #expect(throws: InputError.self) { try workspace.writer().files(jobs, manifest, name: "demo-1") }
    }
    jobs[0].description.run = name
    #expect(throws: InputError.self) { try workspace.writer().manifest(jobs) }
  }

  @Test("a value of a submit file is printable ASCII, from the space to the tilde")
  func printable() {
    for text in ["", " ", "~", "a b", "$(", "\\"] {
      #expect((Quoting.flaw(inValue: text) == nil) == !["$(", "\\"].contains(text), "\(text)")
    }
    for text in ["$(X)", "$$(X)", "$$([X])", "$ENV(HOME)", "a$RANDOM_INTEGER(1,2)", "$INT(x)", "$Fn(x)", "$$ENV(x)"] {
      #expect(Quoting.flaw(inValue: text) == "has a macro, which condor_submit would expand", "\(text)")
    }
    for text in ["$", "$X", "$X (Y)", "int(X)", "regexp(\"a$\", X)"] {
      #expect(Quoting.flaw(inValue: text) == nil, "\(text)")
    }
    for text in ["\u{1f}", "\u{7f}", "é", "a\nb"] {
      #expect(Quoting.flaw(inValue: text) == "has a character that is not printable ASCII")
    }
  }

  @Test("words for a shell are quoted, also with quotes in them")
  func shellWords() throws {
    for word in ["plain", "/a/b-c", "it's", "$(x) `y` \"z\"", ""] {
      #expect(try shell("printf %s \(Quoting.shellWord(word))", in: "/").output == word)
    }
  }

  @Test("memory grows with circuit and networks, and is never less than the site's")
  func resourcesGrow() throws {
    let small = job(seed: 1, in: "/w").description
    var large = small
    large.variant.generator.hidden = [2000, 2000]
    #expect(Resources(of: small, packageMB: 10).memoryMB < 300)
    #expect(Resources(of: large, packageMB: 10).memoryMB > Resources(of: small, packageMB: 10).memoryMB + 100)
    #expect(try text("lxbatch").contains("max({2000, int((MemoryUsage"))
    // The largest that a job description may ask for.
    large.variant.generator.hidden = .init(repeating: Bounds.layer.upperBound, count: Bounds.layers)
    large.variant.discriminator.hidden = large.variant.generator.hidden
    (large.dataset.voxels, large.dataset.eventsPerEnergy) = (Bounds.voxels.upperBound, Bounds.events.upperBound)
    large.dataset.energies = .init(repeating: 1, count: Bounds.energies)
    large.budget = Budget(checkpoints: Bounds.checkpoints.upperBound)
    large.keep = Retention(full: Bounds.keptFull.upperBound, generatorEvery: 1)
    let needs = Resources(ofAll: [large], packageMB: 10, cores: 256, pack: 10_000)
    #expect(needs.stateMB > 100_000_000_000_000_000 && needs.diskMB > needs.stateMB)
  }
}

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
    site.attributes = ["Note": #"say "a\b""#]
    site.workerPath = #"/opt/the "new" worker's/qcalo-worker"#
    let text = try SubmitDescription(site: site, batchName: "demo", resources: resources).text()
    #expect(text.contains(#"+Note = "say \"a\\b\"""#))
    #expect(text.contains(#"scratch '/opt/the ""new"" worker''s/qcalo-worker' --walltime"#))
    #expect(!text.contains("qcalo-worker.tar.gz"))
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
      #expect(throws: InputError.self) { try workspace.writer().files(jobs, manifest) }
    }
    jobs[0].description.run = name
    #expect(throws: InputError.self) { try workspace.writer().manifest(jobs) }
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
    #expect(try text("lxbatch").contains("max({2000, int(MemoryUsage"))
  }
}

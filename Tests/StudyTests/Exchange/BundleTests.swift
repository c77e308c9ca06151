import Experiment
import Foundation
import Ledger
import Records
import Storage
import TestSupport
import Testing

@testable import Study

/// A sweep that goes from one workspace to another.
@Suite struct BundleTests {
  private let there: StudyWorkspace
  private let here: StudyWorkspace
  private var jobs: [JobDescription] { there.prepared.jobs }
  private var file: String { there.folder("small.tar") }

  /// There the first two runs have begun, one with two attempts and a generator, and one submission lost some work.
  init() throws {
    (there, here) = (try StudyWorkspace(), try StudyWorkspace())
    _ = try there.ledger()
    for job in jobs.prefix(2) { try there.workspace.write(job) }
    try there.journal(jobs[0].run, checkpoints: 0...1)
    try there.journal(jobs[0].run, attempt: 2, checkpoints: 2...3, exit: .finished)
    try there.journal(jobs[1].run, checkpoints: 0...2)
    for name in ["generator-000001.h5", "full-000003.h5", "generator-000003.h5.partial"] {
      try there.folder.write("weights of \(name)", to: "work/runs/\(jobs[0].run)/checkpoints/\(name)")
    }
    try submission("small-1", cluster: 7, lost: 12.5, in: there)
    try submission("other-1", cluster: 8, lost: 1, in: there)
    try there.folder.write("events", to: "work/datasets/pions.h5")
  }

  private func submission(_ name: String, cluster: Int, lost: Double, in study: StudyWorkspace) throws {
    let record = SubmissionRecord(
      sweep: String(name.dropLast(2)), site: "lxbatch", schedd: "ci@ap", cluster: cluster, runs: [jobs[0].run],
      isDag: false,
      time: 1)
    let work = LostWork(cores: 1, seconds: [jobs[0].run: lost])
    for (file, data) in [
      ("submitted.json", try CanonicalJSON.data(record)), ("lost.json", try CanonicalJSON.data(work)),
    ] {
      try study.folder.write(String(decoding: data, as: UTF8.self), to: "work/submissions/\(name)/\(file)")
    }
  }

  @discardableResult
  private func exchange() throws -> BundleImport.Report {
    _ = try SweepBundle.write("small", of: there.workspace, to: file)
    return try BundleImport(file, into: here.workspace).apply()
  }

  /// What a ledger says of everything, and that one made anew says the same.
  private func ledger(_ workspace: Workspace) throws -> [[String]] {
    func dump() throws -> [[String]] {
      let reading = try Ledger(reading: workspace)
      // When a file was taken in is its own.
      return try Schema.tables.map(\.name).filter { $0 != "ingested_files" }.map { table in
        try reading.query("SELECT * FROM \(table)").rows.map { "\($0)" }.sorted()
      }
    }
    let before = try dump()
    try Ledger.rebuild(workspace)
    #expect(try dump() == before)
    return before
  }

  /// The files of a workspace, without the ledger's.
  private func files(_ workspace: Workspace) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: workspace.path) ?? .init()
    where !path.hasPrefix("ledger") {
      if let data = FileManager.default.contents(atPath: workspace.path + "/" + path) { found[path] = data }
    }
    return found
  }

  @Test func `what was trained there is in the ledger here as it is there`() throws {
    let report = try exchange()
    #expect(report.taken == jobs.prefix(2).map(\.run).sorted() && report.known.isEmpty && report.conflicts.isEmpty)
    try FileManager.default.removeItem(atPath: there.workspace.path + "/submissions/other-1")
    try Ledger.rebuild(there.workspace)
    #expect(try ledger(here.workspace) == ledger(there.workspace))
    let status = try Ledger(reading: here.workspace).statuses(sweep: "small")
    #expect(status.count == 4 && status.filter { $0.state == .finished }.map(\.run) == [jobs[0].run])
    #expect(status.first { $0.run == jobs[0].run }?.lostSeconds == 12.5)
    // Journals, records and kept generators, and nothing else.
    #expect(
      try files(here.workspace).keys.sorted()
        == [
          "runs/\(jobs[0].run)/checkpoints/generator-000001.h5", "runs/\(jobs[0].run)/job.json",
          "runs/\(jobs[0].run)/journal/attempt-0001.jsonl", "runs/\(jobs[0].run)/journal/attempt-0002.jsonl",
          "runs/\(jobs[1].run)/job.json", "runs/\(jobs[1].run)/journal/attempt-0001.jsonl",
          "submissions/small-1/lost.json",
          "submissions/small-1/submitted.json", "sweeps/small.json",
        ].sorted())
  }

  @Test func `what a search has decided goes along, and stays where other things were decided`() throws {
    let golden = try Repository.text("Tests/Golden/Search/decisions.jsonl")
    try there.folder.write(golden, to: "work/searches/small.jsonl")
    #expect(try exchange().conflicts.isEmpty)
    let place = here.workspace.searchRecord("small")
    #expect(try String(contentsOfFile: place, encoding: .utf8) == golden)
    let told = try Ledger(reading: here.workspace).query("SELECT trial, rung, cause FROM decisions ORDER BY number")
      .rows
    #expect(told.count == 5 && "\(told[4])".contains("last"))
    // Decisions that were made here since are not taken back.
    let lines = golden.split(separator: "\n")
    try there.folder.write(lines.dropLast().joined(separator: "\n") + "\n", to: "work/searches/small.jsonl")
    #expect(try exchange().conflicts.isEmpty)
    #expect(try String(contentsOfFile: place, encoding: .utf8) == golden)
    try here.folder.write(lines[0] + "\n", to: "work/searches/small.jsonl")
    #expect(try exchange().conflicts == ["the search small has other decisions here, which stay"])
    #expect(try String(contentsOfFile: place, encoding: .utf8) == lines[0] + "\n")
  }

  @Test func `the same runs give the same bytes, which tar can list and unpack`() throws {
    let first = try SweepBundle.write("small", of: there.workspace, to: file)
    let again = there.folder("again.tar")
    _ = try SweepBundle.write("small", of: there.workspace, to: again)
    #expect(FileManager.default.contents(atPath: file) == FileManager.default.contents(atPath: again))
    #expect(first.runs == 2 && first.files == 9)
    let unpacked = try Execution(
      "sh", ["-c", "mkdir out && tar -xf small.tar -C out && ls -R out"], in: there.folder.path)
    #expect(unpacked.status == 0, "\(unpacked.errors)")
    let journal = "runs/\(jobs[0].run)/journal/attempt-0002.jsonl"
    #expect(
      FileManager.default.contents(atPath: there.folder("out/\(journal)"))
        == FileManager.default.contents(atPath: there.workspace.path + "/" + journal))
  }

  @Test func `a bundle that cannot be written leaves the one that is there`() throws {
    // So long that the name of the file aside is none.
    let path = there.folder(String(repeating: "k", count: 251) + ".tar")
    try Data("before".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: StorageError.self) { try SweepBundle.write("small", of: there.workspace, to: path) }
    #expect(FileManager.default.contents(atPath: path) == Data("before".utf8))
  }

  @Test func `a second import brings nothing, and one that was cut off goes on`() throws {
    try exchange()
    let before = try files(here.workspace)
    #expect(try exchange().known == jobs.prefix(2).map(\.run).sorted())
    #expect(try files(here.workspace) == before)
    // Cut off before the journals came, or between two files.
    try FileManager.default.removeItem(atPath: RunFolder(here.workspace.runFolder(jobs[0].run)).journalFolder)
    try here.folder.write("torn", to: "work/runs/\(jobs[0].run)/.journal-1/attempt-0001.jsonl")
    try FileManager.default.removeItem(atPath: here.workspace.path + "/submissions/small-1/lost.json")
    let report = try exchange()
    #expect(report.taken == [jobs[0].run] && report.known == [jobs[1].run] && report.conflicts.isEmpty)
    _ = try ledger(here.workspace)
    #expect(try files(here.workspace).filter { !$0.key.contains("/.journal-1/") } == before)
  }

  @Test func `what is another here stays, and is told`() throws {
    var here = here
    here.plan.seeds = [1, 2, 3]
    _ = try here.ledger()
    try here.workspace.write(jobs[0])
    try here.journal(jobs[0].run, checkpoints: 0...1, host: "here")
    try here.workspace.write(jobs[1])
    try here.journal(jobs[1].run, checkpoints: 0...3)
    try submission("small-1", cluster: 99, lost: 3, in: here)
    let before = try files(here.workspace)
    let report = try exchange()
    #expect(report.taken.isEmpty)
    #expect(report.conflicts.count == 2)
    #expect(report.conflicts[0].hasPrefix("sweep small has another plan here, which stays"))
    #expect(
      report.conflicts[1].hasPrefix("run \(jobs[0].run) has begun here too, and its journals are not those of the"))
    // The second has got further here, from the same start.
    #expect(report.known == [jobs[1].run])
    let after = try files(here.workspace)
    for (path, data) in before { #expect(after[path] == data, "\(path)") }
    // Two places have a small-1 each: both are there.
    let name = try #require(after.keys.first { $0.contains("small-1-") }?.split(separator: "/")[1])
    #expect(after["submissions/\(name)/lost.json"] != nil)
    _ = try ledger(here.workspace)
    #expect(try exchange().conflicts == report.conflicts)
    #expect(try files(here.workspace) == after)
  }

  @Test func `a run that is only planned here is taken in, and the plan may name other places of the data`() throws {
    var here = here
    for row in here.plan.variants.indices { here.plan.variants[row].dataset.source = "/elsewhere/pions.hdf5" }
    here.request.source = "/elsewhere/pions.hdf5"
    _ = try here.ledger()
    try here.workspace.write(jobs[0])
    let report = try exchange()
    #expect(report.taken.count == 2 && report.conflicts.isEmpty)
    _ = try ledger(here.workspace)
  }

  @Test func `a journal that is being written is taken up to its last whole line`() throws {
    let path = RunFolder(there.workspace.runFolder(jobs[1].run)).journalFolder + "/attempt-0001.jsonl"
    let whole = try #require(FileManager.default.contents(atPath: path))
    try Data(whole + Data("{\"torn".utf8)).write(to: URL(fileURLWithPath: path))
    try exchange()
    let taken = RunFolder(here.workspace.runFolder(jobs[1].run)).journalFolder + "/attempt-0001.jsonl"
    #expect(FileManager.default.contents(atPath: taken) == whole)
  }

  @Test(arguments: [0, 100, 600, 5000])
  func `a bundle that is cut short brings nothing`(length: Int) throws {
    _ = try SweepBundle.write("small", of: there.workspace, to: file)
    let data = try #require(FileManager.default.contents(atPath: file))
    try data.prefix(length).write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: InputError.self) { try BundleImport(file, into: here.workspace) }
    #expect(error?.description.contains("it ends before its end") == true, "\(error?.description ?? "")")
    #expect(!FileManager.default.fileExists(atPath: here.workspace.path))
  }

  @Test func `a changed byte is noticed wherever it is`() throws {
    _ = try SweepBundle.write("small", of: there.workspace, to: file)
    let data = try #require(FileManager.default.contents(atPath: file))
    let text = String(decoding: data, as: UTF8.self)
    for place in ["weights of generator", "ustar", "\"cluster\"", "attemptStarted"] {
      guard let found = data.firstRange(of: Data(place.utf8)) else { continue }
      var changed = data
      changed[found.lowerBound] ^= 1
      try changed.write(to: URL(fileURLWithPath: file))
      #expect(throws: InputError.self, "\(place)") { try BundleImport(file, into: here.workspace) }
    }
    #expect(text.contains("weights of generator"))
    #expect(throws: InputError.self) { try BundleImport(there.folder("none.tar"), into: here.workspace) }
    #expect(throws: InputError.self) { try SweepBundle.write("none", of: there.workspace, to: file) }
  }

  static let foreign = [
    "../x", "/etc/passwd", "sweeps/other.json", "runs/a/journal/../../../x", "runs/a/journal/attempt-1.jsonl",
    "runs/a/x",
    "runs/.a/job.json", "runs/a/checkpoints/full-000001.h5", "submissions/a/token", "ledger.sqlite", "runs//job.json",
    "",
  ]

  @Test(arguments: foreign)
  func `a path that no bundle has is refused`(path: String) throws {
    #expect(!BundleImport.belongs(path, to: "small"))
    let data = Data("x".utf8)
    let file = SweepBundle.Index.File(path: path, bytes: 1, sha256: SweepBundle.digest(data))
    let index = SweepBundle.Index(sweep: "small", files: [file])
    let writer = try Tar.Writer(self.file)
    try writer.add(SweepBundle.Index.name, CanonicalJSON.data(index))
    try writer.add(path, data)
    try writer.finish()
    let error = #expect(throws: InputError.self) { try BundleImport(self.file, into: here.workspace) }
    #expect(error?.description.contains("does not belong into a bundle; nothing was taken in") == true)
  }

  @Test func `a link, and a path that is too long, are none of an archive's`() throws {
    let path = there.folder("link.tar")
    let made = try Execution(
      "sh", ["-c", "ln -s /etc/passwd bundle.json && tar -cf link.tar bundle.json"], in: there.folder.path)
    #expect(made.status == 0)
    let error = #expect(throws: InputError.self) { try BundleImport(path, into: here.workspace) }
    #expect(error?.description.contains("'bundle.json' is no plain file") == true)
    let long = "runs/" + String(repeating: "r", count: 150) + "/journal/attempt-0001.jsonl"
    do {
      let writer = try Tar.Writer(path)
      try writer.add(long, Data("x".utf8))
      try writer.finish()
    }
    #expect(try Tar.members(of: #require(FileManager.default.contents(atPath: path)), path: path).map(\.name) == [long])
    let writer = try Tar.Writer(path)
    #expect(throws: InputError.self) { try writer.add("runs/" + String(repeating: "r", count: 300), Data()) }
    try writer.finish()
  }
}

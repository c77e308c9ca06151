import Experiment
import Foundation
package import Ledger
import Records
import Storage

/// The taking in of a bundle: what is not here yet comes in, and nothing that is here changes.
package struct BundleImport {
  /// What a bundle brought.
  package struct Report: Hashable, Sendable {
    /// The runs that came in, sorted.
    package var taken: [String] = []
    /// The runs that were here already, as far as the bundle has them or further, sorted.
    package var known: [String] = []
    /// A sentence for each thing that is another here; it stays as it is here.
    package var conflicts: [String] = []
  }

  private let archive: Data
  private let index: SweepBundle.Index
  private let members: [String: Tar.Member]
  private let workspace: Workspace

  /// Reads a bundle and checks all of it; nothing is changed.
  /// - Throws: `InputError` when it is none, or damaged.
  package init(_ path: String, into workspace: Workspace) throws {
    guard let archive = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw InputError("the bundle \(path) cannot be read")
    }
    let members = try Tar.members(of: archive, path: path)
    guard let first = members.first, first.name == SweepBundle.Index.name,
      let index = try? CanonicalJSON.value(
        SweepBundle.Index.self, from: archive.subdata(in: first.offset..<(first.offset + first.size)))
    else {
      throw InputError("\(path): it does not begin with \(SweepBundle.Index.name): it is no bundle of `qcalo bundle`")
    }
    guard index.schema == 1 else {
      throw InputError("\(path): it is of format \(index.schema), and this software reads 1; a newer one reads it")
    }
    (self.archive, self.index, self.workspace) = (archive, index, workspace)
    self.members = Dictionary(members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for file in index.files {
      guard Self.belongs(file.path, to: index.sweep) else {
        throw InputError("\(path): '\(file.path)' does not belong into a bundle; nothing was taken in")
      }
      guard let data = content(file.path), data.count == file.bytes, SweepBundle.digest(data) == file.sha256 else {
        throw InputError("\(path): \(file.path) is missing or damaged; have the bundle copied again")
      }
    }
  }

  /// Takes it in, and everything into the ledger.
  /// - Throws: `LedgerError`, `StorageError`.
  package func apply() throws -> Report {
    var report = Report()
    try takeSweep(&report)
    try takeSearch(&report)
    for (run, files) in Dictionary(grouping: paths("runs/"), by: Self.item).sorted(by: { $0.key < $1.key }) {
      try take(run: run, files.sorted(), &report)
    }
    for (name, files) in Dictionary(grouping: paths("submissions/"), by: Self.item).sorted(by: { $0.key < $1.key }) {
      try take(submission: name, files.sorted())
    }
    try Ledger(workspace).collect()
    return report
  }

  private func paths(_ start: String) -> [String] { index.files.map(\.path).filter { $0.hasPrefix(start) } }

  /// The run or the submission that a path is of.
  private static func item(_ path: String) -> String { String(path.split(separator: "/")[1]) }

  private func content(_ name: String) -> Data? {
    members[name].flatMap { member in
      member.offset + member.size <= archive.count
        ? archive.subdata(in: member.offset..<(member.offset + member.size)) : nil
    }
  }

  /// Whether a path is one that `SweepBundle.write` gives: nothing else may be written to the workspace.
  static func belongs(_ path: String, to sweep: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0) }) else { return false }
    switch (parts.first, parts.count) {
    case ("sweeps", 2): return parts[1] == sweep + ".json"
    case ("searches", 2): return parts[1] == sweep + ".jsonl"
    case ("submissions", 3): return ["submitted.json", "lost.json"].contains(parts[2])
    case ("runs", 3): return parts[2] == "job.json" || SweepBundle.sideFiles.contains(parts[2])
    case ("runs", 4) where parts[2] == "journal": return RunFolder.attempt(ofJournal: parts[3]) != nil
    case ("runs", 4) where parts[2] == "checkpoints": return CheckpointName(file: parts[3])?.kind == .generator
    default: return false
    }
  }

  // MARK: The parts

  private func takeSweep(_ report: inout Report) throws {
    let name = "sweeps/\(index.sweep).json"
    guard let data = content(name) else { return }
    let place = "\(workspace.path)/\(name)"
    guard let here = try? FileContent.data(of: place) else {
      try Folder.make(workspace.sweeps)
      return try DurableFile.write(data, to: place, shared: true)
    }
    let (there, own) = (try? plan(data), try? plan(here))
    if there != own || there == nil {
      report.conflicts.append(
        "sweep \(index.sweep) has another plan here, which stays: runs that only the other plan asks for are in no sweep"
      )
    }
  }

  /// What a search has decided there counts where nothing else was decided here.
  private func takeSearch(_ report: inout Report) throws {
    let place = workspace.searchRecord(index.sweep)
    guard let there = content("searches/\(index.sweep).jsonl") else { return }
    guard let here = try? FileContent.data(of: place) else {
      try Folder.make(workspace.searches)
      return try DurableFile.write(there, to: place, shared: true)
    }
    if !here.starts(with: there) {
      report.conflicts.append("the search \(index.sweep) has other decisions here, which stay")
    }
  }

  /// A recorded plan, without the place of the source files, which is each machine's own.
  private func plan(_ data: Data) throws -> SweepPlan {
    var plan = try CanonicalJSON.value(RecordedSweep.self, from: data).plan
    for row in plan.variants.indices { plan.variants[row].dataset.source = "" }
    return plan
  }

  private func take(run: String, _ files: [String], _ report: inout Report) throws {
    let folder = RunFolder(workspace.runFolder(run))
    let journals = files.filter { $0.contains("/journal/") }
    let here = Set(try folder.attempts().map(RunFolder.journalName))
    if here.isEmpty {
      for file in files where !journals.contains(file) {
        let place = "\(workspace.path)/\(file)"
        // What an earlier import, which was cut off, has brought is there already.
        if FileManager.default.fileExists(atPath: place) { continue }
        try Folder.make(Folder.parent(of: place))
        try DurableFile.write(content(file) ?? Data(), to: place, shared: true)
      }
      // The journals make it a run that has begun: all at once, and last.
      let aside = "\(folder.path)/.journal-\(getpid())"
      try? FileManager.default.removeItem(atPath: aside)
      for file in journals {
        try Folder.make(aside)
        try DurableFile.write(content(file) ?? Data(), to: aside + "/" + Folder.name(of: file))
      }
      try DurableFile.move(aside, to: folder.journalFolder)
      report.taken.append(run)
      return
    }
    // The same attempts, each as long or longer here.
    let isKnown = journals.allSatisfy { file in
      guard let own = try? FileContent.data(of: "\(workspace.path)/\(file)"), let there = content(file)
      else { return false }
      return own.starts(with: there)
    }
    if isKnown {
      report.known.append(run)
    } else {
      report.conflicts.append(
        "run \(run) has begun here too, and its journals are not those of the bundle: it stays as it is here; to take the "
          + "other, move \(folder.path) away and import again")
    }
  }

  /// Two places number their submissions alike: one that is another's gets a name of its own.
  private func take(submission name: String, _ files: [String]) throws {
    guard let record = content("submissions/\(name)/submitted.json") else { return }
    func recorded(_ name: String) -> Data? {
      try? FileContent.data(of: "\(workspace.path)/submissions/\(name)/submitted.json")
    }
    let other = "\(name)-\(SweepBundle.digest(record).prefix(8))"
    let isFree = !FileManager.default.fileExists(atPath: "\(workspace.path)/submissions/\(name)")
    let target = isFree || recorded(name) == record ? name : other
    for file in files.reversed() {
      let place = "\(workspace.path)/submissions/\(target)/\(Folder.name(of: file))"
      if FileManager.default.fileExists(atPath: place) { continue }
      try Folder.make(Folder.parent(of: place))
      try DurableFile.write(content(file) ?? Data(), to: place, shared: true)
    }
  }
}

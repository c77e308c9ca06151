import Experiment
package import Foundation
package import Ledger
import Storage

/// The bin of a workspace, `bin/`: what was removed lies there until it is emptied.
package struct RemovedFiles {
  private let workspace: Workspace
  private var folder: String { workspace.path + "/bin" }
  /// The folders of what can be removed.
  private static let kinds = ["sweeps", "searches", "runs"]

  /// One removal.
  package struct Entry: Hashable, Sendable {
    /// Its folder's name in the bin: `20261129-141500-table2`.
    package var name: String
    /// What lies there, as paths of the workspace: `sweeps/table2.json`, `runs/<run>`.
    package var paths: [String]
    /// The bytes of all of it.
    package var bytes: Int
  }

  /// The bin of a workspace.
  package init(_ workspace: Workspace) { self.workspace = workspace }

  /// What lies in the bin, the oldest first.
  /// - Throws: `StorageError`.
  package func entries() throws -> [Entry] {
    try Folder.names(in: folder).filter { Folder.isFolder("\(folder)/\($0)") }.map { name in
      let paths = try Self.kinds.flatMap { kind in
        try Folder.names(in: "\(folder)/\(name)/\(kind)").map { "\(kind)/\($0)" }
      }
      return Entry(name: name, paths: paths, bytes: DiskUse.bytes(of: "\(folder)/\(name)"))
    }
  }

  /// Moves a sweep with the runs that no other sweep has, or a run, into the bin, and makes the ledger anew without it.
  /// - Parameters:
  ///   - name: A sweep's name, or a run as the ledger understands it.
  ///   - keepsRuns: Whether a sweep's runs stay.
  ///   - pool: What is at HTCondor.
  ///   - now: The time, for the entry's name.
  /// - Returns: What was removed.
  /// - Throws: `InputError` while anybody works on it; `LedgerError`, `StorageError`.
  package func remove(_ name: String, keepsRuns: Bool, pool: PoolStatus, now: Date = Date()) throws -> Entry {
    // Where there is no ledger none is made.
    _ = try Ledger(reading: workspace)
    let ledger = try Ledger(workspace)
    try ledger.collect()
    let isSweep = try ledger.sweeps().contains(name)
    let runs = isSweep ? (keepsRuns ? [] : try ledger.runs(onlyOf: name)) : [try ledger.run(named: name)]
    for run in runs {
      let status = try ledger.status(of: run, process: pool.evidence)
      if let clause = pool.work(on: status) {
        throw InputError("removing \(name): \(run) is \(clause); stop it first, `qcalo why \(run)` says where it is")
      }
    }
    let present = runs.filter { Folder.isFolder(workspace.runFolder($0)) }.map { "runs/\($0)" }
    let lock = isSweep ? try SearchBook.locked(name, in: workspace, for: "removing") : nil
    defer { withExtendedLifetime(lock) {} }
    let paths =
      (isSweep ? ["sweeps/\(name).json"] : []) + (lock != nil ? ["searches/\(name).jsonl"] : []) + present
    let entry = "\(Self.stamp(now))-\(isSweep ? name : runs[0])"
    for kind in Self.kinds where paths.contains(where: { $0.hasPrefix(kind) }) {
      try Folder.make("\(folder)/\(entry)/\(kind)")
    }
    // The runs last: a sweep without its record asks for nothing.
    for path in paths { try DurableFile.move("\(workspace.path)/\(path)", to: "\(folder)/\(entry)/\(path)") }
    _ = try Ledger.rebuild(workspace)
    return Entry(name: entry, paths: paths, bytes: DiskUse.bytes(of: "\(folder)/\(entry)"))
  }

  /// Puts what was removed back where it was, and takes it into the ledger.
  /// - Parameter name: The entry's name, or the beginning of one.
  /// - Returns: What was put back.
  /// - Throws: `InputError` where something else has its place; `LedgerError`, `StorageError`.
  package func restore(_ name: String) throws -> Entry {
    let entry = try self.entry(name)
    for path in entry.paths where FileStatus("\(workspace.path)/\(path)") != nil {
      throw InputError("restoring \(entry.name): there is a \(path) already; remove or rename that first")
    }
    for kind in Set(entry.paths.map { $0.prefix { $0 != "/" } }) { try Folder.make("\(workspace.path)/\(kind)") }
    for path in entry.paths.reversed() {
      try DurableFile.move("\(folder)/\(entry.name)/\(path)", to: "\(workspace.path)/\(path)")
    }
    try? FileManager.default.removeItem(atPath: "\(folder)/\(entry.name)")
    try Ledger(workspace).collect()
    return entry
  }

  /// Deletes what lies in the bin, for good.
  /// - Returns: What was deleted.
  /// - Throws: `StorageError`.
  package func empty() throws -> [Entry] {
    let all = try entries()
    for entry in all {
      do { try FileManager.default.removeItem(atPath: "\(folder)/\(entry.name)") } catch {
        throw StorageError("removing", "\(folder)/\(entry.name)", error)
      }
    }
    return all
  }

  private func entry(_ name: String) throws -> Entry {
    let all = try entries()
    let exact = all.filter { $0.name == name }
    let found = exact.isEmpty ? all.filter { $0.name.hasPrefix(name) || $0.name.hasSuffix("-\(name)") } : exact
    guard let only = found.last, found.count == 1 else {
      let names = (found.isEmpty ? all : found).map(\.name)
      throw InputError(
        "there is \(found.isEmpty ? "nothing" : "more than one thing") in the bin called '\(name)'; "
          + (names.isEmpty ? "it is empty" : "it has \(names.firstFive(separator: ", "))"))
    }
    return only
  }

  private static func stamp(_ date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    func two(_ value: Int?) -> String { String(format: "%02d", value ?? 0) }
    let day = "\(parts.year ?? 0)\(two(parts.month))\(two(parts.day))"
    return "\(day)-\(two(parts.hour))\(two(parts.minute))\(two(parts.second))"
  }
}

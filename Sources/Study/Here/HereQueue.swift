import Experiment
import Foundation
import Glibc
import Ledger
import Storage

/// The runs that a process on this machine sees to, in a file of the workspace while it is at work: `here/<pid>.json`.
struct HereQueue: Codable, Hashable {
  /// Who sees to them.
  var process: ProcessIdentity
  /// The runs' identities.
  var runs: [String]

  /// What this process has written down.
  struct Announcement: Sendable {
    fileprivate let path: String

    /// Sees to these alone from now on; where that cannot be written down, it stays as it was.
    func keep(_ runs: [String]) { try? write(runs) }

    fileprivate func write(_ runs: [String]) throws {
      try DurableFile.write(CanonicalJSON.data(HereQueue(process: .current, runs: runs)), to: path, shared: true)
    }

    /// Sees to nothing any more.
    func takeBack() { unlink(path) }
  }

  /// Writes down that this process sees to some runs.
  /// - Returns: What changes that, and takes it back.
  /// - Throws: `StorageError`.
  static func announce(_ runs: [String], in workspace: Workspace) throws -> Announcement {
    try Folder.make(folder(workspace))
    for path in paths(workspace) where read(path)?.isOver ?? true { unlink(path) }
    let announced = Announcement(path: "\(folder(workspace))/\(ProcessIdentity.current.pid).json")
    try announced.write(runs)
    return announced
  }

  /// The number of the process that sees to each run, where one on this machine does.
  static func processes(in workspace: Workspace) -> [String: Int32] {
    let queues = paths(workspace).compactMap(read).filter { $0.isHere && $0.process.isAlive }
    return Dictionary(queues.flatMap { queue in queue.runs.map { ($0, queue.process.pid) } }, uniquingKeysWith: { $1 })
  }

  /// Whether this machine can tell whether its process lives.
  private var isHere: Bool {
    let own = ProcessIdentity.current
    return process.host == own.host && process.boot == own.boot
  }

  /// Whether its process has certainly ended.
  private var isOver: Bool { process.host == ProcessIdentity.hostName && !(isHere && process.isAlive) }

  private static func folder(_ workspace: Workspace) -> String { workspace.path + "/here" }

  private static func paths(_ workspace: Workspace) -> [String] {
    ((try? Folder.names(in: folder(workspace))) ?? []).filter { $0.hasSuffix(".json") }
      .map { "\(folder(workspace))/\($0)" }
  }

  private static func read(_ path: String) -> HereQueue? { try? CanonicalJSON.value(inFile: path) }
}

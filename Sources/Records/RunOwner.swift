import Experiment
import FoundationEssentials
import Glibc
package import Storage

/// The worker that has a run, as the file `lock` of the run's folder names it.
package struct RunOwner: Codable, Hashable, Sendable {
  /// Which process it is, and on which machine.
  package var process: ProcessIdentity
  /// Told apart from every other.
  package var token: String

  /// Seconds without a touch until one that cannot be asked for counts as gone.
  package static let patience = 120.0

  private enum CodingKeys: String, CodingKey { case token }

  /// This process, with a token of its own.
  package static func current() -> Self {
    let process = ProcessIdentity.current
    return Self(process: process, token: "\(process.pid)-\(process.started)-\(UInt32.random(in: 0 ... .max))")
  }

  private init(process: ProcessIdentity, token: String) { (self.process, self.token) = (process, token) }

  /// One JSON object: the process's keys and the token.
  package init(from decoder: any Decoder) throws {
    process = try ProcessIdentity(from: decoder)
    token = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .token)
  }

  package func encode(to encoder: any Encoder) throws {
    try process.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(token, forKey: .token)
  }

  /// What a lock says, and when it was touched, by the file system's clock; nil when it is gone.
  ///
  /// The owner is nil when the file does not name one.
  package static func read(_ path: String) -> (owner: RunOwner?, touched: Double)? {
    guard let touched = FileStatus(path)?.modified, let bytes = try? FileContent.bytes(of: path) else { return nil }
    return (try? CanonicalJSON.value(from: Data(bytes)), touched)
  }

  /// Why the owner of a lock is thought to be at work, a clause; nil when it is gone.
  /// - Parameters:
  ///   - owner: Whom the lock names; nil: nobody.
  ///   - touched: When it was touched last; seconds, by the clock of `now`.
  ///   - now: The present time.
  ///   - patience: Seconds without a touch until one that cannot be asked for counts as gone.
  /// - Returns: The clause.
  package static func life(
    of owner: RunOwner?, touched: Double, now: Double, _ patience: Double = patience
  ) -> String? {
    let current = ProcessIdentity.current
    if let process = owner?.process, process.host == current.host {
      if process.boot == current.boot { return process.isAlive ? "process \(process.pid) on this machine" : nil }
      // The same machine, started anew; or another world of process numbers on it, where only the touches tell.
      if process.kernelStart != current.kernelStart { return nil }
    }
    // Both times are the file system's.
    let age = now - touched
    guard age < patience else { return nil }
    return
      "process \(owner?.process.pid ?? 0) on \(owner?.process.host ?? "an unknown machine"), last heard of \(Int(saturating: max(0, age))) s ago"
      + " (if that machine is gone, try again in \(Int(saturating: max(1, patience - age))) s)"
  }
}

extension RunFolder {
  /// Which worker is thought to have the run, a clause; nil when none has.
  package var holder: String? {
    guard let found = RunOwner.read(lockFile) else { return nil }
    // A file that is made now has the file system's time.
    let probe = "\(lockFile).\(RunOwner.current().token)"
    defer { unlink(probe) }
    let now = (try? DurableFile.write("", to: probe)).flatMap { FileStatus(probe)?.modified }
    return RunOwner.life(of: found.owner, touched: found.touched, now: now ?? Date().timeIntervalSince1970)
  }
}

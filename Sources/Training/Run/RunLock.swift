package import Experiment
import FoundationEssentials
import Glibc
import Records
import Storage

/// Another worker trains this run.
package struct RunLocked: EndingError, CustomStringConvertible, Sendable {
  /// A sentence: the folder, who holds or took the lock, and what to do.
  package let description: String
  package var programEnd: ProgramEnd { .locked }
}

/// The right to write to a run's folder: a file `lock` that names its owner.
///
/// It is made by `link`, which network disks do in one step where they have no byte-range locks (AFS). One that a
/// killed owner left is taken over: on the owner's machine by asking for the process, from elsewhere when the owner
/// has not touched it for a while. An owner that was stopped for so long finds out before it writes (`confirm`).
final class RunLock {
  /// Seconds between two touches.
  static let heartbeat = 5.0

  /// The time as a lock sees it, and what may come in between.
  ///
  /// Tests put their own in.
  struct Surroundings {
    enum Step { case takingAway, puttingBack }

    /// Seconds on a clock that nobody sets.
    var steady: () -> Double = RunControl.steadyTime
    /// The time of a touch, in seconds since 1970-01-01 00:00 UTC; nil: the file system's.
    var touches: (() -> Double)?
    /// Called before a step that acts on what was seen a moment ago.
    var before: (Step) -> Void = { _ in }
  }

  private let path: String
  private let owner: RunOwner
  private let patience: Double
  private let heartbeat: Double
  private let surroundings: Surroundings
  private var lastBeat: Double

  /// Takes the lock of a folder.
  /// - Throws: `RunLocked`, `StorageError`.
  init(
    folder: RunFolder, patience: Double = RunOwner.patience, heartbeat: Double = RunLock.heartbeat,
    as owner: RunOwner = .current(), in surroundings: Surroundings = Surroundings()
  ) throws {
    path = folder.lockFile
    self.owner = owner
    self.patience = patience
    self.heartbeat = heartbeat
    self.surroundings = surroundings
    lastBeat = surroundings.steady()
    let mine = path + "." + owner.token
    try DurableFile.write(try CanonicalJSON.data(owner), to: mine)
    defer { unlink(mine) }
    if surroundings.touches != nil { touch(mine) }
    // More than once only when another start takes a stale lock at the same moment.
    for _ in 0..<10 {
      if link(mine, path) == 0 {
        removeLeftOvers(of: folder)
        return
      }
      guard errno == EEXIST else { throw StorageError("locking", path) }
      guard let found = RunOwner.read(path) else { continue }
      let now = FileStatus(mine)?.modified ?? 0
      if let reason = RunOwner.life(of: found.owner, touched: found.touched, now: now, patience) {
        throw RunLocked(
          description: "\(folder.path): another worker is training this run: \(reason); wait for it or stop it")
      }
      try takeAway(token: found.owner?.token, as: mine + ".stale")
    }
    throw RunLocked(description: "\(folder.path): other workers are starting on this run; let one of them train it")
  }

  deinit { release() }

  /// Gives the lock back, if it is still ours.
  func release() { if RunOwner.read(path)?.owner == owner { unlink(path) } }

  /// Shows that the owner lives.
  ///
  /// Call it often: it does something every few seconds.
  func beat() {
    let now = surroundings.steady()
    guard now - lastBeat >= heartbeat else { return }
    lastBeat = now
    touch(path)
  }

  private func touch(_ path: String) {
    // A lock that is gone, or a disk that is, is noticed by `confirm`.
    guard let time = surroundings.touches?() else {
      utimensat(AT_FDCWD, path, nil, 0)
      return
    }
    let stamp = timespec(tv_sec: Int(time), tv_nsec: Int((time - time.rounded(.down)) * 1e9))
    _ = [stamp, stamp].withUnsafeBufferPointer { utimensat(AT_FDCWD, path, $0.baseAddress, 0) }
  }

  /// Checks that nobody took the lock, before something is written.
  /// - Throws: `RunLocked`, `StorageError` when the folder is gone.
  func confirm() throws {
    guard let found = RunOwner.read(path) else {
      throw StorageError(
        operation: "looking for the lock", path: path, reason: "it is gone; was the folder removed or unmounted?",
        code: ENOENT)
    }
    guard found.owner == owner else {
      throw RunLocked(
        description:
          "\(path): the lock was taken over by process \(found.owner?.process.pid ?? 0) on \(found.owner?.process.host ?? "?") "
          + "while this one was stopped or cut off; nothing was written since")
    }
  }

  // MARK: Others' locks

  /// Removes what owners left that were killed while they took the lock.
  private func removeLeftOvers(of folder: RunFolder) {
    let now = FileStatus(path)?.modified ?? 0
    for name in (try? Folder.names(in: folder.path)) ?? [] where name.hasPrefix("lock.") {
      let file = folder.path + "/" + name
      guard let found = RunOwner.read(file), found.owner != owner else { continue }
      if RunOwner.life(of: found.owner, touched: found.touched, now: now, patience) == nil { unlink(file) }
    }
  }

  /// Removes a stale lock, unless it has been replaced in the meantime.
  private func takeAway(token: String?, as stale: String) throws {
    surroundings.before(.takingAway)
    guard rename(path, stale) == 0 else {
      if errno == ENOENT { return }
      throw StorageError("taking over", path)
    }
    // Somebody else was faster, and this is the new owner's: put it back.
    if RunOwner.read(stale)?.owner?.token != token {
      surroundings.before(.puttingBack)
      link(stale, path)
    }
    unlink(stale)
  }
}

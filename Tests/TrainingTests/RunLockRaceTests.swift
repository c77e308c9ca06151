import Experiment
import Glibc
import Records
import Storage
import TestSupport
import Testing

@testable import Training

/// Workers of several machines that want the same run, with a clock that the test turns.
@Suite("Races for a run's lock")
struct RunLockRaceTests {
  /// The clock of all machines.
  private final class Clock { var now = 1_000_000.0 }

  private let temporary: TemporaryFolder
  private let clock = Clock()
  private var folder: RunFolder { RunFolder(temporary.path) }

  init() throws { temporary = try TemporaryFolder() }

  private var names: [String] { get throws { try Folder.names(in: temporary.path) } }

  /// A start of a worker on another machine, during which others may act; on this one, of a worker that has died since.
  private func take(
    _ host: String?, before: @escaping (RunLock.Surroundings.Step) -> Void = { _ in }
  ) throws -> RunLock {
    var owner = RunOwner.current()
    if let host { owner.process.host = host } else { owner.process.pid = 4_000_000 }
    let clock = clock
    return try RunLock(
      folder: folder, as: owner,
      in: .init(steady: { clock.now - 999_000 }, touches: { clock.now }, before: before))
  }

  private func refused(_ start: () throws -> RunLock) -> String? {
    do {
      _ = try start()
      return nil
    } catch {
      return error is RunLocked ? "\(error)" : nil
    }
  }

  @Test("an owner that beats is respected for ever, and one that has stopped to the second")
  func patience() throws {
    let owner = try take("a")
    for _ in 0..<100 {
      clock.now += 2.5
      owner.beat()
      #expect(refused { try take("b") } != nil)
    }
    // Touched at most a heartbeat ago, so that several may get lost.
    #expect(RunLock.heartbeat * 4 < RunOwner.patience)
    clock.now += 5
    owner.beat()
    clock.now += 119.5
    let told = try #require(refused { try take("b") })
    #expect(told.contains("on a, last heard of 119 s ago (if that machine is gone, try again in 1 s)"), "\(told)")
    clock.now += 0.5
    let heir = try take("b")
    try heir.confirm()
    #expect(throws: RunLocked.self) { try owner.confirm() }
    // What the old owner still does is no harm to the new one.
    clock.now += 10
    owner.beat()
    owner.release()
    try heir.confirm()
    #expect(try names == ["lock"])
  }

  @Test("a beat costs nothing but every few seconds")
  func beats() throws {
    let owner = try take("a")
    func touched() -> Int {
      var status = stat()
      return stat(folder.lockFile, &status) == 0 ? status.st_mtim.tv_sec : 0
    }
    clock.now += RunLock.heartbeat - 1
    owner.beat()
    #expect(touched() == 1_000_000)
    clock.now += 1
    owner.beat()
    #expect(touched() == 1_000_005)
  }

  @Test("of two that find the same stale lock one gets it, also when the other was about to take it away")
  func twoHeirs() throws {
    let gone = try take("a")
    clock.now += 1000
    var faster: RunLock?
    let told = refused {
      try take("b") { step in
        if case .takingAway = step, faster == nil { faster = try? take("c") }
      }
    }
    #expect(told?.contains("on c, last heard of 0 s ago") == true, "\(told ?? "")")
    try faster?.confirm()
    #expect(faster != nil)
    #expect(throws: RunLocked.self) { try gone.confirm() }
    #expect(try names == ["lock"])
  }

  @Test("whoever takes the place of a lock that is about to be put back owns it, and the other finds out")
  func intruder() throws {
    let gone = try take("a")
    clock.now += 1000
    var (second, third): (RunLock?, RunLock?)
    let told = refused {
      try take("b") { step in
        switch step {
        case .takingAway: if second == nil { second = try? take("c") }
        case .puttingBack: third = try? take("d")
        }
      }
    }
    #expect(told?.contains("on d, last heard of 0 s ago") == true, "\(told ?? "")")
    try third?.confirm()
    #expect(third != nil)
    for owner in [gone, second] { #expect(throws: RunLocked.self) { try owner?.confirm() } }
    second?.release()
    try third?.confirm()
    #expect(try names == ["lock"])
  }

  @Test("a lock that has gone when it is to be taken away is free")
  func vanished() throws {
    let gone = try take("a")
    clock.now += 1000
    let heir = try take("b") { _ in gone.release() }
    try heir.confirm()
  }

  @Test("a start that always meets another one gives up with a sentence")
  func crowd() throws {
    var owners = [try take(nil)]
    let told = refused {
      try take("b") { step in
        if case .takingAway = step, let other = try? take(nil) { owners.append(other) }
      }
    }
    #expect(told == "\(temporary.path): other workers are starting on this run; let one of them train it")
    #expect(owners.count == 11)
  }
}

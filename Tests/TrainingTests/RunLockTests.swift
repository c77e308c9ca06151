import Experiment
import Foundation
import Records
import Storage
import TestSupport
import Testing

@testable import Training

@Suite("A run's lock")
struct RunLockTests {
  let temporary: TemporaryFolder
  var folder: RunFolder { RunFolder(temporary.path) }
  var file: String { temporary("lock") }

  init() throws { temporary = try TemporaryFolder() }

  private func write(_ change: (inout RunOwner) -> Void, touched secondsAgo: Double = 0) throws {
    var owner = RunOwner.current()
    change(&owner)
    try CanonicalJSON.data(owner).write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)], ofItemAtPath: file)
  }

  @Test("is refused to a second worker, and given when the first is done")
  func second() throws {
    let first = try RunLock(folder: folder)
    #expect {
      _ = try RunLock(folder: folder)
    } throws: { error in
      "\(error)"
        == "\(temporary.path): another worker is training this run: process \(getpid()) on this machine; wait for it "
        + "or stop it" && ProgramEnd(of: error) == .locked
    }
    try first.confirm()
    first.release()
    _ = try RunLock(folder: folder)
    #expect(try Folder.names(in: temporary.path).isEmpty)
  }

  @Test("of a killed owner is taken over")
  func killed() throws {
    // A process number that lives, but was given anew.
    try write { $0.process.started = "1" }
    let lock = try RunLock(folder: folder)
    try lock.confirm()
    lock.release()
    try write { $0.process.pid = 4_000_000 }
    _ = try RunLock(folder: folder)
    try write { $0.process.boot = "another " + $0.process.boot }
    _ = try RunLock(folder: folder)
  }

  @Test("names its owner in one object, as the workers of before do")
  func content() throws {
    let lock = try RunLock(folder: folder)
    let found = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
    let keys = try #require(found as? [String: Any])
    #expect(keys.keys.sorted() == ["boot", "host", "pid", "started", "token"])
    #expect(keys["pid"] as? Int == Int(getpid()))
    lock.release()
  }

  @Test("removes what owners left that were killed while they took it")
  func leftOvers() throws {
    try write { $0.process.pid = 4_000_000 }
    try FileManager.default.moveItem(atPath: file, toPath: file + ".4000000-1-1")
    try write { $0.process.host = "b7s05p123" }
    try FileManager.default.moveItem(atPath: file, toPath: file + ".1-1-1")
    let lock = try RunLock(folder: folder)
    #expect(try Folder.names(in: temporary.path) == ["lock", "lock.1-1-1"])
    lock.release()
  }

  @Test("of an owner on another machine is its own while it is touched")
  func elsewhere() throws {
    try write({ $0.process.host = "b7s05p123" }, touched: 20)
    #expect {
      _ = try RunLock(folder: folder)
    } throws: { error in
      "\(error)".contains("on b7s05p123, last heard of ")
        && "\(error)".contains(" s ago (if that machine is gone, try again in ")
    }
    try write({ $0.process.host = "b7s05p123" }, touched: 200)
    _ = try RunLock(folder: folder)
  }

  @Test("of an owner in another container on this machine is its own while it is touched")
  func container() throws {
    try write { $0.process.boot = ($0.process.boot.split(separator: " ").first ?? "") + " pid:[1]" }
    #expect(throws: RunLocked.self) { try RunLock(folder: folder) }
  }

  @Test("that names nobody is respected for a while")
  func unreadable() throws {
    try temporary.write("", to: "lock")
    #expect(throws: RunLocked.self) { try RunLock(folder: folder) }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -1000)], ofItemAtPath: file)
    _ = try RunLock(folder: folder)
  }

  @Test("that was taken over stops the owner of before, which does not remove it")
  func takenOver() throws {
    let first = try RunLock(folder: folder)
    try FileManager.default.removeItem(atPath: file)
    let second = try RunLock(folder: folder)
    #expect {
      try first.confirm()
    } throws: { error in
      "\(error)".contains("the lock was taken over by process \(getpid())")
    }
    first.release()
    try second.confirm()
  }

  @Test("in a folder that is gone is a storage failure")
  func vanished() throws {
    let lock = try RunLock(folder: folder)
    try FileManager.default.removeItem(at: temporary.url)
    #expect(throws: StorageError.self) { try lock.confirm() }
    #expect(throws: StorageError.self) { try RunLock(folder: folder) }
  }
}

import Foundation
import Glibc
import Storage
import TestSupport
import Testing

@Suite struct FileLockTests {
  private let folder: TemporaryFolder
  private var path: String { folder("lock") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `one has it at a time, other programs too, and it is free once it is let go`() throws {
    var lock = try FileLock(path)
    #expect(lock != nil)
    #expect(try FileLock(path) == nil)
    #expect(try Execution("flock", ["--nonblock", path, "true"]).status == 1)
    lock = nil
    #expect(try FileLock(path) != nil)
  }

  /// It has the descriptors of the one that starts it until it becomes its program.
  @Test func `a process that is just being started does not keep it`() throws {
    var lock = try FileLock(path)
    let descriptor = try #require(
      try Folder.names(in: "/proc/self/fd").first {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
      }.flatMap { Int32($0) })
    let other = dup(descriptor)
    defer { close(other) }
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(try FileLock(path) != nil)
  }

  @Test func `who waits is told so once, and gets it`() async throws {
    var lock = try FileLock(path)
    let (told, tell) = AsyncStream.makeStream(of: Void.self)
    let path = path
    let second = Task {
      let lock = try await FileLock.wait(for: path) { tell.yield() }
      tell.finish()
      return withExtendedLifetime(lock) { true }
    }
    var count = 0
    for await _ in told {
      count += 1
      withExtendedLifetime(lock) {}
      lock = nil
    }
    #expect(try await second.value)
    #expect(count == 1)
  }

  @Test func `who is asked to stop waits no longer`() async throws {
    let lock = try FileLock(path)
    defer { withExtendedLifetime(lock) {} }
    let error = await #expect(throws: StopRequest.self) {
      var looks = 0
      return try await FileLock.wait(
        for: path,
        stopRequest: {
          looks += 1
          return looks > 1 ? "SIGTERM" : nil
        })
    }
    #expect(error?.description == "stopped by SIGTERM")
  }

  @Test func `a lock that cannot be made is a storage error that names it`() {
    let error = #expect(throws: StorageError.self) { try FileLock(folder("no/such/lock")) }
    #expect(error?.description.contains("opening the lock \(folder("no/such/lock"))") == true)
  }
}

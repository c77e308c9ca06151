import Foundation
import Glibc
import Storage
import TestSupport
import Synchronization
import Testing

@Suite struct DurableFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  private func text(_ name: String) throws -> String { try String(contentsOfFile: folder(name), encoding: .utf8) }

  @Test func `a file is replaced in one step, with nothing left beside it`() throws {
    try DurableFile.write(Array("old".utf8), to: folder("a"))
    try DurableFile.write(to: folder("a")) { aside in
      #expect(aside == folder("a.partial"))
      #expect(try text("a") == "old")
      try Data("new".utf8).write(to: URL(filePath: aside))
    }
    #expect(try text("a") == "new")
    #expect(try names() == ["a"])
  }

  @Test func `a line is added behind the others, and half a line of before is ended first`() throws {
    try DurableFile.append(line: Array("one".utf8), to: folder("a"))
    try DurableFile.append(line: Array("two".utf8), to: folder("a"))
    #expect(try text("a") == "one\ntwo\n")
    try Data("torn".utf8).write(to: URL(filePath: folder("a")))
    try DurableFile.append(line: Array("three".utf8), to: folder("a"))
    #expect(try text("a") == "torn\nthree\n")
    #expect(throws: StorageError.self) { try DurableFile.append(line: [], to: folder("no/a")) }
  }

  @Test func `of a link as output the file that it leads to is replaced`() throws {
    try folder.write("old", to: "real/a")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "real/a")
    try OutputFile(folder("link")).write("new")
    #expect(try text("real/a") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "real/a")
  }

  @Test func `when writing fails, what was there stays`() throws {
    struct Refusal: Error {}
    try DurableFile.write(Data("old".utf8), to: folder("a"))
    #expect(throws: Refusal.self) {
      try DurableFile.write(to: folder("a"), shared: true) { aside in
        try Data("half".utf8).write(to: URL(filePath: aside))
        throw Refusal()
      }
    }
    #expect(try text("a") == "old")
    #expect(try names() == ["a"])
  }

  @Test func `what killed writers of a file have left is removed by its next writer`() throws {
    let gone = try Execution("true", []) { pid in
      _ = try? folder.write("half", to: "a.partial-\(pid)@\(ProcessIdentity.hostName)")
      // As earlier versions called it.
      _ = try? folder.write("half", to: "a.partial-\(pid)")
      // Of another file, of another machine, and of no process.
      _ = try? folder.write("half", to: "b.partial-\(pid)@\(ProcessIdentity.hostName)")
      _ = try? folder.write("half", to: "a.partial-\(pid)@elsewhere")
    }
    #expect(gone.status == 0)
    for name in ["a.partial-\(getppid())@\(ProcessIdentity.hostName)", "a.partial-x", "a.partial"] {
      try folder.write("half", to: name)
    }
    let before = try names()
    #expect(before.count == 7)
    try DurableFile.write("whole", to: folder("a"))
    #expect(
      try names() == (["a"] + before.filter { $0 != "a.partial" }).sorted(), "one who writes alone looks at its own")
    try DurableFile.write(to: folder("a"), shared: true) { aside in
      #expect(aside == folder("a.partial-\(ProcessIdentity.thread)@\(ProcessIdentity.hostName)"))
      try DurableFile.write("again", to: aside)
    }
    #expect(try text("a") == "again")
    let left = try names().map { $0.replacing(/-[0-9]+@/, with: "-1@") }.sorted()
    #expect(
      left
        == [
          "a", "a.partial-1@elsewhere", "a.partial-1@\(ProcessIdentity.hostName)", "a.partial-x",
          "b.partial-1@\(ProcessIdentity.hostName)",
        ].sorted())
  }

  @Test func `threads that write one file at once each write all of it`() throws {
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      for _ in 0..<50 {
        do {
          try DurableFile.write(String(repeating: "\(number)", count: 1000), to: folder("a"), shared: true)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock(\.self) == [])
    let written = try text("a")
    #expect(written.count == 1000 && Set(written).count == 1)
    #expect(try names() == ["a"])
  }

  @Test func `a full disk is a storage error and leaves what was there`() throws {
    try DurableFile.write([1, 2, 3], to: folder("a"))
    try FileManager.default.createSymbolicLink(atPath: folder("a.partial"), withDestinationPath: "/dev/full")
    let error = try #require(throws: StorageError.self) { try DurableFile.write([4, 5], to: folder("a")) }
    #expect(error.code == ENOSPC)
    #expect(
      error.description
        == "writing \(folder("a.partial")): No space left on device; nothing that was there before is lost")
    #expect(try Data(contentsOf: URL(filePath: folder("a"))) == Data([1, 2, 3]))
    #expect(try names() == ["a"])
  }

  @Test func `a folder that is not there is a storage error`() throws {
    let error = try #require(throws: StorageError.self) { try DurableFile.write([1], to: folder("gone/a")) }
    #expect(error.code == ENOENT)
    #expect(error.path == folder("gone/a.partial"))
    // The name is taken by a folder with something in it.
    try folder.write("", to: "taken/file")
    let taken = try #require(throws: StorageError.self) { try DurableFile.write([1], to: folder("taken")) }
    #expect(taken.description.hasPrefix("renaming \(folder("taken.partial")) to \(folder("taken")): "))
    #expect(try names() == ["taken"])
  }

  @Test func `a text may be a program`() throws {
    try DurableFile.write("#!/bin/sh\n", to: folder("a"), executable: true)
    try DurableFile.write("not one", to: folder("b"))
    #expect(FileManager.default.isExecutableFile(atPath: folder("a")))
    #expect(!FileManager.default.isExecutableFile(atPath: folder("b")))
  }

  @Test func `a device is written to and not replaced`() throws {
    guard mkfifo(folder("pipe"), 0o600) == 0 else { throw TestFailure("mkfifo: \(errno)") }
    let reader = open(folder("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try DurableFile.write("through", to: folder("pipe"))
    var bytes = [UInt8](repeating: 0, count: 100)
    #expect(read(reader, &bytes, 100) == 7)
    let error = try #require(throws: StorageError.self) { try DurableFile.write(to: folder("pipe")) { _ in } }
    #expect(error.description.hasPrefix("replacing \(folder("pipe")): it is a device, not a file"))
    #expect(try names() == ["pipe"])
  }

  @Test func `what is moved into place takes the old one's`() throws {
    try folder.write("new", to: "aside")
    try folder.write("old", to: "a")
    try DurableFile.move(folder("aside"), to: folder("a"))
    #expect(try text("a") == "new")
    #expect(try names() == ["a"])
    let error = try #require(throws: StorageError.self) { try DurableFile.move(folder("aside"), to: folder("a")) }
    #expect(error.description.hasPrefix("renaming \(folder("aside")) to \(folder("a")): No such file or directory"))
  }

  @Test func `all bytes arrive, however often a signal interrupts`() async {
    await #expect(processExitsWith: .success) {
      openToSignals()
      // Without SA_RESTART, so that the kernel gives up calls.
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in }
      sigaction(SIGUSR1, &action, nil)
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { exit(3) }
      let (reader, writer, target) = (ends[0], ends[1], pthread_self())
      // A page is not like the next one.
      let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
      let read = Thread {
        var (received, part) = (0, [UInt8](repeating: 0, count: 60000))
        while received < 1_000_000 {
          // The pipe is full: the writer waits.
          for _ in 0..<3 {
            usleep(500)
            pthread_kill(target, SIGUSR1)
          }
          let count = Glibc.read(reader, &part, part.count)
          guard count > 0, (0..<count).allSatisfy({ part[$0] == bytes[received + $0] })
          else { exit(2) }
          received += count
        }
        exit(0)
      }
      read.start()
      try bytes.withUnsafeBytes { try DurableFile.write(all: $0, to: writer, of: "the pipe") }
      while true { sleep(1) }
    }
  }
}

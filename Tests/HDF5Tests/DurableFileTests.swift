import Experiment
import Foundation
import HDF5
import TestSupport
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

  @Test func `when writing fails, what was there stays`() throws {
    struct Refusal: Error {}
    try DurableFile.write(Data("old".utf8), to: folder("a"))
    #expect(throws: Refusal.self) {
      try DurableFile.write(to: folder("a"), tag: "-1") { aside in
        try Data("half".utf8).write(to: URL(filePath: aside))
        throw Refusal()
      }
    }
    #expect(try text("a") == "old")
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
}

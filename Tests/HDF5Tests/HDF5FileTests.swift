import CHDF5
import Foundation
import Storage
import TestSupport
import Testing

@testable import HDF5

@Suite struct HDF5FileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `the datasets of a file are listed by their paths`() throws {
    let file = try HDF5File.inMemory()
    for name in ["b", "generator/dense_0/kernel", "generator/dense_0/bias", "adam/m/x"] {
      try file.write([1] as [Float], to: name, shape: [1])
    }
    try file.createGroup("empty/group")
    #expect(try file.datasets() == ["adam/m/x", "b", "generator/dense_0/bias", "generator/dense_0/kernel"])
    let there = ["generator/dense_0", "/empty/group", "/", "b", "empty/other", "b/c"].map { file.contains($0) }
    #expect(there == [true, true, true, true, false, false])
  }

  @Test func `a group within itself is listed to an end`() throws {
    let file = try HDF5File.inMemory()
    try file.write([1] as [Float], to: "a/x", shape: [1])
    Library.run {
      let none = qcalo_default()
      H5Lcreate_hard(file.identifier.raw, "a", file.identifier.raw, "a/a", none, none)
    }
    let paths = try file.datasets()
    #expect(paths.count == 15 && paths.contains("a/a/a/x"))
  }

  @Test(arguments: [(EIO, false), (ESTALE, false), (ENOSPC, true)])
  func `a disk that fails is a storage error, not a damaged file`(code: Int32, writing: Bool) {
    let failure = Failure(message: "file read failed: errno = \(code), buf = 0")
    #expect(HDF5Error.error(for: failure, file: "f", operation: "reading 'a'", writing: writing) is StorageError)
  }

  @Test func `a file that may not be read is told as such`() throws {
    let failure = Failure(message: "unable to open file: errno = \(EACCES)")
    let error = HDF5Error.error(for: failure, file: "f", operation: "opening", writing: false)
    let refused = try #require(error as? HDF5Error)
    #expect(refused.kind == .unreadable && refused.reason == "Permission denied")
  }

  @Test func `the same content gives the same bytes, on disk and in memory, now and later`() throws {
    func fill(_ file: borrowing HDF5File) throws {
      try file.write((0..<1000).map { Float($0) }, to: "a/b", shape: [100, 10], layout: .chunked(rows: 7))
      try file.write([1, 2], to: "a/c", shape: [2])
      try file.setAttribute("text", .string("x"))
      try file.setAttribute("number", .double(1.5), of: "a/b")
    }
    func write(_ name: String) throws -> [UInt8] {
      let file = try HDF5File(creating: folder(name))
      try fill(file)
      try file.close()
      return Array(try Data(contentsOf: URL(filePath: folder(name))))
    }
    let first = try write("first.h5")
    // The times that libhdf5 could store are in seconds.
    Thread.sleep(forTimeInterval: 1.1)
    #expect(try write("second.h5") == first)
    let memory = try HDF5File.inMemory()
    try fill(memory)
    #expect(try memory.image() == memory.image())
    let back = try HDF5File(image: memory.image(), name: "image")
    #expect(try back.read("a/c", as: Float.self) == ([2], [1, 2]))
    #expect(try back.datasets() == ["a/b", "a/c"])
  }

  @Test func `a file is opened to add to it`() throws {
    let file = try HDF5File(creating: folder("a.h5"))
    try file.write([1] as [Float], to: "a", shape: [1])
    try file.close()
    let again = try HDF5File(updating: folder("a.h5"))
    try again.write([2] as [Float], to: "b", shape: [1])
    try again.flush()
    try again.close()
    let back = try HDF5File(reading: folder("a.h5"))
    #expect(try back.read("a", as: Float.self).values == [1])
    #expect(try back.read("b", as: Float.self).values == [2])
  }

  @Test func `what cannot be opened is named with its reason`() throws {
    try folder.write("just text, and long enough to be looked at", to: "text.h5")
    try folder.write("", to: "empty.h5")
    let whole = try HDF5File(creating: folder("whole.h5"))
    try whole.write([Float](repeating: 1, count: 10000), to: "a", shape: [10000])
    try whole.close()
    try Data(contentsOf: URL(filePath: folder("whole.h5"))).prefix(20000).write(to: URL(filePath: folder("half.h5")))

    func error(_ name: String) -> HDF5Error? {
      do {
        _ = try HDF5File(reading: folder(name))
        return nil
      } catch { return error as? HDF5Error }
    }
    #expect(error("none.h5")?.kind == .unreadable)
    #expect(error("none.h5")?.description == "\(folder("none.h5")): opening: No such file or directory")
    #expect(error("")?.description == "\(folder("")): opening: it is a folder")
    #expect(error("text.h5")?.kind == .notHDF5)
    #expect(error("text.h5")?.description == "\(folder("text.h5")): opening: this is not an HDF5 file")
    #expect(error("empty.h5")?.kind == .notHDF5)
    #expect(error("half.h5")?.kind == .truncated)
    #expect(error("half.h5")?.description.contains("its end is missing") == true)
    #expect(error("whole.h5") == nil)
  }

  @Test func `bytes that are no file are refused`() throws {
    let file = try HDF5File.inMemory()
    try file.write([Float](repeating: 1, count: 10000), to: "a", shape: [10000])
    let image = try file.image()
    func kind(_ bytes: [UInt8]) -> HDF5Error.Kind? {
      do {
        _ = try HDF5File(image: bytes, name: "checkpoint")
        return nil
      } catch { return (error as? HDF5Error)?.kind }
    }
    #expect(kind([]) == .notHDF5)
    #expect(kind(Array("a text".utf8)) == .notHDF5)
    #expect(kind(Array(image.prefix(1000))) == .truncated)
    #expect(kind(image) == nil)
  }

  @Test(.timeLimit(.minutes(1))) func `a full disk is a storage error`() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("full.h5"), withDestinationPath: "/dev/full")
    let error = try #require(throws: StorageError.self) {
      let file = try HDF5File(creating: folder("full.h5"))
      try file.write([Float](repeating: 1, count: 10000), to: "a", shape: [10000])
      try file.close()
    }
    #expect(error.code == ENOSPC)
    #expect(error.description.contains("No space left on device"))
    #expect(throws: StorageError.self) { _ = try HDF5File(creating: folder("no/such/folder.h5")) }
  }

  @Test func `files are used from many threads at once`() async throws {
    let sums = try await withThrowingTaskGroup(of: Float.self) { group in
      for number in 0..<8 {
        let path = folder("\(number).h5")
        group.addTask {
          let file = try HDF5File(creating: path)
          for part in 0..<20 { try file.write([Float(part), Float(number)], to: "g/\(part)", shape: [2]) }
          try file.close()
          let back = try HDF5File(reading: path)
          return try back.datasets().reduce(0) { try $0 + back.read($1, as: Float.self).values.reduce(0, +) }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums.sorted() == (0..<8).map { 190 + 20 * Float($0) })
  }
}

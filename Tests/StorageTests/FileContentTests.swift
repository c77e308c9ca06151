import Foundation
import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite struct FileContentTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 16384, 16385, 1_000_000])
  func `a file's bytes are all read`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder("a")))
    #expect(try FileContent.bytes(of: folder("a")) == bytes)
    #expect(try FileContent.bytes(ifThere: folder("a")) == bytes)
    #expect(try FileContent.data(of: folder("a")) == Data(bytes))
    var pieces: [UInt8] = []
    try FileContent.forEachPiece(of: folder("a")) { pieces += $0 }
    #expect(pieces == bytes)
    #expect(try SHA256.hexDigest(ofFile: folder("a")) == SHA256.hexDigest(of: bytes))
  }

  @Test func `what is no UTF-8 in a text is replaced`() throws {
    try Data([0x61, 0xff, 0x62]).write(to: URL(fileURLWithPath: folder("a")))
    #expect(try FileContent.text(of: folder("a")) == "a\u{fffd}b")
  }

  @Test func `a file that is not there is nothing, or an error that says so; a folder is an error`() throws {
    for path in [folder("gone"), folder("gone/file"), folder.path + "/gone/"] {
      #expect(try FileContent.bytes(ifThere: path) == nil)
      for read in [{ _ = try FileContent.bytes(of: path) }, { _ = try SHA256.hexDigest(ofFile: path) }] {
        let error = #expect(throws: StorageError.self) { try read() }
        #expect(error?.description == "opening \(path): No such file or directory")
        #expect(error?.isAbsence == true && error?.isOfThePath == true)
      }
    }
    try folder.write("", to: "file")
    #expect(try FileContent.bytes(ifThere: folder("file/x")) == nil, "a file is no folder")
    let error = #expect(throws: StorageError.self) { try FileContent.bytes(ifThere: folder.path) }
    #expect(error?.description == "reading \(folder.path): Is a directory")
    #expect(error?.isAbsence == false && error?.isOfThePath == true)
    #expect(!StorageError("reading", "a", code: EIO, writes: false).isOfThePath)
  }

  @Test func `what has no size is read to its end, and what has no end up to a limit`() throws {
    #expect(try FileContent.text(of: "/proc/self/status").contains("VmRSS"))
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    let text = String(repeating: "x", count: 100_000)
    let path = folder("pipe")
    let writer = Thread { try? text.write(toFile: path, atomically: false, encoding: .utf8) }
    writer.start()
    #expect(try FileContent.text(of: path) == text)
    let error = #expect(throws: StorageError.self) { try FileContent.bytes(of: "/dev/zero", limit: 100_000) }
    #expect(error?.description == "reading /dev/zero: File too large")
  }
}

@Suite struct FileStatusTests {
  @Test func `a status has the size, the time and the kind`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("abc", to: "a")
    let status = try #require(FileStatus(path))
    #expect(status.size == 3 && status.isFile && !status.isFolder)
    #expect(abs(status.modified - Date().timeIntervalSince1970) < 100)
    #expect(FileStatus(folder.path)?.isFolder == true)
    #expect(FileStatus(folder("gone")) == nil)
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    #expect(try FileStatus(of: descriptor, named: "a") == status)
    let error = #expect(throws: StorageError.self) { try FileStatus(of: -1, named: "a") }
    #expect(error?.description == "reading the size of a: Bad file descriptor")
  }
}

import Foundation
import Storage
import TestSupport
import Testing

@Suite struct StorageErrorTests {
  @Test func `only what was to change something says that nothing is lost`() {
    errno = ENOSPC
    let writing = StorageError("writing", "a")
    #expect(writing.description == "writing a: No space left on device; nothing that was there before is lost")
    let reading = StorageError("reading", "a", code: EACCES, writes: false)
    #expect(reading.description == "reading a: Permission denied")
  }

  /// What Foundation throws, with `errno` at something else.
  private func error(_ body: () throws -> Void) throws -> any Error {
    do { try body() } catch {
      errno = EDOM
      return error
    }
    throw TestFailure("nothing was thrown")
  }

  @Test func `what Foundation could not do is told in the system's words, not by errno`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let copied = try error { try FileManager.default.copyItem(atPath: folder("gone"), toPath: folder("b")) }
    #expect(StorageError("copying", "a", copied).code == ENOENT)
    let taken = try error { try FileManager.default.copyItem(atPath: folder("file"), toPath: folder("file")) }
    #expect(StorageError("copying", "a", taken).code == EEXIST)
    let removed = try error { try FileManager.default.removeItem(atPath: folder("gone")) }
    #expect(
      StorageError("removing", "a", removed).description
        == "removing a: No such file or directory; nothing that was there before is lost")
    for (code, number) in [(CocoaError.fileWriteOutOfSpace, ENOSPC), (.fileWriteVolumeReadOnly, EROFS)] {
      #expect(StorageError("writing", "a", CocoaError(code)).code == number)
    }
    #expect(StorageError("writing", "a", POSIXError(.EDQUOT)).code == EDQUOT)
    struct Odd: Error, CustomStringConvertible { let description = "an odd reason" }
    let odd = StorageError("writing", "a", Odd())
    #expect(odd.code == 0 && odd.reason == "an odd reason")
  }

  @Test func `an interrupted call is made again, one that failed is not`() {
    var calls = 0
    let result: Int = uninterrupted {
      calls += 1
      errno = EINTR
      return calls < 3 ? -1 : 7
    }
    #expect(result == 7 && calls == 3)
    let failed: Int32 = uninterrupted {
      calls += 1
      errno = EIO
      return -1
    }
    #expect(failed == -1 && calls == 4)
  }
}

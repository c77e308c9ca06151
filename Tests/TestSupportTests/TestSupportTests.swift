import Foundation
import TestSupport
import Testing

@Suite struct TestSupportTests {
  @Test func `a temporary folder is gone with its value`() throws {
    var path = ""
    do {
      let folder = try TemporaryFolder()
      path = folder.path
      try folder.write("x", to: "a/b.txt")
      #expect(FileManager.default.fileExists(atPath: folder("a/b.txt")))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a difference names the lines`() {
    #expect(difference(from: "a\nb", to: "a\nb") == nil)
    #expect(difference(from: "a\nb", to: "a\nc\nd") == "2 - b\n2 + c\n3 + d")
  }

  @Test func `an execution has the program's input, output, errors and end`() throws {
    let done = try Execution("sh", ["-c", "cat; echo oops >&2; exit 3"], input: "hello")
    #expect(done.output == "hello" && done.errors == "oops\n" && done.status == 3)
    #expect(try Execution("sh", ["-c", "kill -9 $$"]).status == 128 + 9)
    let folder = try TemporaryFolder()
    #expect(try Execution("pwd", [], in: folder.path).output == folder.path + "\n")
    #expect(throws: POSIXError.self) { try Execution("/no/such/program", []) }
  }
}

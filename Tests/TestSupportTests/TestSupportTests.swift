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
}

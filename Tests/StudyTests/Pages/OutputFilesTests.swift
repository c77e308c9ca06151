import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Study

@Suite struct OutputFilesTests {
  @Test func `files are written by name into a folder that is made, and their paths are told`() throws {
    let folder = try TemporaryFolder()
    let place = folder("a/b")
    #expect(try OutputFiles.write(["y.csv": "2", "x.csv": "1"], into: place) == ["\(place)/x.csv", "\(place)/y.csv"])
    #expect(try String(contentsOfFile: place + "/y.csv", encoding: .utf8) == "2")
  }

  @Test func `what goes to the standard output has no path to tell`() throws {
    #expect(try OutputFiles.write("", to: "-") == nil)
  }

  @Test func `a place that cannot be written is a storage failure that names it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let error = #expect(throws: StorageError.self) { try OutputFiles.write("x", to: folder("file/x.csv")) }
    #expect(error?.description.contains(folder("file/x.csv")) == true)
  }
}

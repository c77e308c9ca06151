import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FolderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `a folder is made with those above it, and again`() throws {
    for _ in 0..<2 { try Folder.make(folder("a/b/c")) }
    try Folder.make(folder("a/b/c/"))
    #expect(Folder.isFolder(folder("a/b/c")))
    try Folder.make("/")
    try Folder.make(".")
  }

  @Test func `a file in a folder's place is a storage error`() throws {
    try folder.write("", to: "file")
    for (path, code) in [("file", EEXIST), ("file/below", ENOTDIR)] {
      let error = try #require(throws: StorageError.self) { try Folder.make(folder(path)) }
      #expect(error.code == code)
      #expect(error.description.hasPrefix("making the folder \(folder(path)): "))
    }
  }

  @Test func `names are sorted, and none in a folder that is not there`() throws {
    for name in ["b", ".a", "c/d"] { try folder.write("", to: name) }
    #expect(try Folder.names(in: folder.path) == [".a", "b", "c"])
    #expect(try Folder.names(in: folder("gone")) == [])
    let error = try #require(throws: StorageError.self) { try Folder.names(in: folder("b")) }
    #expect(error.description == "reading the folder \(folder("b")): Not a directory")
  }

  @Test(arguments: [
    ("a/b.yaml", "a", "b.yaml"), ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b/", "a", "b"),
    ("/", "/", ""), ("a//b", "a", "b"), ("//a", "/", "a"), ("../b", "..", "b"),
  ])
  func `a path has a parent and a name`(path: String, parent: String, name: String) {
    #expect(Folder.parent(of: path) == parent)
    #expect(Folder.name(of: path) == name)
  }
}

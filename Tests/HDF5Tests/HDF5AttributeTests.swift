import Foundation
import HDF5
import TestSupport
import Testing

func bytes(of file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: Repository.path(file)))) }

@Suite struct HDF5AttributeTests {
  @Test(
    arguments: [
      .string("Größe √2"), .string(""), .string(String(repeating: "long ", count: 2000)), .int(-42), .int(.max),
      .double(0.1), .double(-.infinity), .strings(["kernel:0", "", "Größe"]), .strings([]),
    ] as [HDF5Attribute])
  func `an attribute comes back as it was`(_ value: HDF5Attribute) throws {
    let file = try HDF5File.inMemory()
    try file.write([1] as [Float], to: "group/dataset", shape: [1])
    for object in ["/", "group", "group/dataset"] {
      try file.setAttribute("other", .int(1), of: object)
      try file.setAttribute("name", value, of: object)
      #expect(try file.attribute("name", of: object) == value)
      #expect(try file.attribute("other", of: object) == .int(1))
    }
  }

  @Test func `an attribute is replaced, also by one of another type`() throws {
    let file = try HDF5File.inMemory()
    try file.setAttribute("a", .int(1))
    try file.setAttribute("a", .string("text"))
    #expect(try file.attribute("a") == .string("text"))
  }

  @Test func `a value is what it is`() {
    #expect(HDF5Attribute.int(2).double == 2 && HDF5Attribute.int(2).int == 2 && HDF5Attribute.int(2).string == nil)
    #expect(HDF5Attribute.double(2.5).double == 2.5 && HDF5Attribute.double(2.5).int == nil)
    #expect(HDF5Attribute.string("a").string == "a" && HDF5Attribute.string("a").double == nil)
  }

  @Test func `an attribute that is not there is nil; of an object that is not there, an error`() throws {
    let file = try HDF5File.inMemory(name: "x.h5")
    #expect(try file.attribute("a") == nil)
    let error = try #require(throws: HDF5Error.self) { try file.attribute("a", of: "b") }
    #expect(error.description == "x.h5: reading attribute 'a' of 'b': there is no 'b'")
    #expect(error.kind == .missing)
  }

  @Test func `attributes of h5py are read`() throws {
    let file = try HDF5File(reading: Repository.path("Tests/HDF5Tests/h5py.h5"))
    #expect(try file.attribute("vlen", of: "a") == .string("Größe"))
    #expect(try file.attribute("fixed") == .string("abc"))
    #expect(try file.attribute("int") == .int(-7))
    #expect(try file.attribute("float") == .double(0.25))
    #expect(throws: HDF5Error.self) { try file.attribute("array") }
    #expect(throws: HDF5Error.self) { try file.attribute("flag") }
  }

  @Test func `a file opened to read takes no attribute`() throws {
    let file = try HDF5File(reading: Repository.path("Tests/HDF5Tests/h5py.h5"))
    let error = try #require(throws: HDF5Error.self) { try file.setAttribute("a", .int(1)) }
    #expect(error.description.contains("setting attribute 'a' of '/': libhdf5:"))
  }
}

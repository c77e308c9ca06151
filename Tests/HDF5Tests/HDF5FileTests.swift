import HDF5
import TestSupport
import Testing

@Suite struct HDF5FileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `what is written is read back`() throws {
    let file = try HDF5File(creating: folder("a.h5"))
    try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "generator/dense_0/kernel", shape: [3, 2])
    try file.close()
    let back = try HDF5File(reading: folder("a.h5"))
    #expect(try back.datasets() == ["generator/dense_0/kernel"])
    #expect(try back.read("generator/dense_0/kernel", as: Float.self) == ([3, 2], [1, 2, 3, 4, 5, 6]))
  }
}

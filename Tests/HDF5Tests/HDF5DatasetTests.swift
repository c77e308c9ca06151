import HDF5
import TestSupport
import Testing

@Suite struct HDF5DatasetTests {
  static let layouts: [HDF5Layout] = [
    .contiguous, .chunked(rows: 3), .chunked(rows: 100, gzip: 9, shuffle: false), .chunked(rows: 1, gzip: 0),
  ]

  @Test(arguments: layouts) func `values are converted between the file and memory`(_ layout: HDF5Layout) throws {
    let file = try HDF5File.inMemory()
    let values = (0..<20).map { Double($0) / 8 - 1 }
    try file.write(values, to: "float64", shape: [10, 2], layout: layout)
    try file.write(values.map { Float($0) }, to: "float32", shape: [10, 2], layout: layout)
    try file.write((0..<20).map { Int64($0) - 5 }, to: "int64", shape: [10, 2], layout: layout)
    for name in ["float64", "float32"] {
      #expect(try file.read(name, as: Double.self) == ([10, 2], values))
      #expect(try file.read(name, as: Float.self) == ([10, 2], values.map { Float($0) }))
    }
    #expect(try file.read("int64", as: Int64.self).values == (0..<20).map { $0 - 5 })
    #expect(try file.read("int64", as: Float.self).values == (0..<20).map { Float($0) - 5 })
  }

  @Test(arguments: layouts) func `rows are written and read by ranges`(_ layout: HDF5Layout) throws {
    let file = try HDF5File.inMemory()
    let dataset = try file.create("a", shape: [10, 2, 2], type: .float32, layout: layout)
    #expect([dataset.rows, dataset.rowSize] == [10, 4])
    try dataset.write((0..<16).map { Float($0) }, rows: 2..<6)
    try dataset.write([] as [Float], rows: 3..<3)
    #expect(try dataset.read(rows: 1..<4, as: Float.self) == [0, 0, 0, 0] + (0..<8).map { Float($0) })
    #expect(try dataset.read(rows: 5..<7, as: Double.self) == (12..<16).map { Double($0) } + [0, 0, 0, 0])
    #expect(try dataset.read(rows: 10..<10, as: Float.self) == [])
  }

  @Test func `chunks are known, so that none is cut in two`() throws {
    let file = try HDF5File.inMemory()
    #expect(try file.create("a", shape: [10, 2], type: .float32).chunk == nil)
    #expect(try file.create("b", shape: [10, 2], type: .float32, layout: .chunked(rows: 4)).chunk == [4, 2])
    #expect(try file.create("c", shape: [10, 2], type: .float32, layout: .chunked(rows: 40)).chunk == [10, 2])
  }

  @Test func `empty and single values have their shapes`() throws {
    let file = try HDF5File.inMemory()
    try file.write([] as [Float], to: "empty", shape: [0, 5], layout: .chunked(rows: 10))
    try file.write([2.5] as [Float], to: "single", shape: [])
    #expect(try file.read("empty", as: Float.self) == ([0, 5], []))
    #expect(try file.read("single", as: Float.self) == ([], [2.5]))
  }

  @Test func `rows larger than memory are refused where there are none of them, too`() throws {
    let file = try HDF5File.inMemory()
    _ = try file.create("a", shape: [0, 1 << 40, 1 << 40], type: .float32)
    let error = try #require(throws: HDF5Error.self) { _ = try file.dataset("a") }
    #expect(
      error.reason
        == "its shape is [0, 1099511627776, 1099511627776], larger than the 68719476736 numbers that are taken")
  }

  @Test func `numbers that are not finite come back to the bit`() throws {
    let values: [Float] = [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let file = try HDF5File.inMemory()
    try file.write(values, to: "a", shape: [6])
    #expect(try file.read("a", as: Float.self).values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func `a dataset that is not there or holds no numbers is refused`() throws {
    let file = try HDF5File(image: try bytes(of: "Tests/HDF5Tests/h5py.h5"), name: "x.h5")
    func message(_ name: String) -> String? {
      do {
        _ = try file.dataset(name)
        return nil
      } catch { return (error as? HDF5Error)?.description }
    }
    #expect(
      message("showers")
        == "x.h5: opening dataset 'showers': there is none of that name; the file holds a/f64, big, half, i32, names, scalar"
    )
    #expect(message("a") == "x.h5: opening dataset 'a': it is a group")
    #expect(message("names") == "x.h5: opening dataset 'names': it does not hold plain numbers")
    #expect(
      message("dangling") == "x.h5: opening dataset 'dangling': it is a link to /nowhere, which is not in the file")
    #expect(message("big") == nil)
    let empty = try HDF5File.inMemory(name: "y.h5")
    do {
      _ = try empty.dataset("a")
      Issue.record("there is no dataset")
    } catch { #expect("\(error)" == "y.h5: opening dataset 'a': the file holds no dataset") }
  }

  /// A name is taken only once; libhdf5's own words end up in the message.
  @Test func `what libhdf5 refuses is told in its words`() throws {
    let file = try HDF5File.inMemory(name: "y.h5")
    try file.write([1] as [Float], to: "a", shape: [1])
    let error = try #require(throws: HDF5Error.self) { try file.write([1] as [Float], to: "a", shape: [1]) }
    #expect(error.description == "y.h5: making dataset 'a': libhdf5: name already exists")
    #expect(throws: HDF5Error.self) { try file.write([1] as [Float], to: "a/b", shape: [1]) }
  }

  /// The file was written by h5py 3.16 (float64 in gzip chunks with shuffle, big-endian, half and integer numbers).
  @Test func `files of h5py are read`() throws {
    let file = try HDF5File(reading: Repository.path("Tests/HDF5Tests/h5py.h5"))
    #expect(try file.datasets() == ["a/f64", "big", "half", "i32", "names", "scalar"])
    #expect(try file.read("a/f64", as: Float.self) == ([5, 3], (0..<15).map { Float($0) / 8 }))
    #expect(try file.dataset("a/f64").read(rows: 1..<4, as: Double.self) == (3..<12).map { Double($0) / 8 })
    #expect(try file.read("big", as: Float.self).values == [0, 1, 2, 3])
    #expect(try file.read("half", as: Float.self).values == [0.5, 1.5])
    #expect(try file.read("i32", as: Int64.self).values == [-1, 2, 3])
    #expect(try file.read("scalar", as: Double.self) == ([], [2.5]))
  }
}

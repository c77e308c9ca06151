import CHDF5
import Glibc

/// How a dataset lies in its file.
package enum HDF5Layout: Hashable, Sendable {
  /// One piece.
  case contiguous
  /// Pieces of so many rows, each compressed with gzip (level 1 … 9, 0 for none) after a byte shuffle.
  case chunked(rows: Int, gzip: Int = 6, shuffle: Bool = true)
}

/// A dataset of an open file: numbers in row-major order; a row is all that shares the first index.
///
/// It keeps its file open.
package struct HDF5Dataset: ~Copyable {
  /// The file's path, for messages.
  package let file: String
  /// The dataset's path in the file.
  package let name: String
  /// The extent in each dimension; empty for a single number.
  package let shape: [Int]
  /// The shape of a chunk; nil when it lies in one piece.
  package let chunk: [Int]?
  let identifier: Identifier
  let writable: Bool

  /// The number of rows; 1 for a single number.
  package var rows: Int { shape.first ?? 1 }
  /// The elements of a row.
  package var rowSize: Int { shape.dropFirst().reduce(1, *) }

  /// The most bytes that are read at once.
  static let readLimit = 1 << 34

  /// Reads everything.
  package borrowing func read<Element: HDF5Element>(as type: Element.Type = Element.self) throws -> [Element] {
    try read(rows: 0..<rows)
  }

  /// Reads rows, converted to the type asked for.
  /// - Throws: `HDF5Error`: unsuitable for more than memory can hold.
  /// - Precondition: `rows` are among the dataset's.
  package borrowing func read<Element: HDF5Element>(
    rows range: Range<Int>, as type: Element.Type = Element.self
  ) throws -> [Element] {
    let count = range.count * rowSize
    let limit = min(Self.readLimit, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))
    guard count <= limit / MemoryLayout<Element>.stride else {
      throw HDF5Error(
        .unsuitable, file: file, operation: "reading dataset '\(name)'",
        reason: "its \(count) numbers are more than the \(limit >> 20) MB that are read at once")
    }
    return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      try transfer("reading", range) { memory, space in
        H5Dread(identifier.raw, Element.elementType.native, memory, space, qcalo_default(), buffer.baseAddress)
      }
      initialized = count
    }
  }

  /// Writes rows.
  /// - Precondition: `rows` are among the dataset's, and `values` fill them.
  package borrowing func write<Element: HDF5Element>(_ values: [Element], rows range: Range<Int>) throws {
    precondition(
      values.count == range.count * rowSize, "\(name): \(values.count) values for rows \(range) of shape \(shape)")
    try values.withUnsafeBufferPointer { buffer in
      try transfer("writing", range) { memory, space in
        H5Dwrite(identifier.raw, Element.elementType.native, memory, space, qcalo_default(), buffer.baseAddress)
      }
    }
  }

  private borrowing func transfer(
    _ verb: String, _ range: Range<Int>, _ call: (_ memory: hid_t, _ space: hid_t) -> herr_t
  ) throws {
    precondition(0 <= range.lowerBound && range.upperBound <= rows, "\(name): rows \(range) of \(rows)")
    // Nothing to do, and libhdf5 takes no empty selection's buffer.
    guard range.count * rowSize > 0 else { return }
    try Library.run(on: file) {
      func failure() -> any Error {
        HDF5Error.last(file: file, operation: "\(verb) dataset '\(name)'", writing: writable)
      }
      if shape.isEmpty {
        guard call(qcalo_h5s_all(), qcalo_h5s_all()) >= 0 else { throw failure() }
        return
      }
      let start = [hsize_t(range.lowerBound)] + shape.dropFirst().map { _ in 0 }
      let count = [hsize_t(range.count)] + shape.dropFirst().map { hsize_t($0) }
      guard let space = Identifier(H5Dget_space(identifier.raw), close: H5Sclose),
        H5Sselect_hyperslab(space.raw, H5S_SELECT_SET, start, nil, count, nil) >= 0,
        let memory = Identifier(H5Screate_simple(Int32(count.count), count, nil), close: H5Sclose),
        call(memory.raw, space.raw) >= 0
      else { throw failure() }
    }
  }
}

extension HDF5File {
  /// Opens a dataset of numbers.
  /// - Throws: `HDF5Error`: missing (with the names that are there); unsuitable (no numbers, too many, an unknown
  ///   compression); elsewhere, unwritten (not all of its numbers are in the file).
  package borrowing func dataset(_ name: String) throws -> HDF5Dataset {
    let operation = "opening dataset '\(name)'"
    try checkName(name, operation)
    let identifier = try open(operation, close: H5Oclose) {
      H5Oopen(self.identifier.raw, name, Library.withinFile)
    }
    guard H5Iget_type(identifier.raw) == H5I_DATASET else {
      let what = H5Iget_type(identifier.raw) == H5I_GROUP ? "a group" : "no dataset"
      throw HDF5Error(.unsuitable, file: path, operation: operation, reason: "it is \(what)")
    }
    let type = try open(operation, close: H5Tclose) { H5Dget_type(identifier.raw) }
    guard [H5T_FLOAT, H5T_INTEGER].contains(Library.run { H5Tget_class(type.raw) }) else {
      throw HDF5Error(.unsuitable, file: path, operation: operation, reason: "it does not hold plain numbers")
    }
    let layout = try storedLayout(identifier, operation)
    try checkPlace(of: name, layout, operation)
    let space = try open(operation, close: H5Sclose) { H5Dget_space(identifier.raw) }
    let rank = try check(operation) { H5Sget_simple_extent_ndims(space.raw) }
    var sizes = [hsize_t](repeating: 0, count: Int(rank))
    try check(operation) { H5Sget_simple_extent_dims(space.raw, &sizes, nil) }
    let shape = sizes.map { Int(clamping: $0) }
    try checkContent(of: identifier, name: name, layout, shape: shape, type: type, operation)
    return HDF5Dataset(
      file: path, name: name, shape: shape, chunk: layout.chunk, identifier: identifier, writable: writable)
  }

  /// Makes a dataset, and the groups on the way to it.
  ///
  /// Its elements are 0 until they are written.
  package borrowing func create(
    _ name: String, shape: [Int], type: HDF5ElementType, layout: HDF5Layout = .contiguous
  ) throws -> HDF5Dataset {
    let operation = "making dataset '\(name)'"
    let sizes = shape.map { hsize_t($0) }
    let space = try open(operation, close: H5Sclose) { H5Screate_simple(Int32(sizes.count), sizes, nil) }
    let links = try open(operation, close: H5Pclose) { H5Pcreate(qcalo_h5p_link_create()) }
    let properties = try open(operation, close: H5Pclose) { H5Pcreate(qcalo_h5p_dataset_create()) }
    try check(operation) { H5Pset_create_intermediate_group(links.raw, 1) }
    try check(operation) { H5Pset_obj_track_times(properties.raw, false) }
    // A chunk may not be larger than the dataset, nor be empty.
    if case .chunked(let rows, let gzip, let shuffle) = layout, let first = shape.first, !shape.contains(0) {
      let chunk = [hsize_t(min(max(rows, 1), first))] + sizes.dropFirst()
      try check(operation) { H5Pset_chunk(properties.raw, Int32(chunk.count), chunk) }
      if shuffle { try check(operation) { H5Pset_shuffle(properties.raw) } }
      if gzip > 0 { try check(operation) { H5Pset_deflate(properties.raw, UInt32(gzip)) } }
    }
    let identifier = try open(operation, close: H5Oclose) {
      H5Dcreate2(
        self.identifier.raw, name, type.stored, space.raw, links.raw, properties.raw, qcalo_default())
    }
    return HDF5Dataset(
      file: path, name: name, shape: shape, chunk: try storedLayout(identifier, operation).chunk,
      identifier: identifier,
      writable: writable)
  }

  private borrowing func storedLayout(_ dataset: borrowing Identifier, _ operation: String) throws -> StoredLayout {
    let properties = try open(operation, close: H5Pclose) { H5Dget_create_plist(dataset.raw) }
    return Library.run(on: path) { StoredLayout(of: properties) }
  }

  /// Makes a dataset of these values.
  /// - Precondition: `shape` holds `values`.
  package borrowing func write<Element: HDF5Element>(
    _ values: [Element], to name: String, shape: [Int], layout: HDF5Layout = .contiguous
  ) throws {
    let dataset = try create(name, shape: shape, type: Element.elementType, layout: layout)
    try dataset.write(values, rows: 0..<dataset.rows)
  }

  /// Reads a whole dataset with its shape.
  package borrowing func read<Element: HDF5Element>(
    _ name: String, as type: Element.Type = Element.self
  ) throws -> (shape: [Int], values: [Element]) {
    let dataset = try dataset(name)
    return (dataset.shape, try dataset.read())
  }

  /// Makes a group and those on the way to it, where it is not there yet.
  package borrowing func createGroup(_ name: String) throws {
    guard !contains(name) else { return }
    let operation = "making group '\(name)'"
    let links = try open(operation, close: H5Pclose) { H5Pcreate(qcalo_h5p_link_create()) }
    let properties = try open(operation, close: H5Pclose) { H5Pcreate(qcalo_h5p_group_create()) }
    try check(operation) { H5Pset_create_intermediate_group(links.raw, 1) }
    try check(operation) { H5Pset_obj_track_times(properties.raw, false) }
    _ = try open(operation, close: H5Gclose) {
      H5Gcreate2(identifier.raw, name, links.raw, properties.raw, qcalo_default())
    }
  }
}

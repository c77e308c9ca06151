import CHDF5
import Glibc

/// Whether a dataset's numbers are there, and fit into memory, asked before one of them is read. Else libhdf5 gives
/// zeros for those of a virtual dataset whose source is gone and for those that were never written, and another file's
/// bytes for those in external storage.
extension HDF5File {
  /// The most numbers of a dataset.
  private static var countLimit: Int { 1 << 36 }
  /// The most bytes of a compressed chunk, which libhdf5 holds in memory as a whole.
  private static var chunkLimit: Int { 1 << 28 }

  /// Asked first, since libhdf5 opens the sources of a virtual dataset to say how large it is.
  /// - Throws: `HDF5Error`: elsewhere; unsuitable where a filter is missing.
  borrowing func checkPlace(of name: String, _ layout: StoredLayout, _ operation: String) throws {
    guard layout.sources.isEmpty && !layout.isVirtual else {
      let files = layout.sources.map { $0 == "." ? path : $0 }
      let absent = files.filter { !isThere($0) }
      let lacking =
        absent.isEmpty ? "" : ", of which \(Self.list(absent)) \(absent.count == 1 ? "is" : "are") not there"
      throw HDF5Error(
        .elsewhere, file: path, operation: operation,
        reason: "\(layout.isVirtual ? "it is virtual" : "it is in external storage"): its numbers are in "
          + "\(files.isEmpty ? "no file" : Self.list(files))\(lacking); where all of them are, `h5repack -l \(name):CONTI IN "
          + "OUT` makes one file")
    }
    guard let filter = layout.filters.first(where: { H5Zfilter_avail($0.number) <= 0 }) else { return }
    throw HDF5Error(
      .unsuitable, file: path, operation: operation,
      reason: "it is compressed by \(filter.title), a filter that this libhdf5 does not have; where it is, `h5repack "
        + "-f GZIP=6 IN OUT` makes a file that is read everywhere")
  }

  /// - Throws: `HDF5Error`: unsuitable when it is too large; unwritten.
  borrowing func checkContent(
    of dataset: borrowing Identifier, name: String, _ layout: StoredLayout, shape: [Int], type: borrowing Identifier,
    _ operation: String
  ) throws {
    func refusal(_ kind: HDF5Error.Kind, _ reason: String) -> HDF5Error {
      HDF5Error(kind, file: path, operation: operation, reason: reason)
    }
    // Of what has no numbers the rows have a size still.
    guard shape.reduce(1.0, { $0 * Double(max($1, 1)) }) <= Double(Self.countLimit) else {
      throw refusal(.unsuitable, "its shape is \(shape), larger than the \(Self.countLimit) numbers that are taken")
    }
    guard !shape.contains(0) else { return }
    let unwritten = "would be read as zeros or as another filling value; let its writer end, or make the file again"
    guard let chunk = layout.chunk else {
      guard writable || H5Dget_storage_size(dataset.raw) > 0 else {
        throw refusal(.unwritten, "its numbers were never written and \(unwritten)")
      }
      return
    }
    let bytes = chunk.reduce(Double(H5Tget_size(type.raw))) { $0 * Double($1) }
    guard layout.filters.isEmpty || bytes <= Double(Self.chunkLimit) else {
      throw refusal(
        .unsuitable,
        "each of its chunks, \(chunk), is \(Int(min(bytes / 0x1p20, 1e15))) MB, larger than the \(Self.chunkLimit >> 20) MB that "
          + "are taken; `h5repack -l \(name):CHUNK=… IN OUT` makes smaller ones")
    }
    guard !writable else { return }
    let space = try open(operation, close: H5Sclose) { H5Dget_space(dataset.raw) }
    var written: hsize_t = 0
    try check(operation) { H5Dget_num_chunks(dataset.raw, space.raw, &written) }
    let needed = zip(shape, chunk).reduce(1) { $0 * (($1.0 + $1.1 - 1) / $1.1) }
    guard written >= needed else {
      throw refusal(
        .unwritten, "\(needed - Int(written)) of its \(needed) chunks were never written; their numbers \(unwritten)")
    }
  }

  /// Whether a source is there, as libhdf5 looks for it: beside the file, or as it is given.
  ///
  /// Numbered ones (with %b) have no one name.
  private borrowing func isThere(_ source: String) -> Bool {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return source.contains("%b") || access(source, F_OK) == 0
      || !source.hasPrefix("/") && access(folder + source, F_OK) == 0
  }

  private static func list(_ files: [String]) -> String {
    files.prefix(5).joined(separator: ", ") + (files.count > 5 ? " and \(files.count - 5) more" : "")
  }
}

extension StoredLayout.Filter {
  /// The names of filters that files of other programs have, where the file has none.
  private static let names: [Int32: String] = [
    4: "szip", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle", 32013: "zfp",
    32015: "zstd", 32017: "sz", 32026: "blosc2",
  ]

  /// The name in messages: "blosc (number 32001)".
  var title: String { "\(Self.names[number] ?? (name.isEmpty ? "an unknown one" : name)) (number \(number))" }
}

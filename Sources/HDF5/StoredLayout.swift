import CHDF5

/// How a dataset lies, by its creation properties.
struct StoredLayout {
  /// The shape of its chunks; nil when it lies in one piece.
  let chunk: [Int]?
  /// Whether it is a view of other datasets.
  let isVirtual: Bool
  /// The files that its numbers are in, where that is not the file itself: a virtual dataset's, or external storage.
  let sources: [String]
  let filters: [Filter]

  struct Filter {
    let number: Int32
    let name: String
  }

  /// Within `Library.run`.
  ///
  /// What cannot be asked for is not there.
  init(of properties: borrowing Identifier) {
    let layout = H5Pget_layout(properties.raw)
    isVirtual = layout == H5D_VIRTUAL
    sources = isVirtual ? Self.virtualSources(properties) : Self.externalFiles(properties)
    var sizes = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = layout == H5D_CHUNKED ? H5Pget_chunk(properties.raw, H5S_MAX_RANK, &sizes) : 0
    chunk = rank > 0 ? sizes.prefix(Int(rank)).map { Int(clamping: $0) } : nil
    filters = (0..<max(0, H5Pget_nfilters(properties.raw))).compactMap { Self.filter($0, properties) }
  }

  private static func filter(_ index: Int32, _ properties: borrowing Identifier) -> Filter? {
    var (flags, count, configuration) = (UInt32(0), 0, UInt32(0))
    var name = [CChar](repeating: 0, count: 256)
    let number = H5Pget_filter2(
      properties.raw, UInt32(index), &flags, &count, nil, name.count - 1, &name, &configuration)
    return number < 0 ? nil : Filter(number: number, name: text(name))
  }

  /// Each once, in order.
  private static func virtualSources(_ properties: borrowing Identifier) -> [String] {
    var count = 0
    guard H5Pget_virtual_count(properties.raw, &count) >= 0 else { return [] }
    var files: [String] = []
    for index in 0..<count {
      let length = H5Pget_virtual_filename(properties.raw, index, nil, 0)
      guard length > 0 else { continue }
      var name = [CChar](repeating: 0, count: length + 1)
      H5Pget_virtual_filename(properties.raw, index, &name, name.count)
      if !files.contains(text(name)) { files.append(text(name)) }
    }
    return files
  }

  private static func externalFiles(_ properties: borrowing Identifier) -> [String] {
    (0..<max(0, H5Pget_external_count(properties.raw))).map { index in
      var (offset, size) = (0, hsize_t(0))
      var name = [CChar](repeating: 0, count: 4097)
      H5Pget_external(properties.raw, UInt32(index), name.count - 1, &name, &offset, &size)
      return text(name)
    }
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

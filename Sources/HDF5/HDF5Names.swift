import CHDF5

/// What a name in a file leads to.
private enum Place: Hashable {
  case here
  case nowhere
  /// The target of a soft link, which is not there.
  case dangling(String)
  /// The file and the object that an external link points to, which is not followed.
  case elsewhere(file: String, object: String)
}

extension HDF5File {
  /// Whether a group or dataset of this file has this name.
  package borrowing func contains(_ name: String) -> Bool {
    Library.run(on: path) { place(of: name) == .here }
  }

  /// - Throws: `HDF5Error`: missing (with the names that are there), elsewhere.
  borrowing func checkName(_ name: String, _ operation: String) throws {
    switch Library.run(on: path, { place(of: name) }) {
    case .here: return
    case .elsewhere(let file, let object):
      throw HDF5Error(
        .elsewhere, file: path, operation: operation,
        reason:
          "it is a link to \(object) in another file, \(file), which is not followed; `h5copy` puts what is there "
          + "into this one")
    case .dangling(let target):
      throw HDF5Error(
        .missing, file: path, operation: operation, reason: "it is a link to \(target), which is not in the file")
    case .nowhere:
      let names = try datasets()
      let known = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      throw HDF5Error(
        .missing, file: path, operation: operation,
        reason: names.isEmpty ? "the file holds no dataset" : "there is none of that name; the file holds \(known)")
    }
  }

  /// Within `Library.run`.
  private borrowing func place(of name: String) -> Place {
    Library.external = nil
    func absent(_ name: String) -> Place {
      if let link = Library.external { return .elsewhere(file: link.file, object: link.object) }
      let size = qcalo_soft_link_size(identifier.raw, name, Library.withinFile)
      guard size > 0 else { return .nowhere }
      var target = [UInt8](repeating: 0, count: size)
      guard H5Lget_val(identifier.raw, name, &target, size, Library.withinFile) >= 0 else { return .nowhere }
      return .dangling(String(decoding: target.prefix { $0 != 0 }, as: UTF8.self))
    }
    var prefix = ""
    for part in name.split(separator: "/") {
      let parent = prefix
      prefix += "/" + part
      // Asked for a longer path, libhdf5 fails where a group on the way is not there.
      guard H5Lexists(identifier.raw, prefix, Library.withinFile) > 0 else {
        return Library.external == nil ? .nowhere : absent(parent)
      }
    }
    let isThere = name == "/" || H5Oexists_by_name(identifier.raw, name, Library.withinFile) > 0
    return isThere ? .here : absent(prefix)
  }
}

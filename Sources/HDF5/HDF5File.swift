import CHDF5
import Glibc

/// An open HDF5 file.
///
/// Names are paths within it, such as `generator/dense_0/kernel`.
///
/// The same calls give the same bytes: no times are stored. Closed with the value; `close()` says whether that worked.
package struct HDF5File: ~Copyable {
  /// The path that it was opened by, for messages.
  package let path: String
  let identifier: Identifier
  let writable: Bool

  /// The library behind it, with its version: "HDF5 1.10.8".
  package static let library = "HDF5 \(H5_VERS_MAJOR).\(H5_VERS_MINOR).\(H5_VERS_RELEASE)"

  /// Opens a file to read it.
  /// - Throws: `HDF5Error`: unreadable, notHDF5, truncated.
  package init(reading path: String) throws { try self.init(opening: path, writable: false) }

  /// Opens a file to read it and to add to it.
  package init(updating path: String) throws { try self.init(opening: path, writable: true) }

  /// Makes a new, empty file; one that was there is overwritten.
  ///
  /// What must survive a crash is made through `DurableFile`, which writes aside and renames.
  package init(creating path: String) throws {
    self.path = path
    writable = true
    identifier = try Library.run {
      let access = try Self.access(path)
      return try Self.create(path, calling: path, access: access)
    }
  }

  /// Makes a new, empty file in memory; its bytes are `image()`.
  package static func inMemory(name: String = "(memory)") throws -> HDF5File { try HDF5File(inMemory: name) }

  private init(inMemory name: String) throws {
    path = name
    writable = true
    identifier = try Library.run {
      let access = try Self.access(name)
      _ = H5Pset_fapl_core(access.raw, 1 << 20, false)
      return try Self.create(Library.freshName(), calling: name, access: access)
    }
  }

  /// Opens the bytes of a file, to read them.
  /// - Parameters:
  ///   - image: The bytes, of which a copy is kept.
  ///   - name: What messages call it.
  /// - Throws: `HDF5Error` when they are not those of an HDF5 file.
  package init(image: [UInt8], name: String) throws {
    path = name
    writable = false
    identifier = try Library.run(on: name) {
      let access = try Self.access(name)
      _ = H5Pset_fapl_core(access.raw, 1 << 20, false)
      // libhdf5 keeps a copy of its own.
      _ = image.withUnsafeBytes {
        H5Pset_file_image(access.raw, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
      }
      guard image.starts(with: Self.signature) else { throw Self.notHDF5(name) }
      guard let file = Identifier(H5Fopen(Library.freshName(), qcalo_h5f_acc_rdonly(), access.raw), close: H5Fclose)
      else {
        throw HDF5Error.last(file: name, operation: "opening", writing: false)
      }
      return file
    }
  }

  private init(opening path: String, writable: Bool) throws {
    self.path = path
    self.writable = writable
    identifier = try Library.run(on: path) {
      var status = stat()
      guard stat(path, &status) == 0 else { throw Self.unreadable(path, String(cString: strerror(errno))) }
      guard status.st_mode & S_IFMT != S_IFDIR else { throw Self.unreadable(path, "it is a folder") }
      let access = try Self.access(path)
      let mode = writable ? qcalo_h5f_acc_rdwr() : qcalo_h5f_acc_rdonly()
      guard let file = Identifier(H5Fopen(path, mode, access.raw), close: H5Fclose) else {
        let error = HDF5Error.last(file: path, operation: "opening", writing: writable)
        guard var refusal = error as? HDF5Error, refusal.kind == .failed else { throw error }
        // Asked only now: the answer is the same "no" for a file that cannot be read.
        if H5Fis_hdf5(path) == 0 { throw Self.notHDF5(path) }
        refusal.reason += "; the file is damaged, or its writer has not closed it"
        throw refusal
      }
      return file
    }
  }

  /// Writes everything to the file system (not yet to the disk: see `DurableFile.sync`).
  package borrowing func flush() throws {
    try check("flushing", writing: true) { H5Fflush(identifier.raw, H5F_SCOPE_GLOBAL) }
  }

  /// Closes the file, with the error that closing may bring when there is no room for what was still to be written.
  package consuming func close() throws {
    let path = path
    if writable { try check("closing") { H5Fflush(identifier.raw, H5F_SCOPE_GLOBAL) } }
    if let failure = identifier.closed() {
      throw HDF5Error.error(for: failure, file: path, operation: "closing", writing: true)
    }
  }

  /// The file's bytes, as they would be on disk.
  package borrowing func image() throws -> [UInt8] {
    try flush()
    let size = try check("sizing", writing: false) { H5Fget_file_image(identifier.raw, nil, 0) }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = try check("copying", writing: false) { H5Fget_file_image(identifier.raw, buffer.baseAddress, size) }
    }
  }

  /// The paths of all datasets, sorted; soft links are not followed.
  package borrowing func datasets() throws -> [String] {
    var found: [String] = []
    try Library.run(on: path) { try visit("/", prefix: "", depth: 0) { found.append($0) } }
    return found.sorted()
  }
}

extension HDF5File {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  private static func notHDF5(_ path: String) -> HDF5Error {
    HDF5Error(.notHDF5, file: path, operation: "opening", reason: "this is not an HDF5 file")
  }

  private static func unreadable(_ path: String, _ reason: String) -> HDF5Error {
    HDF5Error(.unreadable, file: path, operation: "opening", reason: reason)
  }

  private static func access(_ path: String) throws -> Identifier {
    guard let list = Identifier(H5Pcreate(qcalo_h5p_file_access()), close: H5Pclose) else {
      throw HDF5Error.last(file: path, operation: "opening", writing: false)
    }
    _ = qcalo_without_file_locks(list.raw)
    return list
  }

  private static func create(_ path: String, calling name: String, access: borrowing Identifier) throws -> Identifier {
    guard let creation = Identifier(H5Pcreate(qcalo_h5p_file_create()), close: H5Pclose),
      H5Pset_obj_track_times(creation.raw, false) >= 0,
      let file = Identifier(
        H5Fcreate(path, qcalo_h5f_acc_trunc(), creation.raw, access.raw), close: H5Fclose)
    else { throw HDF5Error.last(file: name, operation: "creating", writing: true) }
    return file
  }

  /// Runs a call of libhdf5 and throws its error when it returns a negative number.
  @discardableResult
  borrowing func check<Number: SignedInteger>(
    _ operation: @autoclosure () -> String, writing: Bool? = nil, _ call: () -> Number
  ) throws -> Number {
    try Library.run(on: path) {
      let result = call()
      guard result >= 0 else {
        throw HDF5Error.last(file: path, operation: operation(), writing: writing ?? writable)
      }
      return result
    }
  }

  /// Runs a call of libhdf5 that makes an identifier.
  borrowing func open(
    _ operation: @autoclosure () -> String, close: @escaping @convention(c) (hid_t) -> herr_t, _ call: () -> hid_t
  ) throws -> Identifier {
    try Library.run(on: path) {
      guard let identifier = Identifier(call(), close: close) else {
        throw HDF5Error.last(file: path, operation: operation(), writing: writable)
      }
      return identifier
    }
  }

  private borrowing func visit(_ group: String, prefix: String, depth: Int, _ found: (String) -> Void) throws {
    // Deeper than anything sensible: groups may contain themselves.
    guard depth < 16 else { return }
    let handle = try open("listing '\(group)'", close: H5Gclose) { H5Gopen2(identifier.raw, group, qcalo_default()) }
    var info = H5G_info_t()
    try check("listing '\(group)'") { H5Gget_info(handle.raw, &info) }
    for index in 0..<info.nlinks {
      func name(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
        H5Lget_name_by_idx(
          handle.raw, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, qcalo_default())
      }
      let length = try check("listing '\(group)'") { name(nil, 0) }
      let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
        _ = name(buffer.baseAddress, length + 1)
        return String(cString: buffer.baseAddress!)
      }
      // The other kinds point to what is listed anyway, or nowhere.
      guard qcalo_is_hard_link(handle.raw, text) != 0 else { continue }
      let object = try open("opening '\(prefix)\(text)'", close: H5Oclose) {
        H5Oopen(handle.raw, text, Library.withinFile)
      }
      switch H5Iget_type(object.raw) {
      case H5I_DATASET: found(prefix + text)
      case H5I_GROUP: try visit(prefix + text, prefix: prefix + text + "/", depth: depth + 1, found)
      default: break
      }
    }
  }
}

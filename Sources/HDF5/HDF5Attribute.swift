import CHDF5
import Glibc

/// The value of an attribute of a file ("/"), group or dataset.
package enum HDF5Attribute: Hashable, Sendable {
  case string(String)
  case int(Int)
  case double(Double)
  /// A list of texts. One of a single text is read as `string`.
  case strings([String])

  /// The text; nil when it is anything else.
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The texts; nil when it is anything else.
  package var strings: [String]? { if case .strings(let values) = self { values } else { nil } }
  /// The integer; nil when it is anything else.
  package var int: Int? { if case .int(let value) = self { value } else { nil } }
  /// The number, integers included; nil when it is a text.
  package var double: Double? {
    switch self {
    case .double(let value): value
    case .int(let value): Double(value)
    case .string, .strings: nil
    }
  }
}

extension HDF5File {
  /// The most bytes of an attribute.
  private static var attributeLimit: hsize_t { 1 << 20 }

  /// Reads an attribute; nil when there is none of that name.
  /// - Throws: `HDF5Error`: missing (the object), unsuitable (an array, of another type, too large).
  package borrowing func attribute(_ name: String, of object: String = "/") throws -> HDF5Attribute? {
    let operation = "reading attribute '\(name)' of '\(object)'"
    return try Library.run(on: path) {
      let owner = try openObject(object, operation)
      guard try check(operation, writing: false, { H5Aexists(owner.raw, name) }) > 0 else { return nil }
      let attribute = try open(operation, close: H5Aclose) { H5Aopen(owner.raw, name, qcalo_default()) }
      guard H5Aget_storage_size(attribute.raw) <= Self.attributeLimit else {
        throw HDF5Error(
          .unsuitable, file: path, operation: operation,
          reason: "it is larger than the \(Self.attributeLimit >> 20) MB that are taken")
      }
      let space = try open(operation, close: H5Sclose) { H5Aget_space(attribute.raw) }
      let count = Int(H5Sget_simple_extent_npoints(space.raw))
      let type = try open(operation, close: H5Tclose) { H5Aget_type(attribute.raw) }
      if count != 1 && H5Tis_variable_str(type.raw) > 0 {
        return .strings(try texts(of: attribute, type: type, count: count, operation))
      }
      guard count == 1 else {
        throw HDF5Error(.unsuitable, file: path, operation: operation, reason: "it is not a single value")
      }
      switch H5Tget_class(type.raw) {
      case H5T_INTEGER:
        var value: Int64 = 0
        try check(operation, writing: false) { H5Aread(attribute.raw, qcalo_h5t_native_int64(), &value) }
        return .int(Int(value))
      case H5T_FLOAT:
        var value = 0.0
        try check(operation, writing: false) { H5Aread(attribute.raw, qcalo_h5t_native_double(), &value) }
        return .double(value)
      case H5T_STRING:
        return .string(try text(of: attribute, type: type, operation))
      default:
        throw HDF5Error(.unsuitable, file: path, operation: operation, reason: "it is neither a number nor a text")
      }
    }
  }

  /// Sets an attribute; one of that name is replaced.
  package borrowing func setAttribute(_ name: String, _ value: HDF5Attribute, of object: String = "/") throws {
    let operation = "setting attribute '\(name)' of '\(object)'"
    try Library.run(on: path) {
      let owner = try openObject(object, operation)
      if try check(operation, { H5Aexists(owner.raw, name) }) > 0 {
        try check(operation) { H5Adelete(owner.raw, name) }
      }
      let space = try open(operation, close: H5Sclose) {
        guard let count = value.strings?.count else { return H5Screate(H5S_SCALAR) }
        return H5Screate_simple(1, [hsize_t(count)], nil)
      }
      func write(stored: hid_t, native: hid_t, _ bytes: UnsafeRawPointer) throws {
        let attribute = try open(operation, close: H5Aclose) {
          H5Acreate2(owner.raw, name, stored, space.raw, qcalo_default(), qcalo_default())
        }
        try check(operation) { H5Awrite(attribute.raw, native, bytes) }
      }
      switch value {
      case .int(let value):
        let type = HDF5ElementType.int64
        try withUnsafeBytes(of: Int64(value)) { try write(stored: type.stored, native: type.native, $0.baseAddress!) }
      case .double(let value):
        let type = HDF5ElementType.float64
        try withUnsafeBytes(of: value) { try write(stored: type.stored, native: type.native, $0.baseAddress!) }
      case .string(let value): try write([value])
      case .strings(let values): try write(values)
      }
      func write(_ texts: [String]) throws {
        let type = try open(operation, close: H5Tclose) { H5Tcopy(qcalo_h5t_c_s1()) }
        // Of variable length: h5py reads those as text, and texts of fixed length as bytes.
        try check(operation) { H5Tset_size(type.raw, qcalo_h5t_variable()) }
        try check(operation) { H5Tset_cset(type.raw, H5T_CSET_UTF8) }
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        // libhdf5 reads nothing of no texts, but wants a place.
        try (pointers + [nil]).withUnsafeBytes { try write(stored: type.raw, native: type.raw, $0.baseAddress!) }
      }
    }
  }

  private borrowing func openObject(_ name: String, _ operation: String) throws -> Identifier {
    guard contains(name) else {
      throw HDF5Error(.missing, file: path, operation: operation, reason: "there is no '\(name)'")
    }
    return try open(operation, close: H5Oclose) { H5Oopen(identifier.raw, name, Library.withinFile) }
  }

  /// A text of variable length, as written here, or of fixed length.
  private borrowing func text(
    of attribute: borrowing Identifier, type: borrowing Identifier, _ operation: String
  ) throws -> String {
    if H5Tis_variable_str(type.raw) > 0 {
      var pointer: UnsafeMutablePointer<CChar>?
      try check(operation, writing: false) { H5Aread(attribute.raw, type.raw, &pointer) }
      defer { H5free_memory(pointer) }
      return pointer.map { String(cString: $0) } ?? ""
    }
    var bytes = [UInt8](repeating: 0, count: H5Tget_size(type.raw))
    try check(operation, writing: false) { H5Aread(attribute.raw, type.raw, &bytes) }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private borrowing func texts(
    of attribute: borrowing Identifier, type: borrowing Identifier, count: Int, _ operation: String
  ) throws -> [String] {
    guard count > 0 else { return [] }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try check(operation, writing: false) { H5Aread(attribute.raw, type.raw, &pointers) }
    defer { for pointer in pointers { H5free_memory(pointer) } }
    return pointers.map { $0.map { String(cString: $0) } ?? "" }
  }
}

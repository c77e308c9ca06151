internal import CHDF5

/// The value of an attribute of a file ("/"), group or dataset.
public enum HDF5Attribute: Hashable, Sendable {
  case string(String)
  case int(Int)
  case double(Double)

  /// The text; nil when it is a number.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The integer; nil when it is anything else.
  public var int: Int? { if case .int(let value) = self { value } else { nil } }
  /// The number, integers included; nil when it is a text.
  public var double: Double? {
    switch self {
    case .double(let value): value
    case .int(let value): Double(value)
    case .string: nil
    }
  }
}

extension HDF5File {
  /// Reads an attribute; nil when there is none of that name.
  /// - Throws: `HDF5Error`: missing (the object), unsuitable (an array, or of another type).
  public borrowing func attribute(_ name: String, of object: String = "/") throws -> HDF5Attribute? {
    let operation = "reading attribute '\(name)' of '\(object)'"
    return try Library.run {
      let owner = try openObject(object, operation)
      guard try check(operation, writing: false, { H5Aexists(owner.raw, name) }) > 0 else { return nil }
      let attribute = try open(operation, close: H5Aclose) { H5Aopen(owner.raw, name, qcalo_default()) }
      let space = try open(operation, close: H5Sclose) { H5Aget_space(attribute.raw) }
      guard H5Sget_simple_extent_npoints(space.raw) == 1 else {
        throw HDF5Error(.unsuitable, file: path, operation: operation, reason: "it is not a single value")
      }
      let type = try open(operation, close: H5Tclose) { H5Aget_type(attribute.raw) }
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
  public borrowing func setAttribute(_ name: String, _ value: HDF5Attribute, of object: String = "/") throws {
    let operation = "setting attribute '\(name)' of '\(object)'"
    try Library.run {
      let owner = try openObject(object, operation)
      if try check(operation, { H5Aexists(owner.raw, name) }) > 0 {
        try check(operation) { H5Adelete(owner.raw, name) }
      }
      let space = try open(operation, close: H5Sclose) { H5Screate(H5S_SCALAR) }
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
      case .string(let value):
        let type = try open(operation, close: H5Tclose) { H5Tcopy(qcalo_h5t_c_s1()) }
        // Of variable length: h5py reads those as text, and texts of fixed length as bytes.
        try check(operation) { H5Tset_size(type.raw, qcalo_h5t_variable()) }
        try check(operation) { H5Tset_cset(type.raw, H5T_CSET_UTF8) }
        try value.withCString { text in
          try withUnsafeBytes(of: text) { try write(stored: type.raw, native: type.raw, $0.baseAddress!) }
        }
      }
    }
  }

  private borrowing func openObject(_ name: String, _ operation: String) throws -> Identifier {
    guard contains(name) else {
      throw HDF5Error(.missing, file: path, operation: operation, reason: "there is no '\(name)'")
    }
    return try open(operation, close: H5Oclose) { H5Oopen(identifier.raw, name, qcalo_default()) }
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
}

import CHDF5

/// The number types that are read and written; libhdf5 converts from and to the file's own.
package enum HDF5ElementType: Hashable, Sendable, CaseIterable {
  case float32, float64, int64

  /// The type in memory.
  var native: hid_t {
    switch self {
    case .float32: qcalo_h5t_native_float()
    case .float64: qcalo_h5t_native_double()
    case .int64: qcalo_h5t_native_int64()
    }
  }

  /// The type in files, little-endian on every machine.
  var stored: hid_t {
    switch self {
    case .float32: qcalo_h5t_ieee_f32le()
    case .float64: qcalo_h5t_ieee_f64le()
    case .int64: qcalo_h5t_std_i64le()
    }
  }
}

/// A Swift type for the elements of a dataset.
package protocol HDF5Element: BitwiseCopyable, Sendable {
  /// The number type that libhdf5 is told.
  static var elementType: HDF5ElementType { get }
}

extension Float: HDF5Element {
  /// IEEE single precision, 4 bytes.
  package static var elementType: HDF5ElementType { .float32 }
}

extension Double: HDF5Element {
  /// IEEE double precision, 8 bytes.
  package static var elementType: HDF5ElementType { .float64 }
}

extension Int64: HDF5Element {
  /// Signed integers, 8 bytes.
  package static var elementType: HDF5ElementType { .int64 }
}

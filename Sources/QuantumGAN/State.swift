package import Experiment
package import NeuralNetwork

/// Named arrays by name.
struct NamedArrays {
  private var arrays: [String: NamedArray] = [:]

  init(_ list: [NamedArray]) throws(InputError) {
    for array in list where arrays.updateValue(array, forKey: array.name) != nil {
      throw InputError("the state has two arrays '\(array.name)'")
    }
  }

  subscript(name: String) -> NamedArray? { arrays[name] }
}

extension Parameters {
  private func buffers(moments: Bool) -> [(prefix: String, values: UnsafeMutablePointer<Float>)] {
    [("", values)] + (moments ? [("adam/m/", m), ("adam/v/", v)] : [])
  }

  /// The slices as named arrays, with Adam's moments if asked for.
  package func arrays(moments: Bool) -> [NamedArray] {
    buffers(moments: moments).flatMap { prefix, buffer in
      slices.map { NamedArray(name: prefix + $0.name, shape: $0.shape, values: elements(of: $0, in: buffer)) }
    }
  }

  /// - Throws: `InputError` if `restore` could not take every slice from the arrays.
  func check(_ arrays: NamedArrays, moments: Bool) throws(InputError) {
    for (prefix, _) in buffers(moments: moments) {
      for slice in slices {
        guard let array = arrays[prefix + slice.name] else {
          throw InputError("the state has no array '\(prefix + slice.name)'")
        }
        guard array.shape == slice.shape else {
          throw InputError("array '\(array.name)' has shape \(array.shape), the model \(slice.shape)")
        }
      }
    }
  }

  /// Takes every slice from a state.
  /// - Throws: `InputError` if an array is missing or has another shape; nothing is changed then.
  package func restore(_ state: [NamedArray], moments: Bool) throws(InputError) {
    let arrays = try NamedArrays(state)
    try check(arrays, moments: moments)
    restore(arrays, moments: moments)
  }

  /// Takes every slice from arrays that `check` has passed.
  func restore(_ arrays: NamedArrays, moments: Bool) {
    for (prefix, buffer) in buffers(moments: moments) {
      for slice in slices { set(slice, to: arrays[prefix + slice.name]!.values, in: buffer) }
    }
  }
}

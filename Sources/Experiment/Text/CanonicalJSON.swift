package import FoundationEssentials
import Storage

/// JSON as this project writes it to files: sorted keys, no escaped slashes, the shortest exact numbers.
///
/// The same value gives the same bytes; floating-point numbers come back to the bit; the
/// non-finite ones, which JSON lacks, are the strings "inf", "-inf" and "nan".
package enum CanonicalJSON {
  /// The JSON of a value: on one line, for journals; or spread out, for files that people read.
  package static func data(_ value: some Encodable, pretty: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value)
  }

  /// The value that JSON in this form describes.
  /// - Throws: `DecodingError`.
  package static func value<Value: Decodable>(_ type: Value.Type = Value.self, from data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: data)
  }

  /// The value that a file in this form describes.
  /// - Throws: `StorageError` when the file cannot be read, `DecodingError`.
  package static func value<Value: Decodable>(_ type: Value.Type = Value.self, inFile path: String) throws -> Value {
    try value(type, from: FileContent.data(of: path))
  }
}

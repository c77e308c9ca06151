import FoundationEssentials
import Glibc
import Storage

/// The checksum that ends a journal's line, `,"crc":"0a1b2c3d"}`: the CRC-32 of all bytes before it.
///
/// It shows that a line was changed after it was written. Earlier workers wrote none.
enum LineChecksum {
  case none, right, wrong

  /// The bytes that it takes, with the brace.
  static let length = 18

  /// What a line is told to be whose checksum does not fit it.
  static let changed = "its checksum does not match: it was changed after it was written"
  /// What a line without one is told to be in a journal that begins with one.
  static let missing = "it has no checksum, and the journal's first line has one: it was changed after it was written"

  /// The checksum of a line without its end.
  init(of line: UnsafeRawBufferPointer) {
    let count = line.count - Self.length
    guard count > 0, let end = line.baseAddress?.advanced(by: count), memcmp(end, ",\"crc\":\"", 8) == 0,
      memcmp(end + 16, "\"}", 2) == 0
    else {
      self = .none
      return
    }
    let digits = Self.digits(of: UnsafeRawBufferPointer(rebasing: line[..<count]))
    self = digits.elementsEqual(line[(count + 8)..<(count + 16)]) ? .right : .wrong
  }

  /// A JSON object with its checksum as the last key.
  static func added(to object: Data) -> Data {
    var line = object.dropLast()
    let digits = line.withUnsafeBytes { Self.digits(of: $0) }
    line.append(contentsOf: Array(",\"crc\":\"".utf8))
    line.append(contentsOf: digits)
    line.append(contentsOf: Array("\"}".utf8))
    return line
  }

  private static func digits(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let crc = CRC32.checksum(of: bytes)
    return (0..<8).map { place in
      let digit = UInt8(crc >> (28 - 4 * UInt32(place)) & 15)
      return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
  }
}

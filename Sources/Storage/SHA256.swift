import CStorage

/// SHA-256 (FIPS 180-4).
///
/// Blocks go to the processor's SHA instructions where it has them: a worker digests all of itself whenever it starts.
/// Here because the alternative, BoringSSL, adds a minute and a half to every build for one hash.
package struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  package init() {}

  /// Adds bytes to the message.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let take = min(64 - pending.count, rest.count)
      pending += rest.prefix(take)
      rest = rest.dropFirst(take)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { sha256_compress(&state, $0.baseAddress, 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let blocks = rest.count / 64
    sha256_compress(&state, UnsafeRawBufferPointer(rebasing: rest).baseAddress, blocks)
    pending += rest.dropFirst(64 * blocks)
  }

  /// Takes in bytes of any sequence.
  package mutating func update<Bytes: Sequence<UInt8>>(_ bytes: Bytes) {
    Array(bytes).withUnsafeBytes { update($0) }
  }

  /// The digest as hexadecimal digits, the first of 64; the value can go on being updated.
  package func hexDigest(digits: Int = 64) -> String {
    var end = pending
    end.reserveCapacity(128)
    end.append(0x80)
    while end.count % 64 != 56 { end.append(0) }
    for byte in (0..<8).reversed() { end.append(UInt8(truncatingIfNeeded: (length * 8) >> (8 * byte))) }
    var hash = state
    sha256_compress(&hash, end, end.count / 64)
    return String(unsafeUninitializedCapacity: digits) { text in
      for i in 0..<digits {
        let digit = UInt8(truncatingIfNeeded: hash[i / 8] >> UInt32(28 - 4 * (i % 8)) & 15)
        text.initializeElement(at: i, to: digit < 10 ? 48 + digit : 87 + digit)
      }
      return digits
    }
  }

  /// The first `digits` hexadecimal digits of the digest of a text's UTF-8.
  package static func hexDigest(of text: String, digits: Int = 64) -> String {
    hexDigest(of: Array(text.utf8), digits: digits)
  }

  /// The digest of a file of any size, 64 hexadecimal digits.
  /// - Throws: `StorageError` when it cannot be read.
  package static func hexDigest(ofFile path: String) throws -> String {
    var hash = SHA256()
    try FileContent.forEachPiece(of: path) { hash.update($0) }
    return hash.hexDigest()
  }

  /// The first `digits` hexadecimal digits of the digest of some bytes.
  package static func hexDigest(of bytes: [UInt8], digits: Int = 64) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest(digits: digits)
  }
}

/// SHA-256 (FIPS 180-4).
///
/// Here because the alternative, BoringSSL, adds a minute and a half to every build for one hash.
package struct SHA256: Sendable {
  private var state: SIMD8<UInt32> = [
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
      let block = pending
      block.withUnsafeBytes { compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    while rest.count >= 64 {
      compress(UnsafeRawBufferPointer(rebasing: rest.prefix(64)))
      rest = rest.dropFirst(64)
    }
    pending += rest
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
    var copy = self
    end.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: 64) {
        copy.compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64]))
      }
    }
    return String(unsafeUninitializedCapacity: digits) { text in
      for i in 0..<digits {
        let digit = UInt8(truncatingIfNeeded: copy.state[i / 8] >> UInt32(28 - 4 * (i % 8)) & 15)
        text.initializeElement(at: i, to: digit < 10 ? 48 + digit : 87 + digit)
      }
      return digits
    }
  }

  /// The first `digits` hexadecimal digits of the digest of a text's UTF-8.
  package static func hexDigest(of text: String, digits: Int = 64) -> String {
    hexDigest(of: Array(text.utf8), digits: digits)
  }

  /// The first `digits` hexadecimal digits of the digest of some bytes.
  package static func hexDigest(of bytes: [UInt8], digits: Int = 64) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest(digits: digits)
  }

  private mutating func compress(_ block: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for i in 0..<16 {
        w.initializeElement(at: i, to: UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)))
      }
      func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
      for i in 16..<64 {
        let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3
        let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10
        w.initializeElement(at: i, to: w[i - 16] &+ s0 &+ w[i - 7] &+ s1)
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for i in 0..<64 {
        let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ Self.constants[i] &+ w[i]
        let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let t2 = s0 &+ (a & b ^ a & c ^ b & c)
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
      }
      state &+= [a, b, c, d, e, f, g, h]
    }
  }

  /// The fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

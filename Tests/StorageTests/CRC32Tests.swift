import Storage
import Testing

@Suite struct CRC32Tests {
  private func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32.checksum(of: $0) } }

  /// The values are zlib's.
  @Test(
    arguments: [
      ("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926), ("12345678", 0x9ae0_daaf),
      ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
    ] as [(String, UInt32)])
  func `known answers`(text: String, crc: UInt32) {
    #expect(checksum(Array(text.utf8)) == crc)
  }

  /// A bit at a time, as the polynomial is defined.
  private func slow(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xedb8_8320 }
    }
    return ~crc
  }

  @Test func `of any length, at any place in memory, it is what it is bit by bit`() {
    var random = SplitMix64(state: 1)
    let bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for start in 0..<9 {
      for count in [0, 1, 7, 8, 9, 63, 64, 65, 290] {
        let part = bytes[start..<start + count]
        let found = bytes.withUnsafeBytes { CRC32.checksum(of: .init(rebasing: $0[start..<start + count])) }
        #expect(found == slow(Array(part)))
      }
    }
  }
}

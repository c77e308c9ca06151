/// CRC-32 as zlib, gzip and PNG have it (ISO 3309): every change within 32 bits in a row is noticed, any other but for one
/// in 2³².
///
/// Eight bytes at a time: Kounavis and Berry, A systematic approach to building high performance software-based CRC
/// generators, ISCC 2005.
package enum CRC32 {
  /// The checksum of some bytes.
  package static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc = UInt32.max
      var next = 0
      while bytes.count - next >= 8 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: next, as: UInt64.self)) ^ UInt64(crc)
        crc = 0
        for byte in 0..<8 { crc ^= tables[(7 - byte) << 8 | Int(word >> (8 * UInt64(byte)) & 0xff)] }
        next += 8
      }
      while next < bytes.count {
        crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[next])) & 0xff)]
        next += 1
      }
      return ~crc
    }
  }

  /// What a byte adds when 0 … 7 other bytes follow it: eight tables of 256.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = []
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xedb8_8320 }
      tables.append(crc)
    }
    for entry in 256..<8 * 256 {
      let before = tables[entry - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xff)])
    }
    return tables
  }()
}

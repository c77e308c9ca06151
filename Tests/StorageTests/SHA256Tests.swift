import CStorage
import Storage
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples, and lengths around the padding's limits (digests by coreutils' sha256sum).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (String(repeating: "a", count: 56), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `digests are the published ones`(text: String, digest: String) {
    #expect(SHA256.hexDigest(of: text) == digest)
  }

  @Test(arguments: [1, 7, 63, 64, 65])
  func `a message in pieces is the same message`(piece: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var (whole, parts) = (SHA256(), SHA256())
    whole.update(bytes)
    for start in stride(from: 0, to: 1000, by: piece) { parts.update(bytes[start..<min(start + piece, 1000)]) }
    #expect(whole.hexDigest() == parts.hexDigest())
    #expect(parts.hexDigest() == parts.hexDigest(), "reading the digest changes nothing")
  }

  /// Where the processor has SHA instructions, they are held against what every processor has.
  @Test(arguments: [0, 1, 2, 9]) func `both ways to compress give the same words`(blocks: Int) {
    var random = SplitMix64(state: 7)
    let start = (0..<8).map { _ in UInt32(truncatingIfNeeded: random.next()) }
    let bytes = (0..<64 * blocks + 1).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for offset in [0, 1] {
      var (found, expected) = (start, start)
      bytes.withUnsafeBytes { message in
        sha256_compress(&found, message.baseAddress! + offset, blocks)
        sha256_compress_generic(&expected, message.baseAddress! + offset, blocks)
      }
      #expect(found == expected && (blocks == 0) == (found == start))
    }
  }
}

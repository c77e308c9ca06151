import Storage

/// Damage to inputs: a number names one, the same one each time.
struct Mutator: Sendable {
  /// Sound inputs.
  let seeds: [[UInt8]]
  /// Whether they are lines of words and numbers.
  let isText: Bool

  /// What numbers are replaced by.
  static let extremes = [
    "0", "-0", "1", "-1", "2", "1e999", "-1e999", "1e-999", "nan", "inf", "-inf", "NaN", ".inf", "\"nan\"", "\"inf\"",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "2147483647",
    "4294967296", "1000000000000000000", "99999999999999999999", "1e15", "1e19", "1e308", "5e-324", "0x10", "0x1p3",
    "0o17",
    "1_000", "1.", ".5", "01", "+1", "1e", "--1", "1.5", "", "null", "~", "true", "[]", "{}", "١", "1:30", "0.1",
  ]
  /// What is put between the characters of a text.
  static let oddities = [
    "\0", "\u{FEFF}", "\r\n", "\r", "\u{1b}[2J", "\u{202e}", "\u{2028}", "\"", "'", "\\", "\\u0000", "\\ud800", "%",
    "$(x)", "\t",
    "#", ": ", "- ", "&a ", "*a", "!!int ", "<<: ", "{", "}", "[", "]", ",", "\n", "\n---\n", "\n...\n", "é", "\u{301}",
    " ", "=",
    "<", ">", "<!--", "|\n", "@", "`",
  ]

  /// An input.
  func input(_ random: inout SplitMix64) -> [UInt8] {
    var bytes = seeds[random.below(seeds.count)]
    var steps = 1
    while steps < 8, random.below(2) == 0 { steps += 1 }
    for _ in 0..<steps {
      if isText, random.below(4) > 0 { damageText(&bytes, &random) } else { damage(&bytes, &random) }
    }
    return bytes.count > 1 << 18 ? Array(bytes[..<(1 << 18)]) : bytes
  }

  // MARK: Bytes

  private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    guard !bytes.isEmpty else { return bytes += [UInt8(truncatingIfNeeded: random.next())] }
    let place = random.below(bytes.count)
    // Short pieces, mostly.
    let length = min(bytes.count - place, 1 + random.below(1 << (1 + random.below(8))))
    switch random.below(isText ? 7 : 10) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1:
      bytes[place] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x0a, UInt8(truncatingIfNeeded: random.next())][random.below(8)]
    case 2: bytes.removeSubrange(place..<place + length)
    case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: random.below(bytes.count))
    case 4: bytes.removeSubrange(place...)
    case 5:
      let other = seeds[random.below(seeds.count)]
      bytes.replaceSubrange(place..., with: other[(other.isEmpty ? 0 : random.below(other.count))...])
    case 6: bytes.insert(contentsOf: (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: place)
    case 7: for index in place..<place + length { bytes[index] = 0 }
    default: number(at: place, &bytes, &random)
    }
  }

  /// Replaces a little-endian number of 1, 2, 4 or 8 bytes.
  private func number(at place: Int, _ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let width = 1 << random.below(4)
    // Formats line their numbers up, mostly.
    let start = random.below(4) == 0 ? place : place / width * width
    guard start + width <= bytes.count else { return }
    let old = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    let bits = UInt64(8 * width)
    let values: [UInt64] = [
      0, 1, .max, .max >> 1, 1 << (bits - 1), old &+ 1, old &- 1, old &* 2, old >> 1, UInt64(bytes.count),
      UInt64(place),
      1 << UInt64(random.below(Int(bits))),
    ]
    let value = values[random.below(values.count)]
    for index in 0..<width { bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }

  // MARK: Text

  private func damageText(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    switch random.below(13) {
    case 0, 1, 2:
      replace(Self.numbers(in: bytes), in: &bytes, &random) { _, random in
        Self.extremes[random.below(Self.extremes.count)]
      }
    case 3: replace(Self.words(in: bytes), in: &bytes, &random) { word, random in misspelt(word, &random) }
    case 4:
      let other = seeds[random.below(seeds.count)]
      let words = Self.words(in: other)
      guard !words.isEmpty else { return }
      let word = String(decoding: other[words[random.below(words.count)]], as: UTF8.self)
      replace(Self.words(in: bytes), in: &bytes, &random) { _, _ in word }
    case 5: insert(Self.oddities[random.below(Self.oddities.count)], into: &bytes, &random)
    case 6: lines(&bytes, &random)
    case 7: lines(&bytes, &random)
    case 8:
      let open = ["[", "{\"a\":", "- ", "{a: ", "(", "<a ", "\n  "][random.below(7)]
      insert(String(repeating: open, count: 1 << random.below(14)), into: &bytes, &random)
    case 9:
      let piece = ["9", "a", "é", "\u{301}", " ", "0", "1,", "-"][random.below(8)]
      insert(String(repeating: piece, count: 1 << random.below(16)), into: &bytes, &random)
    case 10: bytes = bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }
    case 11:
      replace(Self.words(in: bytes), in: &bytes, &random) { word, random in
        let quote = ["\"", "'"][random.below(2)]
        return quote + word + quote
      }
    default:
      replace(Self.words(in: bytes), in: &bytes, &random) { _, random in
        Self.extremes[random.below(Self.extremes.count)]
      }
    }
  }

  /// Lines removed, repeated, exchanged, indented, or taken from another input.
  private func lines(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
    let place = random.below(lines.count)
    switch random.below(6) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[random.below(lines.count)], at: place)
    case 2: lines.swapAt(place, random.below(lines.count))
    case 3: lines[place] = Array(repeating: 0x20, count: 1 + random.below(4)) + lines[place]
    case 4: lines[place] = Array(lines[place].dropFirst(1 + random.below(3)))
    default:
      let other = seeds[random.below(seeds.count)].split(separator: 0x0a, omittingEmptySubsequences: false)
      lines.insert(Array(other[random.below(other.count)]), at: place)
    }
    bytes = Array(lines.joined(separator: [0x0a]))
  }

  private func insert(_ text: String, into bytes: inout [UInt8], _ random: inout SplitMix64) {
    bytes.insert(contentsOf: text.utf8, at: random.below(bytes.count + 1))
  }

  private func replace(
    _ tokens: [Range<Int>], in bytes: inout [UInt8], _ random: inout SplitMix64,
    by replacement: (String, inout SplitMix64) -> String
  ) {
    guard !tokens.isEmpty else { return }
    let token = tokens[random.below(tokens.count)]
    bytes.replaceSubrange(token, with: replacement(String(decoding: bytes[token], as: UTF8.self), &random).utf8)
  }

  private func misspelt(_ word: String, _ random: inout SplitMix64) -> String {
    var letters = Array(word)
    let place = random.below(letters.count)
    switch random.below(4) {
    case 0: letters.remove(at: place)
    case 1: letters.insert(letters[place], at: place)
    case 2: letters[place] = Character(letters[place].uppercased().prefix(1).description)
    default: letters = Array(letters[..<place])
    }
    return String(letters)
  }

  private static func numbers(in bytes: [UInt8]) -> [Range<Int>] {
    tokens(in: bytes) {
      $0 &- 0x30 < 10
    } goingOn: {
      $0 &- 0x30 < 10 || "+-.eE".utf8.contains($0)
    }
  }

  private static func words(in bytes: [UInt8]) -> [Range<Int>] {
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte == 0x5f }
    return tokens(in: bytes, startingWith: isLetter) { isLetter($0) || $0 &- 0x30 < 10 }
  }

  private static func tokens(
    in bytes: [UInt8], startingWith start: (UInt8) -> Bool, goingOn: (UInt8) -> Bool
  ) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = 0
    while place < bytes.count {
      let first = place
      if start(bytes[place]) {
        while place < bytes.count, goingOn(bytes[place]) { place += 1 }
        found.append(first..<place)
      }
      place += 1
    }
    return found
  }
}

extension SplitMix64 {
  /// A number in 0 ..< `limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// One of some values.
  mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
}

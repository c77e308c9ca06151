package import FoundationEssentials

extension CanonicalJSON {
  /// The first key that stands twice in one object of a JSON text, of which a decoder would take either; nil when none
  /// does.
  ///
  /// What is no JSON is left to the decoder.
  package static func repeatedKey(in data: Data) -> String? {
    let bytes = Array(data)
    // The keys of each object that is open.
    var objects: [Set<String>] = []
    var next = 0
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "{"): objects.append([])
      case UInt8(ascii: "}"): _ = objects.popLast()
      case UInt8(ascii: "\""):
        let start = next
        next += 1
        while next < bytes.count, bytes[next] != UInt8(ascii: "\"") {
          next += bytes[next] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard next < bytes.count else { return nil }
        let rest = bytes[(next + 1)...].drop { " \t\r\n".utf8.contains($0) }
        // Only a key has a colon behind it. One key can be spelled in several ways: its text counts.
        if rest.first == UInt8(ascii: ":"), !objects.isEmpty,
          let key = try? JSONDecoder().decode(String.self, from: Data(bytes[start...next])),
          !objects[objects.count - 1].insert(key).inserted
        {
          return key
        }
      default: break
      }
      next += 1
    }
    return nil
  }
}

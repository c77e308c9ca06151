/// The part of HTTP/1.1 that a page at 127.0.0.1 needs: which answer a request gets, from its bytes alone.
package enum PageRequest {
  /// The answer to a request.
  package enum Answer: Hashable, Sendable {
    /// The page; without its body for HEAD.
    case page(isHead: Bool)
    /// A word for each new page, as long as the connection lasts.
    case changes
    /// A status and a sentence that says why; without its body for HEAD.
    case refusal(PageResponse.Status, String, isHead: Bool = false)
  }

  /// The path of the words for new pages.
  package static let changesPath = "/changes"

  /// The most bytes that a request may have, its body included.
  package static let sizeLimit = 65_536

  /// The answer to the request that these bytes begin.
  ///
  /// Who asks for another host than this one is a page from elsewhere whose name was made to mean 127.0.0.1 (DNS
  /// rebinding), and is told nothing.
  ///
  /// - Returns: nil while more bytes have to come; never from `sizeLimit` bytes on.
  /// - Complexity: O(`bytes.count`).
  package static func answer(to bytes: [UInt8]) -> Answer? {
    guard let end = endOfHead(in: bytes) else {
      return bytes.count < sizeLimit ? nil : .refusal(.headTooLarge, "a request's head has at most 64 KB")
    }
    if end > sizeLimit { return .refusal(.headTooLarge, "a request's head has at most 64 KB") }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(whereSeparator: \.isNewline)
    let start = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard start.count == 3, start[2].hasPrefix("HTTP/1."), start[1].hasPrefix("/") else {
      return .refusal(.badRequest, "this is no request in HTTP/1.1")
    }
    let isHead = start[0] == "HEAD"
    let fields = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: parts[0].lowercased(), value: parts.count == 2 ? trimmed(parts[1]) : "")
    }
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    guard let host = values("host").first, values("host").count == 1 else {
      return .refusal(.badRequest, "a request names one host", isHead: isHead)
    }
    guard isLoopback(host) else {
      return .refusal(.misdirected, "this page is served at 127.0.0.1, localhost and [::1] only", isHead: isHead)
    }
    if !values("transfer-encoding").isEmpty {
      return .refusal(.lengthRequired, "a request's body says its length", isHead: isHead)
    }
    let lengths = values("content-length")
    guard lengths.count < 2, let length = number(lengths.first ?? "0") else {
      return .refusal(.badRequest, "a request's body says one length, a whole number", isHead: isHead)
    }
    if length > sizeLimit - end { return .refusal(.tooLarge, "a request has at most 64 KB", isHead: isHead) }
    if bytes.count < end + length { return nil }
    guard isHead || start[0] == "GET" else {
      return .refusal(.methodNotAllowed, "this page can be read (GET, HEAD), nothing else")
    }
    switch start[1].prefix(while: { $0 != "?" }) {
    case "/": return .page(isHead: isHead)
    case changesPath where !isHead: return .changes
    default: return .refusal(.notFound, "there is one page, at /", isHead: isHead)
    }
  }

  /// The place after the empty line that ends the head.
  private static func endOfHead(in bytes: [UInt8]) -> Int? {
    var isEmptyLine = false
    for (place, byte) in bytes.enumerated() where byte != 13 {
      if byte == 10, isEmptyLine { return place + 1 }
      isEmptyLine = byte == 10
    }
    return nil
  }

  /// Whether a Host field names this machine's loopback, with any port: a tunnel's own may differ.
  private static func isLoopback(_ host: String) -> Bool {
    for name in ["127.0.0.1", "localhost", "[::1]"] where host.lowercased().hasPrefix(name) {
      let port = host.dropFirst(name.count)
      if port.isEmpty || port.first == ":" && (port.count == 1 || number(port.dropFirst()) != nil) { return true }
    }
    return false
  }

  /// A whole number in digits alone; the largest for what has more digits than fit.
  private static func number(_ digits: some StringProtocol) -> Int? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(digits) ?? .max
  }

  private static func trimmed(_ text: Substring) -> String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}

/// An opening tag of a binning file, with its attributes and the line that it begins in.
struct BinningElement {
  var name: String
  var attributes: [String: String]
  var line: Int
}

/// The opening tags of a binning file, an XML text, in order: all that it says is in their attributes.
///
/// Comments, declarations, closing tags and text are passed over; entities in attributes are not expanded.
struct BinningElements: Sequence {
  private var elements: [BinningElement] = []

  init(_ text: [UInt8], file: String) throws {
    var scanner = Scanner(text: text, file: file)
    while let element = try scanner.next() { elements.append(element) }
  }

  func makeIterator() -> IndexingIterator<[BinningElement]> { elements.makeIterator() }
}

private struct Scanner {
  let text: [UInt8]
  let file: String
  var position = 0
  var line = 1

  mutating func next() throws -> BinningElement? {
    while position < text.count {
      guard take("<") else {
        step()
        continue
      }
      if take("!--") {
        try skip(to: "-->")
      } else if take("?") || take("!") || take("/") {
        try skip(to: ">")
      } else {
        return try element()
      }
    }
    return nil
  }

  private mutating func element() throws -> BinningElement {
    var element = BinningElement(name: word(), attributes: [:], line: line)
    guard !element.name.isEmpty else { throw fail("a '<' that opens no element") }
    while true {
      space()
      if take("/>") || take(">") { return element }
      let name = word()
      space()
      guard !name.isEmpty, take("=") else { throw fail("the attributes of '\(element.name)' cannot be read") }
      space()
      guard let quote = ["\"", "'"].first(where: { take($0) }) else {
        throw fail("the value of '\(name)' is not in quotes")
      }
      let start = position
      try skip(to: quote)
      element.attributes[name] = String(decoding: text[start..<position - 1], as: UTF8.self)
    }
  }

  private mutating func step() {
    if text[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  private mutating func space() {
    while position < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[position]) { step() }
  }

  /// Letters, digits and the signs that names may have.
  private mutating func word() -> String {
    let start = position
    while position < text.count, !" \t\r\n=<>/\"'".utf8.contains(text[position]) { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func take(_ token: String) -> Bool {
    guard text[position...].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  /// Goes behind the next `token`.
  private mutating func skip(to token: String) throws {
    let start = line
    while position < text.count {
      if take(token) { return }
      step()
    }
    line = start
    throw fail("'\(token)' is missing until the end of the file")
  }

  private func fail(_ reason: String) -> InputError { InputError("\(file):\(line): reading XML: \(reason)") }
}

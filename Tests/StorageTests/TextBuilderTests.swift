import Foundation
import Storage
import Testing

@Suite struct TextBuilderTests {
  @Test func `pieces stand one after the other`() {
    var text = TextBuilder("χ² = ")
    for number in [0, 7, 10, 1203, -45, Int.max, Int.min] {
      text += number
      text += " "
    }
    text += true
    text += [1, 20].description as NSString as String
    #expect(text.string == "χ² = 0 7 10 1203 -45 9223372036854775807 -9223372036854775808 true[1, 20]")
  }

  @Test func `lists have separators between their numbers`() {
    var text = TextBuilder()
    text.list([])
    text.list([50, 200])
    text.list([1, 11], separator: "_")
    #expect(text.string == "50, 2001_11")
  }

  @Test func `only the spaces at the end are dropped, and none before the start`() {
    var text = TextBuilder("a b  ")
    let start = text.bytes.count
    text += " c "
    text.spaces(3)
    text.dropSpaces(downTo: start)
    #expect(text.string == "a b   c")
    text.spaces(2)
    text.dropSpaces(downTo: text.bytes.count - 1)
    #expect(text.string == "a b   c ")
  }

  @Test(arguments: ["", "plain", "with \"quotes\" and \\", "é\n\r\t\u{1}\u{f}\u{10}\u{1f}/", "\u{0}"])
  func `a quoted text is read back by JSON`(text: String) throws {
    var json = TextBuilder("[")
    json.quote(text)
    json += "]"
    #expect(try JSONDecoder().decode([String].self, from: Data(json.bytes)) == [text])
  }

  @Test func `texts are joined`() {
    #expect(TextBuilder.joined([]) == "")
    #expect(TextBuilder.joined([TextBuilder("a"), TextBuilder(), TextBuilder("χb")]) == "aχb")
  }
}

@Suite struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  func `results stand in the indices' order`(count: Int) {
    #expect(concurrentMap(5..<5 + count) { "\($0)" } == (5..<5 + count).map { "\($0)" })
    #expect(concurrentMap(0..<count, grain: 1) { 2 * $0 } == (0..<count).map { 2 * $0 })
    let text = TextBuilder.joined(
      concurrentText(3..<3 + count) { row, text in
        text += row
        text += ";"
      })
    #expect(text == (3..<3 + count).map { "\($0);" }.joined())
  }

  @Test func `texts in JSON are escaped, and what is nil is null`() {
    let (name, none): (String?, Int?) = ("a \"b\" \\ c\n", nil)
    let text: JSONText = "{\(name): \(none), \"n\": \([1, 2])}"
    #expect(text.text.string == #"{"a \"b\" \\ c\n": null, "n": [1, 2]}"#)
    #expect(JSONText([("k\"", "\(1.5)")]).text.string == #"{"k\"": 1.5}"#)
  }
}

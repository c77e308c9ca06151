import Storage
import Testing

@Suite struct PrintableTextTests {
  @Test(
    arguments: [
      ("plain", "plain"), ("👩‍🔬 é", "👩‍🔬 é"), ("a\u{1b}[2J", "a\\u{1b}[2J"), ("a\u{202e}b\u{200b}", "a\\u{202e}b\\u{200b}"),
      ("a\nb\tc", "a b c"), ("\u{7f}\u{9b}", "\\u{7f}\\u{9b}"), ("", ""),
    ])
  func `what would drive a terminal or turn the reading direction is made visible, letters stay`(
    text: String, shown: String
  ) {
    #expect(text.printable == shown)
    #expect(text.printable.printable == shown)
  }

  @Test func `plain is printable ASCII`() {
    #expect(" ~azAZ09".isPlain && "".isPlain)
    for text in ["é", "a\n", "\u{7f}", "\u{1f}"] { #expect(!text.isPlain) }
  }
}

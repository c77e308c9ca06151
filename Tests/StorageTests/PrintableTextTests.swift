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

  @Test func `a long line is told by its ends, one character of many accents too`() {
    #expect("a\u{1b}\nb".told == "a\\u{1b}\nb")
    let digits = String(repeating: "0123456789", count: 500)
    #expect(digits.told == digits.prefix(3000) + " … " + digits.suffix(500))
    #expect(("a" + String(repeating: "\u{301}", count: 100_000)).told.utf8.count < 7100)
  }

  @Test func `plain is printable ASCII`() {
    #expect(" ~azAZ09".isPlain && "".isPlain)
    for text in ["é", "a\n", "\u{7f}", "\u{1f}"] { #expect(!text.isPlain) }
  }
}

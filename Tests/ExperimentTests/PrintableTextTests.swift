import Experiment
import Testing

@Suite struct PrintableTextTests {
  @Test func `what would drive a terminal is shown, joiners are left`() {
    #expect("a\u{1b}[31m\u{202e}b\nc".printable == "a\\u{1b}[31m\\u{202e}b c")
    #expect("👩‍🔬 é".printable == "👩‍🔬 é")
  }

  @Test func `what is told keeps its lines, each of them cut where it is long`() {
    #expect("x.yaml:1: a\u{7}\nx.yaml:2: b".told == "x.yaml:1: a\\u{7}\nx.yaml:2: b")
    let long = "x.yaml:1: " + String(repeating: "é", count: 50_000) + "; that is long"
    #expect("short\n\(long)".told.hasPrefix("short\nx.yaml:1: ééé"))
    #expect(long.told.hasSuffix("éé; that is long") && long.told.count == 3503)
    #expect(String(repeating: "a", count: 4000).told.count == 4000)
  }
}

import Testing

@testable import Storage

@Suite struct ProgressLineTests {
  @Test(
    "A line says what is done, how long it has taken, and what is left by the pace so far",
    arguments: [
      (0, 12, 3.0, "judging: 0 of 12, 3 s"), (3, 12, 24.0, "judging: 3 of 12, 24 s, about 72 s left"),
      (12, 12, 96.0, "judging: 12 of 12, 2 min, about 0 s left"),
      (1, 100, 60.0, "judging: 1 of 100, 60 s, about 99 min left"),
      (0, 1, 5.0, "judging: 5 s"), (0, nil, 200.0, "judging: 3 min"),
    ] as [(Int, Int?, Double, String)])
  func text(done: Int, total: Int?, seconds: Double, text: String) {
    #expect(ProgressLine.text("judging", done: done, total: total, seconds: seconds) == text)
  }
}

import Testing

@testable import Storage

@Suite struct ProgressLineTests {
  @Test(
    "A line says what is done, how long it has taken, and what is left by the pace so far",
    arguments: [
      (0, 12, 3.0, 0.0, "judging: 0 of 12, 3 s"), (3, 12, 24, 24, "judging: 3 of 12, 24 s, about 72 s left"),
      (1, 4, 15, 8, "judging: 1 of 4, 15 s, about 17 s left"), (1, 2, 30, 8, "judging: 1 of 2, 30 s, about 0 s left"),
      (12, 12, 96, 95, "judging: 12 of 12, 2 min, about 0 s left"),
      (1, 100, 60, 60, "judging: 1 of 100, 60 s, about 99 min left"),
      (0, 1, 5, 0, "judging: 5 s"), (0, nil, 200, 0, "judging: 3 min"),
    ] as [(Int, Int?, Double, Double, String)])
  func text(done: Int, total: Int?, seconds: Double, doneAfter: Double, text: String) {
    #expect(ProgressLine.text("judging", done: done, total: total, seconds: seconds, doneAfter: doneAfter) == text)
  }
}

import Testing

@testable import Reports

@Suite struct TextPlotTests {
  private func lines(_ x: [Double], _ y: [Double]) -> [String] {
    TextPlot(width: 21, height: 5).render(x: x, y: y, xTitle: "k", yTitle: "χ²/NDF")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("A curve that falls by equal factors is a straight line on the logarithmic axis")
  func falling() {
    let x = (0...4).map(Double.init)
    #expect(
      lines(x, [10000, 1000, 100, 10, 1]) == [
        "χ²/NDF",
        "   10000 │•",
        "         │     •",
        "     100 │          •",
        "         │               •",
        "    1.00 │                    •",
        "         └─────────────────────",
        "          0         k         4",
        "",
      ])
  }

  @Test("A flat curve runs through the middle; what is not a positive number is left out")
  func flat() {
    let drawn = lines([0, 1, 2, 3], [5, .nan, -1, 5])
    #expect(drawn[3] == "    5.00 │•                   •")
    #expect(drawn.filter { $0.contains("•") }.count == 1)
    #expect(lines([0], [.nan]) == [""])
  }
}

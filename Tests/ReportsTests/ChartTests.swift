import Foundation
import TestSupport
import Testing

@testable import Reports

@Suite struct ChartTests {
  @Test(
    "Along an axis stand round numbers within it, five or so",
    arguments: [
      (0.0...10, "0 2 4 6 8 10"), (0...100, "0 20 40 60 80 100"), (0.17...0.93, "0.2 0.4 0.6 0.8"),
      (-3...4, "-2 0 2 4"), (41.2...58.9, "45 50 55"), (0...3e6, "0 500000 1000000 1500000 2000000 2500000 3000000"),
      (7...7, "6.0 6.5 7.0 7.5 8.0"), (-1e308...1.7e308, ""),
    ])
  func ticks(range: ClosedRange<Double>, texts: String) {
    #expect(Chart.Axis.numbers("", range).ticks.map(\.text).joined(separator: " ") == texts)
  }

  @Test("A value has its place along an axis, in decades along a logarithmic one; far away is just outside")
  func places() {
    let linear = Chart.Axis.numbers("", 10...20)
    #expect([10, 15, 20, 1e300, -.infinity, .nan].map(linear.place) == [0, 0.5, 1, 2, -1, nil])
    var decades = linear
    (decades.range, decades.isLogarithmic) = (1...100, true)
    #expect([1, 10, 100, 0, -5, .infinity, .nan].map(decades.place) == [0, 0.5, 1, -1, -1, 2, nil])
  }

  @Test("A coordinate has a decimal, and what is no number is somewhere")
  func coordinates() {
    #expect([1, 1.25, -0.5, 1e300, .nan].map(Chart.text) == ["1", "1.3", "-0.5", "100000000000000", "0"])
  }

  private func chart(_ kinds: [Chart.Mark.Kind], title: String = "one") -> String {
    Chart(panels: [
      Chart.Panel(
        x: .numbers("across", 0...10), y: .numbers("up", 0...100),
        marks: kinds.map { Chart.Mark(title: title, colour: "#123456", kind: $0) })
    ]).svg(title: "A title")
  }

  @Test("Every kind of mark is where its numbers are: the panel is 800 by 448, and y grows upwards") func marks() {
    let points = [Chart.Point(x: 0, y: 0), .init(x: 5, y: .nan), .init(x: 5, y: 50, error: 25), .init(x: 10, y: 100)]
    #expect(
      chart([.line(points, dash: 2)]).contains(
        "<path d=\"M0 448M400 224L800 0\" fill=\"none\" stroke=\"#123456\" stroke-width=\"1.5\" stroke-dasharray=\"9 5\"/>"
      ))
    let dots = chart([.points(points, .dot)])
    #expect(dots.contains("<path d=\"M400 336V112\" stroke=\"#123456\"/>"))
    // And one in the legend.
    #expect(dots.ranges(of: "<circle").count == 4)
    #expect(chart([.points([points[0]], .triangle)]).contains("<path d=\"M0 442l5.5 10h-11z\" fill=\"#123456\"/>"))
    let bars = chart([.bars([.init(low: 1, high: 2, height: 25, error: 5)])])
    #expect(bars.contains("<rect x=\"80\" y=\"336\" width=\"80\" height=\"112\" fill=\"#123456\"/>"))
    #expect(bars.contains("<path d=\"M120 358.4V313.6\" stroke=\"#666666\"/>"))
    let ribbon = chart([.ribbon([.init(x: 0, low: 0, high: 50), .init(x: 10, low: 25, high: 100)])])
    #expect(ribbon.contains("<path d=\"M0 224L800 0L800 336L0 448Z\" fill=\"#123456\" fill-opacity=\"0.15\"/>"))
    #expect(chart([.band(2...4)]).contains("<rect x=\"160\" y=\"0\" width=\"160\" height=\"448\" fill=\"#123456\"/>"))
  }

  @Test("Labels are text, whatever they hold, and the picture is XML") func labels() throws {
    let svg = chart([.band(2...4)], title: "</text><script>&\u{1b}")
    #expect(svg.contains(">&lt;/text&gt;&lt;script&gt;&amp;\\u{1b}<") && !svg.contains("<script"))
    for tag in ["svg", "text"] {
      #expect(svg.ranges(of: "<\(tag)").count == svg.ranges(of: "</\(tag)>").count, "\(tag)")
    }
    #expect(svg.contains(">A title</text>") && svg.contains(">across</text>") && svg.contains(">up</text>"))
  }
}

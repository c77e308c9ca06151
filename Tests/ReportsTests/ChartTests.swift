import Experiment
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

  @Test("A logarithmic axis has more ticks for fewer decades, and leaves out what has no place on it")
  func decades() throws {
    func ticks(_ values: [Double]) throws -> [Double] {
      let axis = try #require(Chart.Axis.decades("", values))
      return axis.ticks.map(\.value).filter(axis.range.contains)
    }
    #expect(try ticks([2, 9]) == [2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try ticks([2, 11]) == [2, 5, 10])
    #expect(try ticks([1, 300, 0, -5, .nan, .infinity]) == [1, 10, 100])
    #expect(try #require(Chart.Axis.decades("", [1, 300, 0, -5])).range == 0.85...300 * 1.1)
    #expect(Chart.Axis.decades("", [0, -1, .nan]) == nil)
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
    #expect(bars.contains("<path d=\"M80 448V336H160V448Z\" fill=\"#123456\"/>"))
    #expect(bars.contains("<path d=\"M120 358.4V313.6\" stroke=\"#666666\"/>"))
    let ribbon = chart([.ribbon([.init(x: 0, low: 0, high: 50), .init(x: 10, low: 25, high: 100)])])
    #expect(ribbon.contains("<path d=\"M0 224L800 0L800 336L0 448Z\" fill=\"#123456\" fill-opacity=\"0.15\"/>"))
    #expect(chart([.band(2...4)]).contains("<rect x=\"160\" y=\"0\" width=\"160\" height=\"448\" fill=\"#123456\"/>"))
    #expect(chart([.slab(25...50)]).contains("<rect x=\"0\" y=\"224\" width=\"800\" height=\"112\" fill=\"#123456\"/>"))
    #expect(
      chart([.points(points, .speck)]).contains(
        "<path d=\"M0 448h0M400 224h0M800 0h0\" stroke=\"#123456\" stroke-width=\"4\" stroke-linecap=\"round\"/>"))
  }

  /// A panel of 100 by 100 around the origin, so 200 units across for a radius of 2.
  private func discs(_ sectors: [Chart.Sector]) -> String {
    let axis = Chart.Axis(range: -2...2, ticks: [])
    return Chart(panels: [
      .init(
        x: axis, y: axis, marks: [.init(colour: "#123456", kind: .sectors(sectors))],
        frame: .init(left: 0, top: 0, width: 100, height: 100), hasBorder: false)
    ]).svg(title: "")
  }

  @Test("A part of a ring has its corners where its radii and angles meet, in quarters of the picture's units")
  func sectors() {
    // A quarter from the right to the top, between radii 1 and 2: outside 200 units, inside 100, around 200, 200.
    let quarter = discs([.init(radii: 1...2, angles: 0...(.pi / 2))])
    #expect(quarter.contains("<path d=\"M400 200A200 200 0 00200 0L200 100A100 100 0 01300 200Z\" fill=\"#123456\""))
    #expect(quarter.contains("viewBox=\"0 0 400 400\"") && !quarter.contains("<rect x=\"0\" y=\"0\" width=\"100\""))
    let slice = discs([.init(radii: 0...2, angles: 0...(.pi / 2))])
    #expect(slice.contains("<path d=\"M400 200A200 200 0 00200 0L200 200Z\""))
    // A whole ring goes by thirds, outside and inside; three quarters in three pieces, none longer than a third.
    #expect(discs([.init(radii: 1...2, angles: -.pi...(.pi))]).ranges(of: "A200 200 0 00").count == 3)
    #expect(discs([.init(radii: 1...2, angles: -.pi...(.pi))]).ranges(of: "A100 100 0 01").count == 3)
    #expect(discs([.init(radii: 1...2, angles: 0...(1.5 * .pi))]).ranges(of: "A200 200 0 00").count == 3)
  }

  @Test("A colour scale has steps by decades; what is beyond it has its ends, what is empty none") func colours() {
    let scale = ColourScale.energy(0.01...1000)
    let last = ColourScale.steps - 1
    #expect([0.01, 1e-9, 1000, 1e9].map(scale.step) == [0, 0, last, last])
    #expect([0, -1, .nan].map(scale.step) == [nil, nil, nil] as [Int?])
    #expect(scale.step(of: 3.2) == ColourScale.steps / 2)
    #expect(scale.colour(of: 0) == "#440154" && scale.colour(of: last) == "#fde725")
    #expect(ColourScale.ratio.palette == "defined (0 '#2166ac', 1 '#f7f7f7', 2 '#b2182b')")
    #expect(
      scale.panel(in: .init(left: 0, top: 0, width: 9, height: 9)).y.ticks.map(\.text) == [
        "0.01", "0.1", "1", "10", "100", "1k",
      ])
    #expect(Chart.Axis.powers("", 20...30).ticks.isEmpty)
  }

  @Test("Checkpoints have whole numbers") func checkpoints() {
    #expect(Chart.Axis.checkpoints(0...3).ticks.map(\.text) == ["0", "1", "2", "3"])
    #expect(Chart.Axis.checkpoints(0...3, isLabelled: false).title.isEmpty)
  }

  @Test("What has one name and one colour is one entry of the legend") func legend() {
    let svg = chart([.band(2...4), .line([.init(x: 1, y: 1)], dash: 1)])
    #expect(svg.ranges(of: ">one</text>").count == 1)
  }

  @Test("Several models share E_tot's axis, whose ends say what they hold; what is too high is a triangle")
  func totals() {
    func bins(_ generated: [Int]) -> [TotalBin] {
      TotalBin.bins(of: .init(edges: [0, 1, 2, 3, 4], reference: [9, 4, 6, 1], generated: generated))
    }
    let chart = Chart(totalsOf: [("a", bins([20, 0, 0, 0])), ("b", bins([5, 5, 5, 5]))], shift: { _ in 0 }, upTo: 10)
    let marks = chart.panels[0].marks
    #expect(marks.map(\.title) == ["Geant4", "", "", "a", "a", "b", "b"])
    #expect(chart.panels[0].x.ticks.suffix(2).map(\.text) == ["below 1.00", "above 3.00"])
    guard case .points(let above, .triangle) = marks[4].kind, case .points(let none, _) = marks[6].kind else {
      Issue.record("no triangles")
      return
    }
    #expect(above.map(\.y) == [9.7] && none.isEmpty)
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

import Experiment
import Foundation
import Storage

/// What a chart is drawn for.
enum ChartUse {
  /// A file of its own: black on white, for a talk or a paper.
  case file
  /// A part of a page: in the page's colours, and with each value under the pointer.
  case page

  /// A mark's colour there; a page may be dark.
  fileprivate func colour(_ colour: String) -> String {
    guard self == .page else { return colour }
    return switch colour {
    case "#000000": "currentColor"
    case "#ffffff": "var(--paper)"
    case "#e8eef4": "var(--head)"
    case "#dddddd": "var(--line)"
    default: colour
    }
  }
}

extension Chart {
  /// Columns of the legend.
  private static let legendColumns = 3
  /// The height of a row of the legend.
  private static let legendRow = 22.0

  /// Writes the picture as a page shows it: 900 wide, 560 high and the legend below.
  func svg(title: String, for use: ChartUse = .file) -> String {
    let legend = panels.flatMap(\.marks).filter { !$0.title.isEmpty }
    let rows = (legend.count + Self.legendColumns - 1) / Self.legendColumns
    let height = Self.text(560 + Self.legendRow * Double(rows))
    var frame = Frame(left: 80, top: 48, width: 800, height: 0)
    // Names need room below, numbers less.
    let below = panels.last.map { $0.x.hasNames ? 130.0 : 64 } ?? 0
    let room = 560 - frame.top - below - 20 * Double(panels.count - 1)
    let shares = panels.reduce(0) { $0 + $1.share }
    let head =
      switch use {
      case .file:
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="900" height="\(height)" viewBox="0 0 900 \(height)" \
        font-family="Helvetica, Arial, sans-serif" font-size="15">
        <rect width="900" height="\(height)" fill="#ffffff"/>

        """
      case .page:
        """
        <svg class="chart" viewBox="0 0 900 \(height)" role="img" aria-label="\(HTML.text(title))" font-size="15" \
        fill="currentColor">
        <text class="value" x="880" y="44" text-anchor="end"></text>

        """
      }
    var svg = TextBuilder(head)
    svg +=
      "<text x=\"450\" y=\"28\" text-anchor=\"middle\" font-size=\"\(max(4, 15 * 60 / max(60, title.count)))\">\(HTML.text(title))</text>\n"
    var number = 0
    for panel in panels {
      frame.height = room * panel.share / shares
      svg += panel.svg(in: frame, for: use, &number)
      frame.top += frame.height + 20
    }
    let marks = panels.flatMap(\.marks).enumerated().filter { !$0.element.title.isEmpty }
    for (place, mark) in marks.enumerated() {
      let (row, column) = (place / Self.legendColumns, place % Self.legendColumns)
      let entry = mark.element.entry(
        x: frame.left + 270 * Double(column), y: 560 + Self.legendRow * (Double(row) + 0.2), for: use)
      svg += use == .page ? "<g class=\"entry\" data-mark=\"\(mark.offset)\">\(entry)</g>\n" : entry
    }
    svg += "</svg>\n"
    return svg.string
  }

  /// Where a panel lies, in the picture's units.
  struct Frame {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
  }

  /// A coordinate with a decimal, as SVG has it.
  static func text(_ value: Double) -> String {
    let tenths = Int(saturating: (value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// The dashes of a line's number; "" for a whole line.
  static func dashes(_ number: Int) -> String {
    let patterns = ["", "9 5", "2 4", "9 4 2 4", "9 4 2 4 2 4"]
    let pattern = patterns[max(0, number - 1) % patterns.count]
    return pattern.isEmpty ? "" : " stroke-dasharray=\"\(pattern)\""
  }
}

extension Chart.Panel {
  /// Axes, marks and note; `number` counts the marks of the whole picture.
  fileprivate func svg(in frame: Chart.Frame, for use: ChartUse, _ number: inout Int) -> TextBuilder {
    func text(_ value: Double) -> String { Chart.text(value) }
    var (lines, texts, shapes) = (TextBuilder(), TextBuilder(), TextBuilder())
    for tick in y.ticks {
      guard let place = y.place(tick.value), (0...1).contains(place) else { continue }
      let height = frame.bottom - place * frame.height
      lines +=
        "<path d=\"M\(text(frame.left)) \(text(height))H\(text(frame.right))\" stroke=\"\(use.colour("#dddddd"))\"/>\n"
      texts +=
        "<text x=\"\(text(frame.left - 8))\" y=\"\(text(height + 5))\" text-anchor=\"end\">\(HTML.text(tick.text))</text>\n"
    }
    for tick in x.ticks {
      guard let place = x.place(tick.value), (0...1).contains(place) else { continue }
      let (across, down) = (frame.left + place * frame.width, frame.bottom)
      lines += "<path d=\"M\(text(across)) \(text(down))v-6\" stroke=\"\(use.colour("#000000"))\"/>\n"
      texts +=
        x.hasNames
        ? "<text transform=\"translate(\(text(across - 4)) \(text(down + 18))) rotate(35)\">\(HTML.text(tick.text.shortened(to: 24)))</text>\n"
        : "<text x=\"\(text(across))\" y=\"\(text(down + 20))\" text-anchor=\"middle\">\(tick.text)</text>\n"
    }
    if !x.title.isEmpty {
      texts +=
        "<text x=\"\(text(frame.left + frame.width / 2))\" y=\"\(text(frame.bottom + 46))\" text-anchor=\"middle\">\(HTML.text(x.title))</text>\n"
    }
    texts +=
      "<text transform=\"translate(22 \(text(frame.top + frame.height / 2))) rotate(-90)\" text-anchor=\"middle\">\(HTML.text(y.title))</text>\n"
    for mark in marks {
      let drawn = mark.svg(x, y, frame, for: use)
      if use == .page {
        let name = mark.title.isEmpty ? "" : "<title>\(HTML.text(mark.title))</title>"
        shapes += "<g class=\"mark\" data-mark=\"\(number)\">\(name)\(drawn.string)</g>\n"
      } else {
        shapes += drawn
      }
      number += 1
    }
    let size = "width=\"\(text(frame.width))\" height=\"\(text(frame.height))\""
    // An inner picture cuts off what is outside of it.
    var svg = lines
    svg += "<svg x=\"\(text(frame.left))\" y=\"\(text(frame.top))\" \(size)>\n"
    svg += shapes
    svg +=
      "</svg>\n<rect x=\"\(text(frame.left))\" y=\"\(text(frame.top))\" \(size) fill=\"none\" stroke=\"\(use.colour("#000000"))\"/>\n"
    svg += texts
    if !note.isEmpty {
      svg += "<text x=\"\(text(frame.left + 14))\" y=\"\(text(frame.top + 24))\">\(HTML.text(note))</text>\n"
    }
    return svg
  }
}

extension Chart.Mark {
  /// The shapes, in a panel's own coordinates.
  fileprivate func svg(
    _ x: Chart.Axis, _ y: Chart.Axis, _ frame: Chart.Frame, for use: ChartUse
  ) -> TextBuilder {
    let colour = use.colour(colour)
    func across(_ value: Double) -> Double? { x.place(value).map { $0 * frame.width } }
    func down(_ value: Double) -> Double? { y.place(value).map { (1 - $0) * frame.height } }
    func text(_ value: Double) -> String { Chart.text(value) }
    var svg = TextBuilder()
    // What the pointer finds is larger than what is seen.
    func value(_ point: Chart.Point, _ place: Double, _ height: Double) -> String {
      let error = point.error > 0 ? " ± \(Cell.number(point.error, digits: 2).text)" : ""
      let name = title.isEmpty ? "" : "\(title): "
      let told = "\(name)\(Cell.number(point.y).text)\(error) at \(Cell.number(point.x, digits: 0).text)"
      return "<circle cx=\"\(text(place))\" cy=\"\(text(height))\" r=\"8\" fill-opacity=\"0\"><title>"
        + "\(HTML.text(told))</title></circle>\n"
    }
    func error(at place: Double, _ value: Double, _ error: Double, _ colour: String) {
      guard error > 0, let low = down(value - error), let high = down(value + error) else { return }
      svg += "<path d=\"M\(text(place)) \(text(low))V\(text(high))\" stroke=\"\(colour)\"/>\n"
    }
    switch kind {
    case .line(let points, let dash):
      var path = TextBuilder()
      var isBegun = false
      for point in points {
        guard let place = across(point.x), let height = down(point.y) else {
          isBegun = false
          continue
        }
        path += "\(isBegun ? "L" : "M")\(text(place)) \(text(height))"
        isBegun = true
      }
      svg +=
        "<path d=\"\(path.string)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"\(Chart.dashes(dash))/>\n"
      if use == .page {
        // A few hundred points under the pointer are enough for any line.
        for point in points.spread(to: 250) {
          guard let place = across(point.x), let height = down(point.y) else { continue }
          svg += value(point, place, height)
        }
      }
    case .ribbon(let spans):
      let inside = spans.compactMap { span -> (x: Double, low: Double, high: Double)? in
        guard let place = across(span.x), let low = down(span.low), let high = down(span.high) else { return nil }
        return (place, low, high)
      }
      let there = inside.map { "\(text($0.x)) \(text($0.high))" }
      let back = inside.reversed().map { "\(text($0.x)) \(text($0.low))" }
      svg += "<path d=\"M\((there + back).joined(separator: "L"))Z\" fill=\"\(colour)\" fill-opacity=\"0.15\"/>\n"
    case .points(let points, let shape):
      for point in points {
        guard let place = across(point.x), let height = down(point.y) else { continue }
        error(at: place, point.y, point.error, colour)
        svg += Self.shape(shape, place, height, colour, for: use)
        if use == .page { svg += value(point, place, height) }
      }
    case .bars(let bars):
      for bar in bars {
        guard let low = across(bar.low), let high = across(bar.high), let top = down(bar.height) else { continue }
        svg +=
          "<rect x=\"\(text(low))\" y=\"\(text(top))\" width=\"\(text(high - low))\" height=\"\(text(max(0, frame.height - top)))\" "
        svg += "fill=\"\(colour)\"/>\n"
        error(at: (low + high) / 2, bar.height, bar.error, "#666666")
      }
    case .band(let range):
      guard let low = across(range.lowerBound), let high = across(range.upperBound) else { break }
      svg +=
        "<rect x=\"\(text(low))\" y=\"0\" width=\"\(text(high - low))\" height=\"\(text(frame.height))\" fill=\"\(colour)\"/>\n"
    }
    return svg
  }

  private static func shape(
    _ shape: Chart.Shape, _ x: Double, _ y: Double, _ colour: String, for use: ChartUse
  ) -> String {
    switch shape {
    case .dot: "<circle cx=\"\(Chart.text(x))\" cy=\"\(Chart.text(y))\" r=\"3.5\" fill=\"\(colour)\"/>\n"
    case .ring:
      "<circle cx=\"\(Chart.text(x))\" cy=\"\(Chart.text(y))\" r=\"4\" fill=\"\(use.colour("#ffffff"))\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>\n"
    case .triangle: "<path d=\"M\(Chart.text(x)) \(Chart.text(y - 6))l5.5 10h-11z\" fill=\"\(colour)\"/>\n"
    }
  }

  /// Its line of the legend, whose middle begins at a point.
  fileprivate func entry(x: Double, y: Double, for use: ChartUse) -> String {
    let colour = use.colour(colour)
    let sample =
      switch kind {
      case .line(_, let dash):
        "<path d=\"M\(Chart.text(x)) \(Chart.text(y))h28\" stroke=\"\(colour)\" stroke-width=\"1.5\"\(Chart.dashes(dash))/>\n"
      case .points(_, let shape): Self.shape(shape, x + 14, y, colour, for: use)
      case .bars, .band, .ribbon:
        "<rect x=\"\(Chart.text(x + 6))\" y=\"\(Chart.text(y - 6))\" width=\"16\" height=\"12\" fill=\"\(colour)\"/>\n"
      }
    let shown = title.printable.shortened(to: 28)
    return sample + "<text x=\"\(Chart.text(x + 36))\" y=\"\(Chart.text(y + 5))\">\(HTML.text(shown))</text>\n"
  }
}

extension [Chart.Point] {
  /// So many of the points at most, evenly.
  fileprivate func spread(to limit: Int) -> [Chart.Point] {
    count <= limit ? self : (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
  }
}

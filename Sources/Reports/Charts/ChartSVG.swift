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
  func colour(_ colour: String) -> String {
    guard self == .page else { return colour }
    return switch colour {
    case "#000000": "currentColor"
    case "#ffffff": "var(--paper)"
    case "#e8eef4": "var(--head)"
    case "#dddddd": "var(--line)"
    case "#bbbbbb": "var(--bar)"
    default: colour
    }
  }
}

extension Chart {
  /// Columns of the legend.
  private static let legendColumns = 3
  /// The height of a row of the legend.
  private static let legendRow = 22.0

  /// Writes the picture: 900 wide, so high as it is, and the legend below.
  func svg(title: String, for use: ChartUse = .file) -> String {
    let legend = panels.flatMap(\.marks).reduce(into: [Mark]()) { legend, mark in
      if !mark.title.isEmpty, !legend.contains(where: mark.isAlike) { legend.append(mark) }
    }
    let rows = (legend.count + Self.legendColumns - 1) / Self.legendColumns
    let end = self.height
    let height = Self.text(end + Self.legendRow * Double(rows))
    var frame = Frame(left: 80, top: 48, width: 800, height: 0)
    // Names need room below, numbers less.
    let below = panels.last.map { $0.x.hasNames ? 130.0 : 64 } ?? 0
    let room = end - frame.top - below - 20 * Double(panels.count - 1)
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
        <text class="value" x="880" y="28" text-anchor="end"></text>

        """
      }
    var svg = TextBuilder(head)
    // On a page it stands below.
    let lines = use == .file ? Plot.lines(of: title) : []
    for (place, line) in lines.enumerated() {
      svg +=
        "<text x=\"450\" y=\"\((lines.count == 1 ? 28 : 16) + 18 * place)\" text-anchor=\"middle\">\(HTML.text(line))</text>\n"
    }
    for panel in panels {
      frame.height = room * panel.share / shares
      svg += panel.svg(in: panel.frame ?? frame, for: use, legend)
      frame.top += frame.height + 20
    }
    for (place, mark) in legend.enumerated() {
      let (row, column) = (place / Self.legendColumns, place % Self.legendColumns)
      let entry = mark.entry(
        x: frame.left + 270 * Double(column), y: end + Self.legendRow * (Double(row) + 0.2), for: use)
      svg += use == .page ? "<g class=\"entry\" data-mark=\"\(place)\">\(entry)</g>\n" : entry
    }
    svg += "</svg>\n"
    return svg.string
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
  /// Axes, marks and texts; a mark's number is its place in the legend.
  fileprivate func svg(in frame: Chart.Frame, for use: ChartUse, _ legend: [Chart.Mark]) -> TextBuilder {
    func text(_ value: Double) -> String { Chart.text(value) }
    let em = fontSize / 15
    var (lines, texts, shapes) = (TextBuilder(), TextBuilder(), TextBuilder())
    /// A text whose middle or end is at a point.
    func write(_ words: String, _ x: Double, _ y: Double, anchor: String = "middle", turned: Double? = nil) {
      if words.isEmpty { return }
      let place =
        turned.map { "transform=\"translate(\(text(x)) \(text(y))) rotate(\(text($0)))\"" }
        ?? "x=\"\(text(x))\" y=\"\(text(y))\""
      let anchor = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
      texts += "<text \(place)\(anchor)>\(HTML.text(words))</text>\n"
    }
    for tick in y.ticks {
      guard let place = y.place(tick.value), (0...1).contains(place) else { continue }
      let height = frame.bottom - place * frame.height
      lines +=
        "<path d=\"M\(text(frame.left)) \(text(height))H\(text(frame.right))\" stroke=\"\(use.colour("#dddddd"))\"/>\n"
      write(tick.text, frame.left - 8 * em, height + 5 * em, anchor: "end")
    }
    for tick in x.ticks {
      guard let place = x.place(tick.value), (0...1).contains(place) else { continue }
      let (across, down) = (frame.left + place * frame.width, frame.bottom)
      lines += "<path d=\"M\(text(across)) \(text(down))v-6\" stroke=\"\(use.colour("#000000"))\"/>\n"
      if x.hasNames {
        write(tick.text.shortened(to: 24), across - 4, down + 18, anchor: "start", turned: 35)
      } else {
        write(tick.text, across, down + 20 * em)
      }
    }
    write(x.title, frame.left + frame.width / 2, frame.bottom + (x.ticks.isEmpty ? 16 : 46) * em)
    write(y.title, frame.left - (y.ticks.isEmpty ? 16 : 58) * em, frame.top + frame.height / 2, turned: -90)
    write(title, frame.left + frame.width / 2, frame.top - 8 * em)
    write(note, frame.left + 14 * em, frame.top + 24 * em, anchor: "start")
    for mark in marks {
      let drawn = mark.svg(x, y, frame, for: use)
      if use == .page, let number = legend.firstIndex(where: mark.isAlike) {
        let values = mark.values
        shapes += "<g class=\"mark\" data-mark=\"\(number)\"\(values.isEmpty ? "" : " data-values=\"\(values)\"")>"
        shapes += "<title>\(HTML.text(mark.title))</title>\(drawn.string)</g>\n"
      } else {
        shapes += drawn
      }
    }
    let place =
      "x=\"\(text(frame.left))\" y=\"\(text(frame.top))\" width=\"\(text(frame.width))\" height=\"\(text(frame.height))\""
    let hasSectors = marks.contains { if case .sectors = $0.kind { true } else { false } }
    let (wide, high) = (text(Chart.Mark.fineness * frame.width), text(Chart.Mark.fineness * frame.height))
    func data(_ axis: Chart.Axis) -> String {
      "\(Float(axis.range.lowerBound)) \(Float(axis.range.upperBound))\(axis.isLogarithmic ? " log" : "")"
    }
    // Where the pointer's script finds the marks' values.
    let axes = use == .page && hasBorder ? " data-x=\"\(data(x))\" data-y=\"\(data(y))\"" : ""
    let finer = hasSectors ? " viewBox=\"0 0 \(wide) \(high)\" stroke-width=\"1.5\"" : ""
    // An inner picture cuts off what is outside of it.
    var svg = lines
    svg += "<svg \(place)\(finer)\(axes)>\n"
    svg += shapes
    svg += "</svg>\n"
    if hasBorder { svg += "<rect \(place) fill=\"none\" stroke=\"\(use.colour("#000000"))\"/>\n" }
    svg += em == 1 ? texts.string : "<g font-size=\"\(text(fontSize))\">\n\(texts.string)</g>\n"
    return svg
  }
}

import Experiment
import Foundation
import Storage

extension Chart.Mark {
  /// The shapes, in a panel's own coordinates.
  func svg(
    _ x: Chart.Axis, _ y: Chart.Axis, _ frame: Chart.Frame, for use: ChartUse
  ) -> TextBuilder {
    let colour = use.colour(colour)
    func across(_ value: Double) -> Double? { x.place(value).map { $0 * frame.width } }
    func down(_ value: Double) -> Double? { y.place(value).map { (1 - $0) * frame.height } }
    func text(_ value: Double) -> String { Chart.text(value) }
    var svg = TextBuilder()
    func errors(_ points: [Chart.Point], _ colour: String) -> String {
      let path = points.compactMap { point -> String? in
        guard point.error > 0, let place = across(point.x), let low = down(point.y - point.error),
          let high = down(point.y + point.error)
        else { return nil }
        return "M\(text(place)) \(text(low))V\(text(high))"
      }.joined()
      return path.isEmpty ? "" : "<path d=\"\(path)\" stroke=\"\(colour)\"/>\n"
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
    case .ribbon(let spans):
      let inside = spans.compactMap { span -> (x: Double, low: Double, high: Double)? in
        guard let place = across(span.x), let low = down(span.low), let high = down(span.high) else { return nil }
        return (place, low, high)
      }
      let there = inside.map { "\(text($0.x)) \(text($0.high))" }
      let back = inside.reversed().map { "\(text($0.x)) \(text($0.low))" }
      svg += "<path d=\"M\((there + back).joined(separator: "L"))Z\" fill=\"\(colour)\" fill-opacity=\"0.15\"/>\n"
    case .points(let points, let shape):
      svg += errors(points, colour)
      let places = points.compactMap { point -> (Double, Double)? in
        guard let place = across(point.x), let height = down(point.y) else { return nil }
        return (place, height)
      }
      if shape == .speck {
        let path = places.map { "M\(text($0)) \(text($1))h0" }.joined()
        svg += "<path d=\"\(path)\" stroke=\"\(colour)\" stroke-width=\"4\" stroke-linecap=\"round\"/>\n"
      } else {
        for (place, height) in places { svg += Self.shape(shape, place, height, colour, for: use) }
      }
    case .bars(let bars):
      let path = bars.compactMap { bar -> String? in
        guard let low = across(bar.low), let high = across(bar.high), let top = down(bar.height), top < frame.height
        else { return nil }
        return "M\(text(low)) \(text(frame.height))V\(text(top))H\(text(high))V\(text(frame.height))Z"
      }.joined()
      svg += "<path d=\"\(path)\" fill=\"\(colour)\"/>\n"
      svg += errors(bars.map { .init(x: ($0.low + $0.high) / 2, y: $0.height, error: $0.error) }, "#666666")
    case .band(let range):
      guard let low = across(range.lowerBound), let high = across(range.upperBound) else { break }
      svg +=
        "<rect x=\"\(text(low))\" y=\"0\" width=\"\(text(high - low))\" height=\"\(text(frame.height))\" fill=\"\(colour)\"/>\n"
    case .slab(let range):
      guard let low = down(range.lowerBound), let high = down(range.upperBound) else { break }
      svg +=
        "<rect x=\"0\" y=\"\(text(high))\" width=\"\(text(frame.width))\" height=\"\(text(low - high))\" fill=\"\(colour)\"/>\n"
    case .sectors(let sectors):
      let unit = Self.fineness * frame.width / (x.range.upperBound - x.range.lowerBound)
      let centre = Self.fineness * (across(0) ?? 0)
      let path = sectors.map { Self.outline($0, centre, unit) }.joined()
      // An edge of its own colour closes the seams.
      svg += "<path d=\"\(path)\" fill=\"\(colour)\" stroke=\"\(colour)\"/>\n"
    }
    return svg
  }

  /// The values of a line or of points, for the pointer: x, y and its error.
  var values: String {
    let points: [Chart.Point] =
      switch kind {
      case .line(let points, _): points.spread(to: 250)
      case .points(let points, _): points
      case .ribbon, .bars, .band, .slab, .sectors: []
      }
    return points.filter { $0.x.isFinite && $0.y.isFinite }.map { point in
      let error = point.error > 0 ? "," + Cell.number(point.error, digits: 2).text : ""
      return "\(Cell.number(point.x, digits: 0).text),\(Cell.number(point.y).text)\(error)"
    }.joined(separator: " ")
  }

  /// So many units has a panel of sectors for each of the picture: whole ones are shorter than decimals.
  static let fineness = 4.0

  /// The path around a part of a ring, or around a whole one, whose outside runs on the other way than its inside.
  private static func outline(_ sector: Chart.Sector, _ centre: Double, _ unit: Double) -> String {
    let (radii, angles) = (sector.radii, sector.angles)
    let sweep = angles.upperBound - angles.lowerBound
    func text(_ value: Double) -> String { "\(Int(saturating: value.rounded()))" }
    func corner(_ radius: Double, _ angle: Double) -> String {
      "\(text(centre + unit * radius * cos(angle))) \(text(centre - unit * radius * sin(angle)))"
    }
    // By pieces of a third at most: the centre of a longer one would be somewhere else for a corner a little off.
    let pieces = max(1, Int((sweep / (2 * .pi / 3) - 1e-9).rounded(.up)))
    func arc(_ radius: Double, isBack: Bool) -> String {
      let size = text(unit * radius)
      return (1...pieces).map { piece in
        let part = sweep * Double(piece) / Double(pieces)
        let angle = isBack ? angles.upperBound - part : angles.lowerBound + part
        return "A\(size) \(size) 0 0\(isBack ? 1 : 0)\(corner(radius, angle))"
      }.joined()
    }
    if sweep > 2 * .pi - 1e-9 {
      return [(radii.upperBound, false), (radii.lowerBound, true)].filter { $0.0 > 0 }.map { radius, isBack in
        "M\(corner(radius, angles.lowerBound))\(arc(radius, isBack: isBack))Z"
      }.joined()
    }
    let outer = "\(corner(radii.upperBound, angles.lowerBound))\(arc(radii.upperBound, isBack: false))"
    let inner =
      radii.lowerBound > 0
      ? "\(corner(radii.lowerBound, angles.upperBound))\(arc(radii.lowerBound, isBack: true))"
      : "\(text(centre)) \(text(centre))"
    return "M\(outer)L\(inner)Z"
  }

  private static func shape(
    _ shape: Chart.Shape, _ x: Double, _ y: Double, _ colour: String, for use: ChartUse
  ) -> String {
    switch shape {
    case .dot, .speck: "<circle cx=\"\(Chart.text(x))\" cy=\"\(Chart.text(y))\" r=\"3.5\" fill=\"\(colour)\"/>\n"
    case .ring:
      "<circle cx=\"\(Chart.text(x))\" cy=\"\(Chart.text(y))\" r=\"4\" fill=\"\(use.colour("#ffffff"))\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>\n"
    case .triangle: "<path d=\"M\(Chart.text(x)) \(Chart.text(y - 6))l5.5 10h-11z\" fill=\"\(colour)\"/>\n"
    }
  }

  /// Its line of the legend, whose middle begins at a point.
  func entry(x: Double, y: Double, for use: ChartUse) -> String {
    let colour = use.colour(colour)
    let sample =
      switch kind {
      case .line(_, let dash):
        "<path d=\"M\(Chart.text(x)) \(Chart.text(y))h28\" stroke=\"\(colour)\" stroke-width=\"1.5\"\(Chart.dashes(dash))/>\n"
      case .points(_, let shape): Self.shape(shape, x + 14, y, colour, for: use)
      case .bars, .band, .slab, .sectors, .ribbon:
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

import Experiment

/// A bin of E_tot: Geant4's events beside the generator's, which are scaled to as many.
struct TotalBin {
  var low: Double
  var high: Double
  var geant4: Double
  /// The generator's events as they were counted.
  fileprivate var counted: Double
  fileprivate var scale: Double

  var geant4Error: Double { geant4.squareRoot() }
  var gan: Double { counted * scale }
  var ganError: Double { counted.squareRoot() * scale }
  /// The generator's events for one of Geant4's; nil where it has none.
  var ratio: Double? { geant4 > 0 ? gan / geant4 : nil }
  var ratioError: Double? { ratio.map { $0 * (1 / geant4 + (counted > 0 ? 1 / counted : 0)).squareRoot() } }

  /// The bins of a pair of histograms, as the χ² compares them.
  static func bins(of histogram: HistogramPair) -> [TotalBin] {
    let scale = Double(histogram.reference.reduce(0, +)) / Double(max(1, histogram.generated.reduce(0, +)))
    return histogram.reference.indices.map { bin in
      TotalBin(
        low: histogram.edges[bin], high: histogram.edges[bin + 1], geant4: Double(histogram.reference[bin]),
        counted: Double(histogram.generated[bin]), scale: scale)
    }
  }
}

extension Chart {
  /// E_tot of both over their ratio.
  /// - Precondition: There is a bin.
  init(totals bins: [TotalBin], note: String) {
    precondition(!bins.isEmpty, "E_tot without a bin")
    func points(_ value: (TotalBin) -> Double?, _ error: (TotalBin) -> Double?) -> [Point] {
      bins.compactMap { bin in
        value(bin).map { Point(x: (bin.low + bin.high) / 2, y: $0, error: error(bin) ?? 0) }
      }
    }
    let range = bins[0].low...bins[bins.count - 1].high
    let ratios = points(\.ratio, \.ratioError)
    let top = bins.map { max($0.geant4 + $0.geant4Error, $0.gan + $0.ganError) }.max() ?? 1
    let blue = Plot.colours[0]
    panels = [
      Panel(
        x: .numbers("", range, isLabelled: false), y: .numbers("events", 0...top * 1.15),
        marks: [
          Mark(
            title: "Geant4", colour: "#bbbbbb",
            kind: .bars(bins.map { Bar(low: $0.low, high: $0.high, height: $0.geant4, error: $0.geant4Error) })),
          Mark(title: "GAN", colour: blue, kind: .points(points(\.gan, \.ganError), .dot)),
        ], share: 2.5, note: note),
      Panel(
        x: .numbers("E_tot / GeV", range), y: .numbers("GAN / Geant4", 0...2),
        marks: [
          Mark(
            colour: "#888888",
            kind: .line([Point(x: range.lowerBound, y: 1), Point(x: range.upperBound, y: 1)], dash: 1)),
          Mark(title: "GAN", colour: blue, kind: .points(ratios, .dot)),
          // What is above the panel.
          Mark(
            title: "GAN", colour: blue,
            kind: .points(ratios.filter { $0.y > 2 }.map { Point(x: $0.x, y: 1.9) }, .triangle)),
        ]),
    ]
  }

  /// The energies in the layers, a panel for each; nil where a histogram has no place on a logarithmic axis.
  init?(layers: [(title: String, note: String, histogram: HistogramPair)], columns: Int) {
    guard layers.allSatisfy({ ($0.histogram.edges.first ?? 0) > 0 && $0.histogram.edges.count > 1 }) else { return nil }
    let lines = Double((layers.count + columns - 1) / columns)
    let (left, top, across, down) = (66.0, 72.0, 42.0, 66.0)
    let width = (820 - across * Double(columns - 1)) / Double(columns)
    let high = (560 - top - 56 - down * (lines - 1)) / lines
    panels = layers.enumerated().map { place, layer in
      let histogram = layer.histogram
      let (column, line) = (place % columns, place / columns)
      let edges = histogram.edges
      let bars = histogram.reference.indices.map {
        Bar(low: edges[$0], high: edges[$0 + 1], height: Double(histogram.reference[$0]))
      }
      let points = histogram.generated.indices.map {
        let count = Double(histogram.generated[$0])
        return Point(x: (edges[$0] * edges[$0 + 1]).squareRoot(), y: count, error: count.squareRoot())
      }
      let most = (bars.map(\.height) + points.map { $0.y + $0.error }).max() ?? 1
      return Panel(
        x: .powers(place + columns >= layers.count ? "energy / MeV" : "", edges[0]...edges[edges.count - 1]),
        y: .numbers(column == 0 ? "events" : "", 0...max(1, most) * 1.2),
        marks: [
          Mark(title: "Geant4", colour: "#bbbbbb", kind: .bars(bars)),
          Mark(title: "GAN", colour: Plot.colours[0], kind: .points(points, .speck)),
        ], note: layer.note, title: layer.title,
        frame: Frame(
          left: left + (width + across) * Double(column), top: top + (high + down) * Double(line), width: width,
          height: high), fontSize: 12)
    }
  }
}

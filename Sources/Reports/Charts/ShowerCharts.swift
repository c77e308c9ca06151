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
          Mark(colour: blue, kind: .points(ratios, .dot)),
          // What is above the panel.
          Mark(colour: blue, kind: .points(ratios.filter { $0.y > 2 }.map { Point(x: $0.x, y: 1.9) }, .triangle)),
        ]),
    ]
  }
}

import Experiment

extension Chart {
  /// E_tot of several models beside Geant4's.
  ///
  /// The first and the last bin hold what lies beyond the others and stand apart from them.
  /// - Parameters:
  ///   - models: The models' labels and bins, which all have the same edges.
  ///   - shift: How far a bin stands from its place.
  ///   - top: The most events that are shown; what is more is a triangle at the top.
  init(totalsOf models: [(label: String, bins: [TotalBin])], shift: (Int) -> Double, upTo top: Double) {
    let bins = models[0].bins
    let (width, last) = (bins[1].high - bins[1].low, bins.count - 1)
    var axis = Axis.numbers("E_tot / GeV", bins[0].low - 1.5 * width...bins[last].high + 1.5 * width)
    let ends = [(0, "below \(Cell.number(bins[0].high).text)"), (last, "above \(Cell.number(bins[last].low).text)")].map
    {
      Axis.Tick(value: (bins[$0].low + bins[$0].high) / 2 + shift($0), text: $1)
    }
    // The ends' texts are wider than numbers.
    axis.ticks = axis.ticks.filter { tick in ends.allSatisfy { abs($0.value - tick.value) > 3 * width } } + ends
    let geant4 = bins.enumerated().map { index, bin in
      Bar(low: bin.low + shift(index), high: bin.high + shift(index), height: bin.geant4)
    }
    let borders = [bins[0].high, bins[last].low].map { border in
      Mark(colour: "#888888", kind: .line([Point(x: border, y: 0), Point(x: border, y: top)], dash: 3))
    }
    let points = models.enumerated().flatMap { index, model -> [Mark] in
      // Beside each other, and not one on another.
      let aside = (0.6 * (Double(index) + 0.5) / Double(models.count) - 0.3) * width
      let points = model.bins.enumerated().map { bin, found in
        Point(x: (found.low + found.high) / 2 + shift(bin) + aside, y: found.gan, error: found.ganError)
      }
      let above = points.filter { $0.y > top }.map { Point(x: $0.x, y: 0.97 * top) }
      return [(points, Shape.speck), (above, .triangle)].map {
        Mark(title: model.label, colour: Plot.colours[index % Plot.colours.count], kind: .points($0, $1))
      }
    }
    panels = [
      Panel(
        x: axis, y: .numbers("events", 0...top),
        marks: [Mark(title: "Geant4", colour: "#bbbbbb", kind: .bars(geant4))] + borders + points)
    ]
  }
}

import Experiment
import Storage

extension ShowerComparison {
  /// E_tot of several models and Geant4 in one picture for each incident energy that the first has.
  ///
  /// What the end bins hold of the showers beyond them stands apart from the others and does not set the scale.
  /// - Parameters:
  ///   - models: The models with their labels; of more than there are colours the first.
  ///   - name: What the plots' names begin with.
  ///   - heading: What the models are of, for the title.
  /// - Returns: The plots; none for fewer than two models.
  package static func totals(
    of models: [(label: String, comparison: ShowerComparison)], named name: String, heading: String
  ) -> [Plot] {
    let shown = models.prefix(Plot.colours.count)
    guard let first = shown.first, shown.count > 1 else { return [] }
    return first.comparison.histograms.totals.compactMap { totals in
      let energy = totals.incidentEnergy
      let found = shown.compactMap { model -> (label: String, bins: [TotalBin])? in
        let own = model.comparison.histograms.totals.first { $0.incidentEnergy == energy }
        guard let histogram = own?.histogram, histogram.edges == totals.histogram.edges else { return nil }
        return (model.label, TotalBin.bins(of: histogram))
      }
      guard found.count > 1, found[0].bins.count > 2 else { return nil }
      return plot(found, energy, "\(name)-\(energyName(energy))", heading)
    }
  }

  private static func plot(
    _ models: [(label: String, bins: [TotalBin])], _ energy: Double, _ file: String, _ heading: String
  ) -> Plot {
    let bins = models[0].bins
    let (width, last) = (bins[1].high - bins[1].low, bins.count - 1)
    // The end bins, a bin's width away from the others.
    func shift(_ bin: Int) -> Double { bin == 0 ? -width : bin == last ? width : 0 }
    let rows = bins.indices.map { bin -> [Cell] in
      [
        .integer(bin == 0 || bin == last ? 1 : 0), .number(bins[bin].low + shift(bin)),
        .number(bins[bin].high + shift(bin)), .number(bins[bin].geant4),
      ] + models.flatMap { [.number($0.bins[bin].gan), .number($0.bins[bin].ganError)] }
    }
    let columns =
      ["outside", "low", "high", "geant4"].map { Column($0) }
      + models.flatMap { [Column($0.label.printable), Column("\($0.label.printable) error")] }
    let inner = bins.indices.dropFirst().dropLast()
    let top = 1.15 * (inner.flatMap { bin in [bins[bin].geant4] + models.map { $0.bins[bin].gan } }.max() ?? 1)
    let points = models.enumerated().map { index, model in
      let (value, colour) = (5 + 2 * index, Plot.colours[index % Plot.colours.count])
      // Beside each other, and not one on another.
      let place = "(($2+$3)/2+\(0.6 * (Double(index) + 0.5) / Double(models.count) - 0.3)*($3-$2))"
      return
        "'' using \(place):\(value):\(value + 1) with yerrorbars pointtype 7 pointsize 0.4 linecolor rgb '\(colour)' "
        + "title \(Plot.legend(model.label)), "
        + "'' using \(place):($\(value) > \(top) ? \(0.97 * top) : NaN) with points pointtype 9 "
        + "linecolor rgb '\(colour)' notitle"
    }
    func edge(_ value: Double) -> String { Cell.number(value).text }
    let ends = [(0, "below \(edge(bins[0].high))"), (last, "above \(edge(bins[last].low))")].map { bin, text in
      let middle = (bins[bin].low + bins[bin].high) / 2 + shift(bin)
      return "set label '\(text)' at \(middle), graph 0.5 center rotate by 90 textcolor rgb '#666666'"
    }.joined(separator: "\n")
    let commands = """
      set xrange [\(bins[0].low - 1.5 * width):\(bins[last].high + 1.5 * width)]
      set yrange [0:\(top)]
      set xlabel 'E_tot / GeV'
      set ylabel 'events'
      \(Plot.legendBelow)
      \(ends)
      set arrow 1 from \(bins[0].high), graph 0 to \(bins[0].high), graph 1 nohead dashtype 3 linecolor rgb '#888888'
      set arrow 2 from \(bins[last].low), graph 0 to \(bins[last].low), graph 1 nohead dashtype 3 linecolor rgb '#888888'
      plot '\(file).csv' using (($2+$3)/2):4:2:3:(0):4 with boxxyerror fillcolor rgb '#bbbbbb' fillstyle solid noborder \
      title 'Geant4', \\
      \(points.joined(separator: ", \\\n  "))
      """
    return Plot(
      name: file, title: "E_tot at \(energyText(energy)): \(heading) and Geant4",
      csv: TextTable(columns: columns, rows: rows)
        .render(.csv), commands: commands, chart: Chart(totalsOf: models, shift: shift, upTo: top))
  }
}

import Experiment
import Foundation
import Records

extension ShowerComparison {
  /// The showers in pictures: E_tot with its ratio and the average shower at each incident energy, and the layers'
  /// energies over all of them.
  /// - Parameters:
  ///   - subject: What generated them, for the titles.
  ///   - name: What the plots' names begin with.
  /// - Returns: The plots of E_tot, of the layers and of the average showers, in this order.
  package func plots(of subject: String, named name: String) -> [Plot] {
    let totals = zip(histograms.totals, energies).map { Self.total($0, $1, subject, name) }
    let showers = histograms.layers.isEmpty ? [] : histograms.averageShowers.map { average($0, subject, name) }
    return totals + (layerEnergies(subject, name).map { [$0] } ?? []) + showers
  }

  private static let geant4 = "fillcolor rgb '#bbbbbb' fillstyle solid noborder title 'Geant4'"
  private static let generator = "pointtype 7 pointsize 0.5 linecolor rgb '\(Plot.colours[0])' title 'GAN'"

  /// Pictures of layers beside each other, at most.
  private static let manyLayers = 15

  /// E_tot of both, with the study's χ²/NDF, over their ratio.
  private static func total(
    _ totals: ComparisonHistograms.Totals, _ evaluation: EnergyEvaluation, _ subject: String, _ name: String
  ) -> Plot {
    let bins = TotalBin.bins(of: totals.histogram)
    let edges = totals.histogram.edges
    let columns = ["low", "high", "geant4", "geant4_error", "gan", "gan_error", "ratio", "ratio_error"]
    let rows = bins.map { bin -> [Cell] in
      [
        .number(bin.low), .number(bin.high), .number(bin.geant4), .number(bin.geant4Error), .number(bin.gan),
        .number(bin.ganError), bin.ratio.map { .number($0) } ?? .missing,
        bin.ratioError.map { .number($0) } ?? .missing,
      ]
    }
    let file = "\(name)-etot-\(energyName(totals.incidentEnergy))"
    let title = "E_tot at \(energyText(totals.incidentEnergy)): \(subject)"
    let found =
      "χ²/NDF = \(Cell.number(evaluation.reduced).text)"
      + (evaluation.uncertainty.map { " ± \(Cell.number($0, digits: 2).text)" } ?? "")
    let commands = """
      set multiplot
      set lmargin at screen 0.11
      set rmargin at screen 0.97
      set tmargin at screen 0.9
      set bmargin at screen 0.36
      set xrange [\(edges[0]):\(edges[edges.count - 1])]
      set yrange [0:*]
      set format x ''
      set ylabel 'events' offset 1
      set key top right
      set label 1 \(Plot.quoted(found)) at graph 0.03, graph 0.92
      plot '\(file).csv' using (($1+$2)/2):3:1:2:(0):3 with boxxyerror \(geant4), \
      '' using (($1+$2)/2):5:6 with yerrorbars \(generator)
      unset title
      unset label 1
      unset key
      set tmargin at screen 0.33
      set bmargin at screen 0.13
      set format x
      set xlabel 'E_tot / GeV'
      set ylabel 'GAN / Geant4'
      set yrange [0:2]
      set ytics 0, 0.5, 1.5
      plot 1 with lines linecolor rgb '#888888', \
      '\(file).csv' using (($1+$2)/2):7:8 with yerrorbars \(generator), \
      '' using (($1+$2)/2):($7 > 2 ? 1.9 : NaN) with points pointtype 9 linecolor rgb '\(Plot.colours[0])'
      unset multiplot
      """
    return Plot(
      name: file, title: title, csv: TextTable(columns: columns.map { Column($0) }, rows: rows).render(.csv),
      commands: commands, chart: Chart(totals: bins, note: found))
  }

  /// The energy in each layer, with CaloChallenge's separation power; nil where the worker had no geometry.
  private func layerEnergies(_ subject: String, _ name: String) -> Plot? {
    let layers = full.observables.compactMap { entry -> (id: Int, power: Double, histogram: HistogramPair)? in
      guard entry.observable == "layerEnergy", let layer = entry.layer, let histogram = entry.histogram else {
        return nil
      }
      return (layer, entry.separationPower, histogram)
    }
    guard !layers.isEmpty else { return nil }
    let rows = layers.flatMap { layer in
      layer.histogram.reference.indices.map { bin -> [Cell] in
        [
          .integer(layer.id), Self.sixDigits(layer.histogram.edges[bin]),
          Self.sixDigits(layer.histogram.edges[bin + 1]),
          .integer(layer.histogram.reference[bin]), .integer(layer.histogram.generated[bin]),
        ]
      }
    }
    let (file, title) = ("\(name)-layers", "Layer energies with separation power: \(subject)")
    // Many layers are small pictures without numbers.
    let isMany = layers.count > Self.manyLayers
    let columns = isMany ? 9 : (layers.count + 1) / 2
    let events = histograms.totals.reduce((0, 0)) {
      ($0.0 + $1.histogram.reference.reduce(0, +), $0.1 + $1.histogram.generated.reduce(0, +))
    }
    let pictures = layers.map { layer in
      // An event without energy in the layer, or with more than the last bin has, is in no bin.
      let outside = (
        max(0, events.0 - layer.histogram.reference.reduce(0, +)),
        max(0, events.1 - layer.histogram.generated.reduce(0, +))
      )
      let name = isMany ? "\(layer.id)" : Self.title(layer.id, histograms.layers)
      return (
        title: "\(name): \(Cell.number(layer.power, digits: 2).text)",
        note: "outside: \(outside.0), GAN \(outside.1)",
        histogram: layer.histogram
      )
    }
    let panels = zip(layers, pictures).enumerated().map { place, entry in
      let (layer, picture) = entry
      let centre = "($1==\(layer.id) ? sqrt($2*$3) : NaN)"
      let sides = """
        set ylabel '\(place % columns == 0 ? "events" : "")' offset 2
        set xlabel '\(place + columns >= layers.count ? "energy / MeV" : "")' offset 0, 0.5
        set label 1 '\(picture.note)' at graph 0.03, graph 0.93 font ',\(Plot.small)'
        """
      return """
        set title '\(picture.title)'
        \(isMany ? "" : sides)
        plot '\(file).csv' using \(centre):4:2:3:(0):4 with boxxyerror \(Self.geant4), \
        '' using \(centre):5:(sqrt($5)) with yerrorbars \(Self.generator)
        unset key
        """
    }
    let commands = """
      set multiplot layout \((layers.count + columns - 1) / columns),\(columns) title \(Plot.heading(title)) \
      margins screen \(isMany ? 0.03 : 0.08), screen 0.97, screen 0.16, screen 0.84 \
      spacing screen \(isMany ? "0.01, screen 0.07" : "0.055, screen 0.19")
      set logscale x
      \(isMany ? "unset xtics\nunset ytics" : "set format x '%.0s%c'\nset xtics 10, 10\nset ytics autofreq")
      set tics font ',\(Plot.small)'
      set yrange [0:*]
      set key at screen 0.97, screen 0.04 right center horizontal maxrows 1 samplen 1
      \(panels.joined(separator: "\n"))
      unset multiplot
      """
    return Plot(
      name: file, title: title,
      csv: TextTable(columns: ["layer", "low", "high", "geant4", "gan"].map { Column($0) }, rows: rows).render(.csv),
      commands: commands,
      chart: isMany ? nil : Chart(layers: pictures, columns: columns), isDense: true)
  }

  /// The average shower layer by layer in the plane across its axis, Geant4's above, the generator's below.
  private func average(_ shower: ComparisonHistograms.AverageShower, _ subject: String, _ name: String) -> Plot {
    let largest = max(shower.reference.max() ?? 0, shower.generated.max() ?? 0, 1e-9)
    let floor = largest * 1e-5
    let columns = ["layer", "alpha_low", "alpha_high", "r_low", "r_high", "geant4", "gan"]
    var rows: [[Cell]] = []
    for layer in histograms.layers {
      let rings = layer.radialEdges.count - 1
      for alpha in 0..<layer.alphaBins {
        for ring in 0..<rings {
          let voxel = layer.offset + alpha * rings + ring
          rows.append([
            .integer(layer.id), Self.sixDigits(layer.angle(alpha)), Self.sixDigits(layer.angle(alpha + 1)),
            .number(layer.radialEdges[ring]), .number(layer.radialEdges[ring + 1]),
            Self.sixDigits(shower.reference[voxel]), Self.sixDigits(shower.generated[voxel]),
          ])
        }
      }
    }
    // Where either is empty there is no ratio.
    let ratios = zip(shower.reference, shower.generated).map { $0 > 0 && $1 > 0 ? min(9.99, max(0.101, $1 / $0)) : 0 }
    let energy = ColourScale.energy(floor...largest)
    let samples = [
      ("Geant4", shower.reference, energy), ("GAN", shower.generated, energy), ("GAN / Geant4", ratios, .ratio),
    ]
    let blocks = samples.enumerated().flatMap { number, sample in
      histograms.layers.map { layer in
        "$s\(number)l\(layer.id) << EOD\n\(Self.grid(layer, sample.1, floor: number == 2 ? 0 : floor))EOD\n"
      }
    }
    // Of many layers so many beside each other, and the others in further pairs of lines.
    let beside = min(histograms.layers.count, Self.manyLayers)
    let bands = stride(from: 0, to: histograms.layers.count, by: beside).map {
      histograms.layers[$0..<min($0 + beside, histograms.layers.count)]
    }
    let panels = bands.enumerated().flatMap { number, band in
      samples.enumerated().flatMap { row, sample -> [String] in
        let scale =
          row == 2
          ? """
          set palette \(sample.2.palette)
          set cbrange [0.1:10]
          set format cb '%g'
          set colorbox user origin screen 0.87, screen 0.08 size screen 0.015, screen 0.2
          set cblabel '\(sample.2.title)'
          """
          : """
          set palette \(sample.2.palette)
          set cbrange [\(floor):\(largest)]
          set format cb '10^{%L}'
          set colorbox user origin screen 0.87, screen 0.38 size screen 0.015, screen 0.45
          set cblabel '\(sample.2.title)'
          """
        let height: Double = 0.86 - 0.81 * (Double(3 * number + row) + 0.5) / Double(3 * bands.count)
        // A colour box for each scale, once; the rows' names at their left, the layers' above the first.
        let maps = band.enumerated().map { place, layer in
          """
          \(place == 0 && number == 0 && row != 1 ? "" : "unset colorbox")
          set xrange [-\(layer.edge):\(layer.edge)]
          set yrange [-\(layer.edge):\(layer.edge)]
          set title \(row == 0 ? Plot.quoted(Self.title(layer.id, histograms.layers)) : "''") offset 0, -1 \
          font ',\(Plot.small)'
          set label 2 '\(place == 0 ? sample.0 : "")' at screen 0.02, \
          screen \(height) center rotate by 90 font ',\(Plot.small)'
          set label 3 '\(row == 2 ? layer.radius : "")' at graph 0.5, graph -0.08 center font ',\(Plot.small)'
          splot $s\(row)l\(layer.id) using 1:2:3 with pm3d
          """
        }
        return [scale] + maps + Array(repeating: "set multiplot next", count: beside - band.count)
      }
    }
    let title = "Average shower by layer at \(energyText(shower.incidentEnergy)): \(subject)"
    let commands = """
      set datafile separator whitespace
      set datafile nocolumnheaders
      \(blocks.joined())set termoption enhanced
      set multiplot layout \(3 * bands.count),\(beside) title \(Plot.heading(title)) noenhanced \
      margins screen 0.04, screen 0.85, screen 0.05, screen 0.86 \
      spacing screen 0.01, screen 0.03
      set view map
      set size ratio -1
      set pm3d corners2color c1
      set logscale cb
      unset border
      unset tics
      set cbtics
      unset key
      \(panels.joined(separator: "\n"))
      unset multiplot
      """
    return Plot(
      name: "\(name)-shower-\(energyName(shower.incidentEnergy))",
      title: title + ", radii on a logarithmic scale, empty voxels left out",
      csv: TextTable(columns: columns.map { Column($0) }, rows: rows).render(.csv), commands: commands,
      chart: Chart(showers: samples, in: histograms.layers.map { (Self.title($0.id, histograms.layers), $0) }),
      isDense: true)
  }

  /// A number with all the digits that a picture needs.
  private static func sixDigits(_ value: Double) -> Cell { .number(Double(String(format: "%.6g", value)) ?? value) }

  /// The names of ATLAS's layers, by CaloChallenge's numbers in its first dataset.
  private static let names = [
    0: "PreSamplerB", 1: "EMB1", 2: "EMB2", 3: "EMB3", 12: "TileBar0", 13: "TileBar1", 14: "TileBar2",
  ]

  /// What a layer is called: by its name in ATLAS where the detector's layers are that one's, else by its number.
  static func title(_ layer: Int, _ layers: [ComparisonHistograms.Layer]) -> String {
    let isATLAS = layers.contains { $0.id == 12 } && layers.allSatisfy { names[$0.id] != nil }
    return (isATLAS ? names[layer] : nil) ?? "layer \(layer)"
  }

  /// A layer's corners with the value of the voxel that begins there, for pm3d: a line of α for each radius, drawn as
  /// log(1 + r/r₁).
  ///
  /// Broad sectors are divided until they look round.
  private static func grid(_ layer: ComparisonHistograms.Layer, _ shower: [Double], floor: Double) -> String {
    let rings = layer.radialEdges.count - 1
    let pieces = max(1, 20 / layer.alphaBins)
    let sectors = layer.alphaBins * pieces
    return (0...rings).map { ring in
      let radius = layer.drawn(layer.radialEdges[ring])
      return (0...sectors).map { sector in
        let angle = ComparisonHistograms.Layer.angle(sector, of: sectors)
        let alpha = min(sector / pieces, layer.alphaBins - 1)
        let value = shower[layer.offset + alpha * rings + min(ring, rings - 1)]
        let shown = value > 0 ? "\(max(value, floor))" : "NaN"
        return "\(radius * cos(angle)) \(radius * sin(angle)) \(shown)\n"
      }.joined()
    }.joined(separator: "\n")
  }
}

import Experiment
import Foundation
import Ledger
import Records
import TestSupport
import Testing

@testable import Reports

@Suite struct PlotTests {
  @Test("A row's plot: its seeds, the window, the best checkpoint and what it is compared with, from a CSV file")
  func curve() throws {
    let plots = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger).plots
    #expect(plots.map(\.name) == ["curves-2", "seeds-2", "template", "2-classical-0", "2-2-2", "2-reference-3"])
    let plot = plots[4]
    #expect(plot.commands.contains("rectangle from 30, graph 0 to 80, graph 1"))
    #expect(plot.commands.contains("'best: 3.00 at 60'"))
    let lines = plot.csv.split(separator: "\n")
    #expect(lines[0] == "checkpoint,seed 1,seed 3,baseline: Classical,reference: reference")
    #expect(lines[61] == "60,3.0,5.0,,")
    #expect(lines.count == 82)
  }

  /// Two energies, two layers of which one is divided in α, two bins.
  static let comparison: ShowerComparison = {
    func histogram(_ a: [Int], _ b: [Int]) -> HistogramPair {
      .init(edges: [1, 2, 4], reference: a, generated: b)
    }
    var evaluation = EnergyEvaluation(incidentEnergy: 4096, chi2: 56, ndf: 28)
    evaluation.uncertainty = 0.25
    let shower = ComparisonHistograms.AverageShower(
      incidentEnergy: 4096, reference: [0, 1, 2, 3, 4, 5], generated: [1, 1, 1, 1, 1, 1])
    return ShowerComparison(
      reduced: 2, energies: [evaluation],
      full: .init(observables: [
        .init(observable: "layerEnergy", layer: 0, separationPower: 0.5, histogram: histogram([3, 1], [1, 3])),
        .init(observable: "sparsity", layer: 0, separationPower: 0.1, histogram: histogram([3, 1], [1, 3])),
        .init(observable: "layerEnergy", layer: 12, separationPower: 0.25, histogram: histogram([4, 0], [2, 2])),
      ]),
      histograms: .init(
        totals: [.init(incidentEnergy: 4096, histogram: histogram([0, 4], [1, 7]))], averageShowers: [shower],
        layers: [
          .init(id: 0, alphaBins: 1, radialEdges: [0, 5, 10], offset: 0),
          .init(id: 12, alphaBins: 2, radialEdges: [0, 5, 20], offset: 2),
        ]))
  }()

  @Test("In an average shower's picture each voxel stands at its radius, in its sector")
  func grid() {
    let lines = Self.comparison.plots(of: "2x", named: "2x")[2].commands.split(
      separator: "\n", omittingEmptySubsequences: false)
    // Blocks of a radius each: the third number is the voxel's.
    let blocks = lines.split(separator: "").map { block in
      block.compactMap { line -> String? in
        let fields = line.split(separator: " ")
        return fields.count == 3 && fields.allSatisfy { Double($0) != nil } ? String(fields[2]) : nil
      }.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    }
    // A layer's first radius stands in a block with the end of the one before.
    #expect(blocks.contains { $0.suffix(2) == ["2.0", "4.0"] } && blocks.contains(["3.0", "5.0"]))
  }

  @Test("Showers: E_tot with its ratio and χ²/NDF, layer energies, the average shower; the numbers behind each")
  func showers() throws {
    let plots = Self.comparison.plots(of: "2x", named: "2x")
    #expect(plots.map(\.name) == ["2x-etot-4096", "2x-layers", "2x-shower-4096"])
    #expect(plots[0].commands.contains("\"χ²/NDF = 2.00 ± 0.25\""))
    // The eight generated events count as four: so many did Geant4 make. Nothing is divided by no events.
    let error: Double = 0.875 * (0.25 + 1.0 / 7).squareRoot()
    #expect(
      plots[0].csv.split(separator: "\n") == [
        "low,high,geant4,geant4_error,gan,gan_error,ratio,ratio_error", "1.0,2.0,0.0,0.0,0.5,0.5,,",
        "2.0,4.0,4.0,2.0,3.5,1.3228756555322954,0.875,\(error)",
      ])
    #expect(
      plots[1].csv
        == "layer,low,high,geant4,gan\n0,1.0,2.0,3,1\n0,2.0,4.0,1,3\n12,1.0,2.0,4,2\n12,2.0,4.0,0,2\n")
    let voxels = plots[2].csv.split(separator: "\n")
    #expect(voxels[0] == "layer,alpha_low,alpha_high,r_low,r_high,geant4,gan" && voxels.count == 7)
    #expect(voxels[4] == "12,-3.14159,0.0,5.0,20.0,3.0,1.0")
    // Geant4, the GAN and their ratio, of two layers each, and two scales; layer 12 is halved.
    let panels = try #require(plots[2].chart?.panels)
    #expect(panels.map(\.title) == ["PreSamplerB", "TileBar0", "", "", "", "", "", ""])
    #expect(panels.map(\.y.title) == ["Geant4", "", "GAN", "", "GAN / Geant4", "", "MeV in a voxel", "GAN / Geant4"])
    let halves = panels[1].marks.flatMap { mark -> [Chart.Sector] in
      if case .sectors(let sectors) = mark.kind { sectors } else { [] }
    }
    #expect(halves.count == 4 && Set(halves.map(\.angles)) == [-.pi...0, 0.0...(.pi)])
    // Empty in Geant4, so the first of the other layer's two rings is not drawn; the ratio neither.
    for place in [0, 4] { #expect(panels[place].marks.count == 1) }
    let layers = try #require(plots[1].chart?.panels)
    #expect(layers.map(\.title) == ["PreSamplerB: 0.50", "TileBar0: 0.25"])
    #expect(layers.map(\.note) == ["outside: 0, GAN 4", "outside: 0, GAN 4"])
    #expect(plots[2].isDense)
    for (energy, name) in [(31.62, "31.62"), (3e38, "3e+38")] {
      var other = Self.comparison
      other.histograms.totals[0].incidentEnergy = energy
      other.histograms.averageShowers[0].incidentEnergy = energy
      other.energies[0].incidentEnergy = energy
      #expect(other.plots(of: "2x", named: "2x").map(\.name) == ["2x-etot-\(name)", "2x-layers", "2x-shower-\(name)"])
    }
  }

  @Test("An average shower of the first dataset's pions takes a page a tenth of a megabyte, a larger detector is a PNG")
  func sizes() throws {
    func shower(_ layers: [(Int, Int, Int)]) -> Plot {
      var (offset, found) = (0, [ComparisonHistograms.Layer]())
      for (id, alphaBins, rings) in layers {
        found.append(
          .init(
            id: id, alphaBins: alphaBins, radialEdges: (0...rings).map { Double($0 * $0) },
            offset: offset))
        offset += alphaBins * rings
      }
      var other = Self.comparison
      // No two neighbours alike: nothing is drawn together.
      let values = (0..<offset).map { pow(10, Double($0 * 7919 % 1000) / 250 - 1) }
      other.histograms.layers = found
      other.histograms.averageShowers[0].reference = values
      other.histograms.averageShowers[0].generated = values.reversed()
      return other.plots(of: "2x", named: "2x")[2]
    }
    let pions = [(0, 1, 8), (1, 10, 10), (2, 10, 10), (3, 1, 5), (12, 10, 15), (13, 10, 16), (14, 1, 10)]
    let figure = HTML.figures(try Plot.images([shower(pions)]))
    #expect(figure.utf8.count < 140_000, "\(figure.utf8.count)")
    let many = shower((0..<45).map { ($0, 16, 9) })
    #expect(many.chart == nil && many.isDense)
  }

  @Test("Several models beside Geant4: what is beyond the bins stands apart and does not set the scale")
  func totals() throws {
    func comparison(_ generated: [Int]) -> ShowerComparison {
      var other = Self.comparison
      other.histograms.totals = [
        .init(
          incidentEnergy: 4096,
          histogram: .init(edges: [0, 1, 2, 3, 4], reference: [90, 4, 6, 0], generated: generated))
      ]
      return other
    }
    let models = [("a", comparison([0, 50, 50, 0])), ("it's", comparison([100, 0, 0, 0]))]
    let plots = ShowerComparison.totals(of: models.map { (label: $0.0, comparison: $0.1) }, named: "etot", heading: "x")
    #expect(plots.map(\.name) == ["etot-4096"])
    let lines = plots[0].csv.split(separator: "\n")
    #expect(lines[0] == "outside,low,high,geant4,a,a error,it's,it's error")
    #expect(lines[1].hasPrefix("1,-1.0,0.0,90.0,0.0,0.0,100.0,") && lines[2].hasPrefix("0,1.0,2.0,4.0,50.0,"))
    #expect(lines[4].hasPrefix("1,4.0,5.0,0.0,"))
    #expect(plots[0].commands.contains("set yrange [0:57.49") && plots[0].commands.contains("'below 1.00'"))
    #expect(ShowerComparison.totals(of: [(label: "a", comparison: Self.comparison)], named: "e", heading: "x").isEmpty)
    if Self.hasGnuplot { #expect(try Plot.draw(plots, into: TemporaryFolder().path, kinds: [.svg]).isEmpty) }
  }

  @Test("What was recorded in training, against hours and iterations, and each row's losses; quality against cost")
  func histories() throws {
    let ledger = try ResultsTests.Study(seeds: [1, 3]).ledger
    let results = try SweepResults("study", in: ledger)
    let histories = try results.histories(in: ledger)
    #expect(histories.map(\.label) == ["Classical", "2", "reference"] && histories[1].points.count == 81)
    // Nothing was spent, and no losses were recorded, in this study.
    #expect(results.historyPlots(histories).map(\.name) == ["curves-iterations"])
    var whole = histories
    for place in whole[1].points.indices {
      let value = Double(place + 1)
      whole[1].points[place].trainingSeconds = 60 * value
      whole[1].points[place].discriminatorLoss = -value
      (whole[1].points[place].generatorLoss, whole[1].points[place].penalty) = (value, 0.5)
      (whole[1].points[place].discriminatorGradient, whole[1].points[place].generatorGradient) = (value, 2 * value)
    }
    let plots = results.historyPlots(whole)
    #expect(plots.map(\.name) == ["curves-hours", "curves-iterations", "2-2-2-training"])
    #expect(plots[1].csv.contains("\n1,2,60000.0,3.0\n"))
    #expect(plots[2].csv.contains("\n0,-1.0,1.0,0.5,1.0,2.0,0.0\n"), "\(plots[2].csv.prefix(200))")
    // Nothing was spent in this study, so there is no quality for a price.
    #expect(results.paretoPlot([:]) == nil)
    var paid = results
    for row in paid.rows.indices {
      for run in paid.rows[row].runs.indices { paid.rows[row].runs[run].cost.training = 3600 }
    }
    let parameters = Dictionary(
      try ledger.simulators(of: ["study"]).map { ($0.run, $0.parameters) }, uniquingKeysWith: { $1 })
    let pareto = try #require(paid.paretoPlot(parameters))
    #expect(pareto.csv.contains("\n2,118403,1.0,4.0\n"), "\(pareto.csv)")
    #expect(try results.responsePlot(in: ledger) == nil)
    let several = try ResultsTests.Study(seeds: [1], energies: [4096, 65536]).ledger
    #expect(try SweepResults("study", in: several).responsePlot(in: several) == nil)
    let judged = results.metricPlots(histories, Self.judged(histories[1].run))
    #expect(judged.map(\.name) == ["curves-fpd"])
    #expect(judged[0].csv.contains("\n0,\"2, seed 1\",10,2000.0,100.0\n"), "\(judged[0].csv)")
    #expect(judged[0].chart?.panels[0].marks.map(\.title) == ["2, seed 1", "", "Geant4 against other Geant4"])
    if Self.hasGnuplot {
      #expect(try Plot.draw(plots + [pareto] + judged, into: TemporaryFolder().path, kinds: [.svg]).isEmpty)
    }
  }

  /// FPD at two checkpoints of a run, and another metric at one.
  private static func judged(_ run: String) -> [String: [Int: MetricsRecord]] {
    func record(_ values: [Metric: MetricValue]) -> MetricsRecord {
      MetricsRecord(seed: 1, events: 1000, heldOut: true, values: values)
    }
    let other = MetricValue(value: 1.5, error: nil, floor: nil, floorError: nil)
    return [
      run: [
        10: record([
          .fpd: MetricValue(value: 2, error: 0.1, floor: 0.02, floorError: nil), .heldOutChi2: other,
        ]),
        20: record([.fpd: MetricValue(value: 1, error: nil, floor: 0.02, floorError: nil)]),
      ]
    ]
  }

  @Test("What is left of measured circuits, against shots, means over the seeds")
  func devices() throws {
    let study = try ResultsTests.Study(seeds: [1, 3])
    let results = try SweepResults("study", in: study.ledger)
    #expect(try results.devicePlot(in: study.ledger) == nil)
    for (run, chi2) in zip(results.rows[2].runs.map(\.run), [3.0, 5]) {
      func setting(_ shots: Int?, _ chi2: Double, noisy: Bool = true) -> MeasuredCheckpoint.Setting {
        .init(
          shots: shots, noisy: noisy,
          values: [.heldOutChi2: MetricValue(value: chi2, error: 0.3), .fpd: MetricValue(value: 2, error: nil)],
          response: MetricValue(value: 1))
      }
      try study.measure(
        run, at: 60,
        [setting(nil, 1, noisy: false), setting(nil, chi2), setting(512, chi2 + 1), setting(128, chi2 + 2)])
    }
    try study.ledger.collect()
    let plot = try #require(try results.devicePlot(in: study.ledger))
    #expect(
      plot.csv == """
        row,label,shots,place,held_out_chi2,held_out_chi2_error,fpd,fpd_error
        0,"2, ibm_x (readout)",128,128,6.0,\(0.18.squareRoot() / 2),2000.0,0.0
        0,"2, ibm_x (readout)",512,512,5.0,\(0.18.squareRoot() / 2),2000.0,0.0
        0,"2, ibm_x (readout)",exact,2048,4.0,\(0.18.squareRoot() / 2),2000.0,0.0

        """, "\(plot.csv)")
    #expect(try results.plots(in: study.ledger).contains(plot))
    if Self.hasGnuplot { #expect(try Plot.images([plot]).allSatisfy { $0.failure == nil }) }
  }

  @Test("The template's plot: which of its points are trained, skipped or not in the sweep")
  func template() throws {
    var results = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)
    let plot = try #require(results.templatePlot)
    #expect(
      plot.csv == "x,y,cnot,line,state,best_reduced,text\n0,0,+1,\"1x, 50 200\",skipped,,skipped\n"
        + "1,0,+1 +2,\"1x, 50 200\",trained,3.0,3.00\n")
    results.rows[2].row.generatorCircuit?.repetitions = 2
    #expect(results.templatePlot?.csv.contains("0,1,+1,\"2x, 50 200\",absent,,·") ?? false)
    results.rows.removeLast(3)
    #expect(results.templatePlot == nil)
  }

  @Test("Labels cannot command gnuplot, nor leave the folder")
  func quoting() {
    #expect(Plot.quoted("it's `ls` \"$x\"\n") == #""it\047s \140ls\140 \042\044x\042 ""#)
    #expect(Plot.quoted(#"'\@"#) == #""\047\134\100""#)
    #expect(Plot.quoted(String(repeating: "a", count: 45)) == "\"" + String(repeating: "a", count: 43) + "…\"")
    #expect(Plot.legend("Classical") == "\"Classical\"" && Plot.legend("'", after: "x: ") == "\"x: \\047\"")
    #expect(Plot.legend(String(repeating: "a", count: 41)) == "\"" + String(repeating: "a", count: 39) + "…\"")
    #expect(Plot.heading("it's") == #""it\047s""#)
    let lines = Plot.heading("a " + String(repeating: "b", count: 80) + " c").components(separatedBy: "\\n")
    #expect(lines == ["\"a", String(repeating: "b", count: 76), "bbbb c\""])
    #expect(Plot.tick("10 % x", at: 2) == #""10 %% x" 2"#)
    #expect(Plot.fileName("../2x, 3 Energies/é") == "2x-3-energies")
  }

  @Test("A plot's files have names that a file system takes, and rows' differ")
  func fileNames() {
    let long = String(repeating: "a", count: 260)
    let names = [long, long + "b", "é", "ü", ""].map(Plot.fileName)
    #expect(Set(names).count == 5)
    for name in names { #expect((1...100).contains(name.utf8.count), "\(name)") }
  }

  @Test("Tables whose names differ in signs alone, or are those of other plots, have files of their own")
  func tableNames() throws {
    var results = try SweepResults("study", in: ResultsTests.Study(seeds: [1]).ledger)
    for (row, table) in [(0, "p<5"), (2, "p>5"), (3, "FPD")] { results.rows[row].row.table = table }
    let names = results.plots.map(\.name).filter { $0.hasPrefix("curves") || $0.hasPrefix("seeds") }
    #expect(Set(names).count == 6 && !names.contains("curves-fpd"), "\(names)")
    #expect(names.prefix(2) == ["curves-p-5", "seeds-p-5"] && names[2].hasPrefix("curves-p-5-"), "\(names)")
  }

  private static let hasGnuplot = FileManager.default.fileExists(atPath: "/usr/bin/gnuplot")

  @Test(
    "A sweep is drawn whatever its labels hold", .enabled(if: hasGnuplot),
    arguments: [
      "'q", "2x''", "''", "10 % x", "%s%n%", #"a\"#, #"\input{x} & _ {} ~ ^ $x$ ""#, "a\nb", "@x `ls`", "\"", "",
      "=1+1", "\u{202e}a\u{1b}[31m", "</title><svg onload=alert(1)>", String(repeating: "a", count: 260),
      String(repeating: "é'", count: 2000),
    ])
  func labels(label: String) throws {
    var results = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger)
    for row in results.rows.indices {
      results.rows[row].row.label = label
      results.rows[row].row.table = label
    }
    let plots = results.plots + Self.comparison.plots(of: label, named: results.bestCheckpoints[0].name)
    let folder = try TemporaryFolder()
    #expect(try Plot.draw(plots, into: folder.path, kinds: [.svg]).isEmpty)
    func svg(_ plot: Plot) throws -> String {
      try String(contentsOf: folder.url.appendingPathComponent(plot.name + ".svg"), encoding: .utf8)
    }
    for plot in plots { #expect(try svg(plot).utf8.count > 2000, "\(plot.name)") }
    // As the page has them, too.
    let page = HTML.figures(try Plot.images(plots))
    #expect(!page.contains("not drawn") && !page.contains("<svg onload"))
    let seeds = try #require(plots.first { $0.name.hasPrefix("seeds") })
    if label == "10 % x" {
      #expect(try svg(seeds).contains(">10 % x<"))
      #expect(page.contains(">10 % x<"))
    }
    if label == "'q" { #expect(try svg(plots[0]).contains(">'q<")) }
  }

  @Test("gnuplot draws every plot", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/gnuplot")))
  func drawing() throws {
    let folder = try TemporaryFolder()
    let results = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger)
    let plots = results.plots + Self.comparison.plots(of: "it's 2x", named: "2x")
    #expect(try Plot.draw(plots, into: folder.path).isEmpty)
    for plot in plots {
      let svg = try String(contentsOf: folder.url.appendingPathComponent(plot.name + ".svg"), encoding: .utf8)
      #expect(svg.hasSuffix("</svg>\n\n") || svg.contains("</svg>"))
      let png = try Data(contentsOf: folder.url.appendingPathComponent(plot.name + ".png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 5000)
    }
    // One that is refused costs itself only, and is named on the page.
    let bad = Plot(name: "x", title: "bad", csv: "", commands: "plot nonsense(")
    let images = try Plot.images([bad, plots[0]])
    #expect(images[0].failure?.description.hasPrefix("drawing plots: gnuplot refuses: ") ?? false)
    #expect(images[1].failure == nil && images[1].data.isEmpty)
    #expect(HTML.figures(images).contains("bad: not drawn. drawing plots: gnuplot refuses: "))
    #expect(Set(try Plot.draw([bad, plots[0]], into: folder.path).keys) == ["x"])
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("x.svg").path))
  }

  @Test("Without gnuplot most are drawn all the same, and the page names the others once")
  func charts() throws {
    let folder = try TemporaryFolder()
    let results = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger)
    let plots = results.plots + Self.comparison.plots(of: "2x", named: "2x")
    let missing = try Plot.drawCharts(of: plots, into: folder.path, kinds: [.svg])
    #expect(missing == ["template": .noGnuplot])
    for plot in plots {
      let svg = try? String(contentsOf: folder.url.appendingPathComponent(plot.name + ".svg"), encoding: .utf8)
      #expect((svg == nil) == (missing[plot.name] != nil), "\(plot.name)")
    }
    let curve = try String(contentsOf: folder.url.appendingPathComponent("2-2-2.svg"), encoding: .utf8)
    for text in ["seed 1", "seed 3", "baseline: Classical", "best: 3.00 at 60", "χ²/NDF", "checkpoint"] {
      #expect(curve.contains(">\(text)</text>"), "\(text)")
    }
    let total = try String(contentsOf: folder.url.appendingPathComponent("2x-etot-4096.svg"), encoding: .utf8)
    #expect(total.contains(">χ²/NDF = 2.00 ± 0.25</text>"))
    // PNG is gnuplot's in any case.
    #expect(try Plot.drawCharts(of: plots, into: folder.path, kinds: Plot.Kind.files).count == plots.count)
    let images = plots.map { plot in
      missing[plot.name].map { PlotImage(plot: plot, kind: .svg, failure: $0) }
        ?? PlotImage(plot: plot, kind: .svg, data: Data("<svg></svg>".utf8))
    }
    let figures = HTML.figures(images)
    #expect(figures.ranges(of: "<figure>").count == plots.count - 1)
    #expect(figures.contains("has no gnuplot: Points of the circuit template in study, with the best χ²/NDF."))
  }
}

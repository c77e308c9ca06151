import Foundation
import Ledger
import TestSupport
import Testing

@testable import Reports

@Suite struct PlotTests {
  @Test("A row's plot: its seeds, the window, the best checkpoint and what it is compared with, from a CSV file")
  func curve() throws {
    let plots = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger).plots
    #expect(plots.map(\.name) == ["curves-2", "seeds-2", "2-classical-0", "2-2-2", "2-reference-3"])
    let plot = plots[3]
    #expect(plot.commands.contains("rectangle from 30, graph 0 to 80, graph 1"))
    #expect(plot.commands.contains("'best: 3.00 at 60'"))
    let lines = plot.csv.split(separator: "\r\n")
    #expect(lines[0] == "checkpoint,seed 1,seed 3,baseline: Classical,reference: reference")
    #expect(lines[61] == "60,3.0,5.0,,")
    #expect(lines.count == 82)
  }

  @Test("Labels cannot command gnuplot, nor leave the folder")
  func quoting() {
    #expect(Plot.quoted("it's `ls` \"$x\"\n") == "'it''s `ls` \"$x\" '")
    #expect(Plot.fileName("../2x, 3 Energies/é") == "2x-3-energies")
  }

  @Test("gnuplot draws every plot", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/gnuplot")))
  func drawing() throws {
    let folder = try TemporaryFolder()
    let plots = try SweepResults("study", in: ResultsTests.Study(seeds: [1, 3]).ledger).plots
    try Plot.draw(plots, into: folder.url)
    for plot in plots {
      let svg = try String(contentsOf: folder.url.appendingPathComponent(plot.name + ".svg"), encoding: .utf8)
      #expect(svg.hasSuffix("</svg>\n\n") || svg.contains("</svg>"))
      #expect(svg.contains("χ²/NDF"))
      let png = try Data(contentsOf: folder.url.appendingPathComponent(plot.name + ".png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]) && png.count > 5000)
    }
    let error = #expect(throws: PlotError.self) {
      try Plot.draw([Plot(name: "x", title: "", csv: "", commands: "plot nonsense(")], into: folder.url)
    }
    #expect(error?.description.hasPrefix("drawing plots: gnuplot refuses: ") ?? false)
  }
}

import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Reports

@Suite struct PlotFileTests {
  private static let hasGnuplot = FileManager.default.fileExists(atPath: "/usr/bin/gnuplot")
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  private static let line = Plot(
    name: "curves", title: "A line", csv: "x,y\n1,2\n2,3\n", commands: "plot 'curves.csv' using 1:2 with lines",
    chart: Chart(panels: [Chart.Panel(x: .checkpoints(1...2), y: .numbers("y", 2...3), marks: [])]))

  @Test(
    "A folder that has a picture's name is left as it is, whether the picture is drawn or refused",
    .enabled(if: hasGnuplot), arguments: ["plot 'curves.csv' using 1:2 with lines", "plot nonsense("])
  func folderInTheWay(commands: String) throws {
    let path = try folder.write("mine", to: "curves.svg/file")
    var plot = Self.line
    plot.commands = commands
    do {
      #expect(try Plot.draw([plot], into: folder.path).keys.sorted() == ["curves"])
    } catch let error as StorageError {
      #expect(error.description.contains("curves.svg: ") && commands == Self.line.commands, "\(error)")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    #expect(try names().allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test("Without gnuplot too") func folderInTheWayOfAChart() throws {
    let path = try folder.write("mine", to: "curves.svg/file")
    #expect(throws: StorageError.self) {
      try Plot.drawCharts(of: [Self.line], into: folder.path, kinds: [.svg])
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }

  @Test(
    "A picture that gnuplot leaves without an end is a fault of the disk's, and the one before it stays",
    .enabled(if: hasGnuplot))
  func torn() throws {
    #expect(try Plot.draw([Self.line], into: folder.path).isEmpty)
    #expect(try names() == ["curves.csv", "curves.png", "curves.svg"])
    let before = try Data(contentsOf: folder.url.appendingPathComponent("curves.svg"))
    var plot = Self.line
    // It ends well, and has drawn nothing.
    plot.commands = "exit"
    let error = #expect(throws: StorageError.self) { try Plot.draw([plot], into: folder.path) }
    #expect(
      error?.description == "writing \(folder("curves.svg")): gnuplot has not written all of it, as on a full disk; "
        + "nothing that was there before is lost")
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("curves.svg")) == before)
    #expect(try names() == ["curves.csv", "curves.png", "curves.svg"])
  }

  @Test("A picture is whole when it has its format's end")
  func ends() {
    let end: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]
    for kind in [Plot.Kind.png, .pagePNG] {
      #expect(kind.isWhole(end))
      for torn in [[], Array(end.dropLast()), end + [0]] { #expect(!kind.isWhole(torn), "\(torn)") }
    }
    let svg = Array("<svg>…</g>\n</svg>\n\n".utf8)
    #expect(Plot.Kind.svg.isWhole(svg) && Plot.Kind.svg.isWhole(Array(svg.dropLast())))
    for length in 0...svg.count - 2 { #expect(!Plot.Kind.svg.isWhole(Array(svg.prefix(length)))) }
  }

  @Test("Where nothing can be written it is the disk that is told of")
  func nowhere() throws {
    let file = try folder.write("", to: "file")
    let error = #expect(throws: StorageError.self) { try Plot.draw([Self.line], into: file + "/plots") }
    #expect(error?.description.hasPrefix("writing \(file)/plots: ") ?? false)
  }
}

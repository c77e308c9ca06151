package import Experiment
package import Foundation
import Storage

/// A picture: the numbers behind it as CSV, and the gnuplot commands that draw them.
package struct Plot: Hashable, Sendable {
  /// Its files' name, without an ending.
  package var name: String
  /// The heading on a page and in the picture.
  package var title: String
  /// The numbers, a line of column names first.
  package var csv: String
  /// Commands that read `<name>.csv` in the current folder; the terminal and the output are set before.
  package var commands: String
  /// The same picture as this program draws it, on pages and where there is no gnuplot; nil for one that it cannot.
  var chart: Chart?
  /// Whether it has so many shapes that a page shows it as PNG.
  package var isDense = false

  /// Whether it is there as SVG where there is no gnuplot.
  package var isDrawnWithoutGnuplot: Bool { chart != nil }

  /// The format of a drawn plot, under the ending of its file.
  package enum Kind: String, Sendable {
    case svg, png
    /// A PNG for a page, which is not to grow large.
    case pagePNG = "page.png"

    /// The formats of a picture's files.
    package static let files: [Kind] = [.svg, .png]

    /// The type of its data on a page.
    var mime: String { self == .svg ? "image/svg+xml" : "image/png" }

    /// Whether a file's bytes are a picture to its end: gnuplot does not say that the disk is full.
    func isWhole(_ bytes: [UInt8]) -> Bool {
      switch self {
      case .svg: String(decoding: bytes.suffix(16), as: UTF8.self).contains("</svg>\n")
      // The last chunk's name with its checksum.
      case .png, .pagePNG: bytes.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]
      }
    }

    fileprivate var fontSize: Int { self == .png ? 30 : 15 }

    /// Opaque and with fonts of a size that can be read in print.
    fileprivate var terminal: String {
      switch self {
      case .svg: "svg size 900,560 dynamic noenhanced font 'Helvetica,\(fontSize)' background rgb 'white'"
      case .pagePNG: "pngcairo size 900,560 noenhanced font 'Helvetica,\(fontSize)'"
      case .png: "pngcairo size 1800,1120 noenhanced font 'Helvetica,\(fontSize)' linewidth 2 pointscale 2"
      }
    }
  }

  /// Stands in commands for the size of a smaller font, which differs between the formats; no text of the user's has it.
  static let small = "\u{1}"

  /// Colours that colour-blind people tell apart, the darkest first.
  /// - Source: Okabe and Ito, Color Universal Design (2008).
  static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]

  /// How one of many lines is drawn, from 0: the colours in turn, each time round with other dashes.
  static func style(_ index: Int) -> (colour: String, dash: Int) {
    (colours[index % colours.count], index / colours.count + 1)
  }

  /// The same as gnuplot takes it.
  static func lineStyle(_ index: Int) -> String {
    let (colour, dash) = style(index)
    return "dashtype \(dash) linecolor rgb '\(colour)'"
  }

  /// Draws plots into a folder, each as SVG, PNG and CSV.
  ///
  /// One that gnuplot refuses costs itself only. Without gnuplot those that this program can draw are there as SVG.
  /// Files are replaced when the new ones are complete.
  /// - Returns: Why plots were not drawn, or not in every format, by their names.
  /// - Throws: `StorageError`, also where a folder has the name of a picture.
  package static func draw(
    _ plots: [Plot], into folder: String, kinds: [Kind] = Kind.files
  ) throws -> [String: PlotError] {
    do {
      try Folder.make(folder)
    } catch {
      throw StorageError("writing", folder, code: error.code)
    }
    for plot in plots { try DurableFile.write(plot.csv, to: "\(folder)/\(plot.name).csv") }
    // A gnuplot for each core: it draws one picture after the other.
    let parts = max(1, min(plots.count, ProcessInfo.processInfo.activeProcessorCount))
    let outcomes = concurrentMap(0..<parts, grain: 1) { part in
      let own = plots.indices.filter { $0 % parts == part }.map { plots[$0] }
      return Result { try draw(own, kinds, in: folder) }
    }
    do {
      return try outcomes.reduce(into: [:]) { refused, outcome in refused.merge(try outcome.get()) { $1 } }
    } catch PlotError.noGnuplot {
      return try drawCharts(of: plots, into: folder, kinds: kinds)
    }
  }

  /// Draws plots with one gnuplot.
  private static func draw(_ plots: [Plot], _ kinds: [Kind], in folder: String) throws -> [String: PlotError] {
    let files = plots.flatMap { plot in kinds.map { (plot: plot.name, kind: $0, path: plot.file($0, in: folder)) } }
    // Those that were put into their place are not there any more.
    defer { for file in files { unlink(file.path + aside) } }
    var refused: [String: PlotError] = [:]
    do {
      try run(plots.map { $0.script(kinds) }.joined(), in: folder)
    } catch PlotError.refused {
      // gnuplot ends at the first that it refuses.
      for plot in plots {
        do { try run(plot.script(kinds), in: folder) } catch let error as PlotError where error != .noGnuplot {
          refused[plot.name] = error
        }
      }
    }
    for file in files {
      if refused[file.plot] != nil {
        // Not of these numbers; a folder stays.
        unlink(file.path)
      } else {
        try DurableFile.write(to: file.path) { drawn in
          guard file.kind.isWhole(try FileContent.bytes(ifThere: drawn) ?? []) else {
            throw StorageError(
              operation: "writing", path: file.path, reason: "gnuplot has not written all of it, as on a full disk",
              code: 0)
          }
        }
      }
    }
    return refused
  }

  /// What gnuplot's file has behind its name until it is complete: that of `DurableFile`.
  private static let aside = ".partial"

  /// What `draw` does without gnuplot.
  static func drawCharts(
    of plots: [Plot], into folder: String, kinds: [Kind]
  ) throws -> [String: PlotError] {
    for plot in plots where kinds.contains(.svg) {
      guard let chart = plot.chart else { continue }
      try DurableFile.write(chart.svg(title: plot.title), to: plot.file(.svg, in: folder))
    }
    let missing = plots.filter { $0.chart == nil || kinds != [.svg] }
    return Dictionary(missing.map { ($0.name, .noGnuplot) }, uniquingKeysWith: { $1 })
  }

  /// Draws plots in memory, as SVG, dense ones as PNG; those that a page draws itself have no data.
  /// - Throws: As `draw`.
  package static func images(_ plots: [Plot]) throws -> [PlotImage] {
    let folder = try Folder.makeTemporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let drawn = plots.filter { $0.chart == nil }
    let refused = try draw(drawn.filter { !$0.isDense }, into: folder, kinds: [.svg])
      .merging(draw(drawn.filter(\.isDense), into: folder, kinds: [.pagePNG])) { $1 }
    return try plots.map { plot in
      if plot.chart != nil { return PlotImage(plot: plot, kind: .svg, data: Data()) }
      let kind = plot.isDense ? Kind.pagePNG : .svg
      if let error = refused[plot.name] { return PlotImage(plot: plot, kind: kind, failure: error) }
      return PlotImage(plot: plot, kind: kind, data: try FileContent.data(of: plot.file(kind, in: folder)))
    }
  }

  private func file(_ kind: Kind, in folder: String) -> String { "\(folder)/\(name).\(kind.rawValue)" }

  private func script(_ kinds: [Kind]) -> String {
    kinds.map { kind in
      """
      reset session
      set terminal \(kind.terminal)
      set output '\(name).\(kind.rawValue)\(Self.aside)'
      set datafile separator ','
      set datafile columnheaders
      set title \(Self.heading(title)) font ',\(kind.fontSize)'
      \(commands.replacing(Self.small, with: "\(kind.fontSize * 11 / 15)"))
      set output

      """
    }.joined()
  }

  private static func run(_ script: String, in folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // By a file: into a pipe that nobody reads one must not write.
    let scratch = try Folder.makeTemporary()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    try DurableFile.write(script, to: scratch + "/plots.gp")
    // gnuplot is at work in another folder.
    process.arguments = ["gnuplot", URL(fileURLWithPath: scratch + "/plots.gp").path]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    do { try process.run() } catch { throw StorageError("starting", "gnuplot", error, writes: false) }
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 { throw PlotError.noGnuplot }
    guard process.terminationStatus == 0 else { throw PlotError.refused(said) }
  }
}

/// A plot, drawn, or why it was not.
package struct PlotImage: Hashable, Sendable {
  /// What was drawn.
  package var plot: Plot
  /// The format of `data`.
  package var kind: Plot.Kind
  /// The picture; empty when there is none.
  package var data: Data
  /// Why it was not drawn; nil when it was.
  package var failure: PlotError?

  package init(plot: Plot, kind: Plot.Kind, data: Data) {
    self.plot = plot
    self.kind = kind
    self.data = data
  }

  init(plot: Plot, kind: Plot.Kind, failure: PlotError) {
    self.init(plot: plot, kind: kind, data: Data())
    self.failure = failure
  }
}

/// Why a plot could not be drawn.
package enum PlotError: EndingError, Hashable, Sendable, CustomStringConvertible {
  case noGnuplot
  case refused(String)

  package var description: String {
    switch self {
    case .noGnuplot:
      "drawing plots: there is no gnuplot, which Debian has as gnuplot-nox, EL9 and Fedora as gnuplot: only what "
        + "qcalo draws itself is there, as SVG"
    case .refused(let text):
      "drawing plots: gnuplot refuses: \(text.split(separator: "\n").last ?? "it did not say why")"
    }
  }

  package var programEnd: ProgramEnd { .unsuitable }
}

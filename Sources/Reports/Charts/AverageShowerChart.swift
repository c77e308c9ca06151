import Experiment
import Foundation

extension Chart {
  /// Layers that stand beside each other, at most.
  private static let mostLayers = 15
  /// Voxels that a page has room for.
  private static let mostVoxels = 2000

  /// Showers in the plane across their axis, a line of layers for each; nil for a detector that is too large for it.
  ///
  /// Radii are drawn as log(1 + r/r₁), empty voxels not at all.
  /// - Parameters:
  ///   - rows: What each line is of, its voxels, and their colours.
  ///   - layers: The detector's, with a name for each.
  init?(
    showers rows: [(title: String, voxels: [Double], scale: ColourScale)],
    in layers: [(name: String, layer: ComparisonHistograms.Layer)]
  ) {
    guard let first = rows.first, !layers.isEmpty, layers.count <= Self.mostLayers,
      first.voxels.count <= Self.mostVoxels
    else { return nil }
    let (left, top, gap) = (40.0, 76.0, 22.0)
    let width = (750 - left) / Double(layers.count)
    let size = min(width - 6, 200)
    panels = rows.enumerated().flatMap { row, shower in
      layers.enumerated().map { column, entry in
        let frame = Frame(
          left: left + width * Double(column), top: top + (size + gap) * Double(row), width: size, height: size)
        let edge = entry.layer.edge
        return Panel(
          x: Axis(title: row == rows.count - 1 ? entry.layer.radius : "", range: -edge...edge, ticks: []),
          y: Axis(title: column == 0 ? shower.title : "", range: -edge...edge, ticks: []),
          marks: Self.marks(shower.voxels, shower.scale, entry.layer), title: row == 0 ? entry.name : "",
          frame: frame, fontSize: 12, hasBorder: false)
      }
    }
    height = top + (size + gap) * Double(rows.count) + 8
    // A scale stands beside all lines that have it.
    var line = 0
    while line < rows.count {
      let scale = rows[line].scale
      let count = rows[line...].prefix { $0.scale.title == scale.title }.count
      panels.append(
        scale.panel(
          in: Frame(
            left: 850, top: top + (size + gap) * Double(line), width: 16, height: (size + gap) * Double(count) - gap)))
      line += count
    }
  }

  /// A layer's voxels, those of one colour together.
  private static func marks(
    _ voxels: [Double], _ scale: ColourScale, _ layer: ComparisonHistograms.Layer
  ) -> [Mark] {
    let rings = layer.radialEdges.count - 1
    var sectors: [Int: [Sector]] = [:]
    for ring in 0..<rings {
      let steps = (0..<layer.alphaBins).map { scale.step(of: voxels[layer.offset + $0 * rings + ring]) }
      var begin = 0
      while begin < steps.count {
        let end = steps[begin...].firstIndex { $0 != steps[begin] } ?? steps.count
        if let step = steps[begin] {
          sectors[step, default: []].append(
            Sector(
              radii: layer.drawn(layer.radialEdges[ring])...layer.drawn(layer.radialEdges[ring + 1]),
              angles: layer.angle(begin)...layer.angle(end)))
        }
        begin = end
      }
    }
    return sectors.sorted { $0.key < $1.key }.map { Mark(colour: scale.colour(of: $0), kind: .sectors($1)) }
  }
}

extension ComparisonHistograms.Layer {
  /// Where a radius is drawn: log(1 + r/r₁).
  func drawn(_ radius: Double) -> Double { log(1 + radius / radialEdges[1]) }

  /// Where the last ring ends in the picture.
  var edge: Double { drawn(radialEdges[radialEdges.count - 1]) }

  /// "r < 600 mm".
  var radius: String { "r < \(Cell.number(radialEdges[radialEdges.count - 1], digits: 2).text) mm" }

  /// α at the lower edge of a bin.
  func angle(_ bin: Int) -> Double { Self.angle(bin, of: alphaBins) }

  /// α at the lower edge of one of so many bins.
  static func angle(_ bin: Int, of bins: Int) -> Double { Double.pi * (2 * Double(bin) / Double(bins) - 1) }
}

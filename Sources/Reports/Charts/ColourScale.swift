import Experiment
import Foundation

/// Colours for positive numbers, on a logarithmic scale.
struct ColourScale {
  /// What the numbers are.
  var title: String
  /// The colours, `#rrggbb`, evenly along the scale.
  var colours: [String]
  /// The numbers of the first and of the last colour.
  var range: ClosedRange<Double>

  /// So many colours are told apart in a chart.
  static let steps = 30

  /// The energy in a voxel, the more the brighter.
  static func energy(_ range: ClosedRange<Double>) -> Self {
    Self(
      title: "MeV in a voxel", colours: ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"], range: range)
  }

  /// What is more than another in red, what is less in blue.
  static let ratio = Self(title: "GAN / Geant4", colours: ["#2166ac", "#f7f7f7", "#b2182b"], range: 0.1...10)

  /// The same as gnuplot's palette.
  var palette: String {
    "defined (\(colours.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")))"
  }

  /// The step of a number, the first or the last for one beyond the scale; nil for what is not positive.
  func step(of value: Double) -> Int? {
    guard value > 0 else { return nil }
    let place = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    return max(0, min(Self.steps - 1, Int(saturating: (place * Double(Self.steps)).rounded(.down))))
  }

  /// A step's colour.
  func colour(of step: Int) -> String {
    let place = Double(step) / Double(Self.steps - 1) * Double(colours.count - 1)
    let below = min(Int(place), colours.count - 2)
    func channels(_ colour: String) -> [Double] {
      let value = Int(colour.dropFirst(), radix: 16) ?? 0
      return [16, 8, 0].map { Double(value >> $0 & 255) }
    }
    let mixed = zip(channels(colours[below]), channels(colours[below + 1])).map { low, high in
      Int((low + (high - low) * (place - Double(below))).rounded())
    }
    return "#" + mixed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The scale as a part of a picture, the numbers at its left.
  func panel(in frame: Chart.Frame) -> Chart.Panel {
    let ratio = range.upperBound / range.lowerBound
    let edges = (0...Self.steps).map { range.lowerBound * pow(ratio, Double($0) / Double(Self.steps)) }
    return Chart.Panel(
      x: Chart.Axis(range: 0...1, ticks: []), y: .powers(title, range),
      marks: (0..<Self.steps).map { .init(colour: colour(of: $0), kind: .slab(edges[$0]...edges[$0 + 1])) },
      frame: frame, fontSize: 12)
  }
}

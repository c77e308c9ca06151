import Experiment
import Foundation

/// A picture that needs no other program: panels and a legend below them, written as SVG.
struct Chart: Hashable, Sendable {
  /// The panels, those without a frame of their own above one another from the top.
  var panels: [Panel]
  /// How high it is, without the legend; it is 900 wide.
  var height = 560.0

  /// A pair of axes with what is drawn between them.
  struct Panel: Hashable, Sendable {
    var x: Axis
    var y: Axis
    /// What is drawn, the first at the back.
    var marks: [Mark]
    /// Its part of the height that all panels share.
    var share = 1.0
    /// A sentence in the upper left corner; "" for none.
    var note = ""
    /// A name above it; "" for none.
    var title = ""
    /// Where it lies; nil for below the one before.
    var frame: Frame?
    /// The size of its texts; what they keep from the panel goes with it.
    var fontSize = 15.0
    /// Whether it has a border.
    var hasBorder = true
  }

  /// Where a panel lies, in the picture's units.
  struct Frame: Hashable, Sendable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
  }

  /// What one colour shows, under one entry of the legend.
  struct Mark: Hashable, Sendable {
    /// Its text in the legend; "" for no entry.
    var title = ""
    var colour: String
    var kind: Kind

    enum Kind: Hashable, Sendable {
      /// A line through the points, broken where one is not a number; dashed in a way of its own for each number from 1.
      case line([Point], dash: Int)
      /// The area between a line and another one below or above it.
      case ribbon([Span])
      case points([Point], Shape)
      /// Bars from the bottom.
      case bars([Bar])
      /// All of the panel between two values of x.
      case band(ClosedRange<Double>)
      /// All of the panel between two values of y.
      case slab(ClosedRange<Double>)
      /// Parts of rings around the origin; the axes of such a panel have one scale.
      case sectors([Sector])
    }

    /// Whether both are one thing, under one entry of the legend.
    func isAlike(_ other: Self) -> Bool { title == other.title && colour == other.colour }
  }

  /// A part of a ring: between two radii, and two angles (radians, counterclockwise).
  struct Sector: Hashable, Sendable {
    var radii: ClosedRange<Double>
    var angles: ClosedRange<Double>
  }

  /// A value with its uncertainty.
  struct Point: Hashable, Sendable {
    var x: Double
    var y: Double
    /// Drawn up and down; 0 for none.
    var error = 0.0
  }

  /// The lowest and the highest of some values.
  struct Span: Hashable, Sendable {
    var x: Double
    var low: Double
    var high: Double
  }

  /// A bin of a histogram.
  struct Bar: Hashable, Sendable {
    var low: Double
    var high: Double
    var height: Double
    var error = 0.0
  }

  enum Shape: Hashable, Sendable { case dot, speck, ring, triangle }

  /// A direction of a panel: the values that it shows, and what is written along it.
  struct Axis: Hashable, Sendable {
    var title = ""
    var range: ClosedRange<Double>
    var isLogarithmic = false
    /// Values with the texts at them.
    var ticks: [Tick]
    /// Whether the texts are names, which stand aslant to have room.
    var hasNames = false

    struct Tick: Hashable, Sendable {
      var value: Double
      var text: String
    }

    /// The place of a value along the axis: 0 at its begin, 1 at its end.
    ///
    /// - Returns: A number between -1 and 2, so that what is far away is cut off; nil for what has no place.
    func place(_ value: Double) -> Double? {
      let place =
        isLogarithmic
        ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return place.isNaN ? isLogarithmic && value < 0 ? -1 : nil : min(2, max(-1, place))
    }
  }
}

extension Chart.Axis {
  /// An axis of numbers with a handful of round ones along it.
  /// - Parameters:
  ///   - title: What the numbers are.
  ///   - range: The values that are shown.
  ///   - isLabelled: Whether the numbers are written, too.
  ///   - isWhole: Whether there is nothing between two whole numbers.
  /// - Returns: The axis.
  static func numbers(
    _ title: String, _ range: ClosedRange<Double>, isLabelled: Bool = true, isWhole: Bool = false
  ) -> Self {
    // No number is further from itself than from the next.
    let range = range.lowerBound < range.upperBound ? range : range.lowerBound - 1...range.lowerBound + 1
    let rough = (range.upperBound - range.lowerBound) / 6
    let decade = pow(10, log10(rough).rounded(.down))
    let round = [1, 2, 5, 10].map { $0 * decade }.first { $0 >= rough * 0.999 } ?? rough
    let step = isWhole ? max(1, round) : round
    let digits = max(0, -Int(saturating: log10(step).rounded(.down)))
    let first = (range.lowerBound / step).rounded(.up)
    let ticks = (0..<12).map { (first + Double($0)) * step }.filter {
      $0.isFinite && $0 <= range.upperBound + step * 1e-9
    }.map {
      Tick(value: $0, text: isLabelled ? String(format: "%.\(digits)f", $0) : "")
    }
    return Self(title: title, range: range, ticks: ticks)
  }

  /// A logarithmic axis with a tick at each power of ten: 1, 10, 100, 1k, and so on.
  /// - Precondition: The range is above 0.
  static func powers(_ title: String, _ range: ClosedRange<Double>, isLabelled: Bool = true) -> Self {
    let first = Int(saturating: log10(range.lowerBound).rounded(.up))
    let last = Int(saturating: log10(range.upperBound).rounded(.down))
    func text(_ value: Double) -> String {
      switch value {
      case 1e3..<1e6: String(format: "%gk", value / 1e3)
      case 1e6..<1e9: String(format: "%gM", value / 1e6)
      default: String(format: "%g", value)
      }
    }
    let values = first <= last ? (first...last).map { pow(10, Double($0)) } : []
    return Self(
      title: title, range: range, isLogarithmic: true,
      ticks: values.map { Tick(value: $0, text: isLabelled ? text($0) : "") })
  }

  /// An axis of checkpoints.
  static func checkpoints(_ range: ClosedRange<Double>, isLabelled: Bool = true) -> Self {
    numbers(isLabelled ? "checkpoint" : "", range, isLabelled: isLabelled, isWhole: true)
  }

  /// An axis of names, at 0, 1, 2 and so on.
  static func names(_ names: [String]) -> Self {
    Self(
      range: -0.5...Double(max(1, names.count)) - 0.5,
      ticks: names.enumerated().map { Tick(value: Double($0), text: $1) }, hasNames: true)
  }
}

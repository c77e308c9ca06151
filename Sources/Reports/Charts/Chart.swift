import Experiment
import Foundation

/// A picture that needs no other program: panels above one another and a legend below them, written as SVG.
struct Chart: Hashable, Sendable {
  /// The panels from the top.
  var panels: [Panel]

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
    }
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

  enum Shape: Hashable, Sendable { case dot, ring, triangle }

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
  /// - Returns: The axis.
  static func numbers(_ title: String, _ range: ClosedRange<Double>, isLabelled: Bool = true) -> Self {
    // No number is further from itself than from the next.
    let range = range.lowerBound < range.upperBound ? range : range.lowerBound - 1...range.lowerBound + 1
    let rough = (range.upperBound - range.lowerBound) / 6
    let decade = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * decade }.first { $0 >= rough * 0.999 } ?? rough
    let digits = max(0, -Int(saturating: log10(step).rounded(.down)))
    let first = (range.lowerBound / step).rounded(.up)
    let ticks = (0..<12).map { (first + Double($0)) * step }.filter {
      $0.isFinite && $0 <= range.upperBound + step * 1e-9
    }.map {
      Tick(value: $0, text: isLabelled ? String(format: "%.\(digits)f", $0) : "")
    }
    return Self(title: title, range: range, ticks: ticks)
  }

  /// An axis of names, at 0, 1, 2 and so on.
  static func names(_ names: [String]) -> Self {
    Self(
      range: -0.5...Double(max(1, names.count)) - 0.5,
      ticks: names.enumerated().map { Tick(value: Double($0), text: $1) }, hasNames: true)
  }
}

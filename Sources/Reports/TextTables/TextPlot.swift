import Foundation

/// Points as a picture of characters, for a terminal: a logarithmic y axis, the x axis scaled to the width.
struct TextPlot {
  var width = 72
  var height = 14

  /// - Parameters:
  ///   - x: Ascending.
  ///   - y: Only positive finite values are drawn.
  ///   - xTitle: The x axis's.
  ///   - yTitle: The y axis's.
  /// - Returns: Lines that end with a newline; none when nothing can be drawn.
  func render(x: [Double], y: [Double], xTitle: String, yTitle: String) -> String {
    let points = zip(x, y).filter { $0.1.isFinite && $0.1 > 0 }
    guard let low = points.map(\.1).min(), let high = points.map(\.1).max(), let first = x.first, let last = x.last
    else { return "" }
    // A flat curve runs through the middle.
    let (bottom, top) = high > low * 1.01 ? (log(low), log(high)) : (log(low) - 0.1, log(high) + 0.1)
    var grid = Array(repeating: Array(repeating: Character(" "), count: width), count: height)
    for (px, py) in points {
      let column = last > first ? Int(((px - first) / (last - first) * Double(width - 1)).rounded()) : 0
      let row = Int(((top - log(py)) / (top - bottom) * Double(height - 1)).rounded())
      grid[row][column] = "•"
    }
    let labelled = [0, height / 2, height - 1]
    var lines = [yTitle]
    for (row, text) in grid.enumerated() {
      let value = exp(top - (top - bottom) * Double(row) / Double(height - 1))
      let label = labelled.contains(row) ? Cell.number(value).text : ""
      lines.append(String(repeating: " ", count: max(0, 8 - label.count)) + label + " │" + String(text))
    }
    let (left, right) = (Self.short(first), Self.short(last))
    let gap = max(1, width - left.count - right.count - xTitle.count)
    lines.append(String(repeating: " ", count: 9) + "└" + String(repeating: "─", count: width))
    lines.append(
      String(repeating: " ", count: 10) + left + String(repeating: " ", count: gap / 2) + xTitle
        + String(repeating: " ", count: gap - gap / 2) + right)
    return lines.map { $0.trimmedAtEnd + "\n" }.joined()
  }

  private static func short(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

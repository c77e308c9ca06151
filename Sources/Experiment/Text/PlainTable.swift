/// A table of plain text: columns lined up and two spaces apart.
package enum PlainTable {
  /// - Parameters:
  ///   - rows: The cells, the heading among them; as many in each row.
  ///   - left: The first so many columns are lined up at the left, the others at the right.
  /// - Returns: The lines, each with its end and without spaces before it.
  package static func text(_ rows: [[String]], left: Int) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let blank = String(repeating: " ", count: widths[column] - cell.count)
        return column < left ? cell + blank : blank + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)]) + "\n"
    }.joined()
  }

  /// Three digits that count, and all before the point.
  package static func digits(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var (scale, size) = (1.0, abs(value))
    while size > 0 && size < 100 && scale < 1e6 { (scale, size) = (scale * 10, size * 10) }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && scale == 1 ? String(Int(rounded)) : String(rounded)
  }
}

import Experiment
package import Storage

/// How a listing is printed.
package enum TableFormat: String, CaseIterable, Sendable {
  case table, json, csv, markdown
}

/// A column: its heading for people and its key in JSON and CSV.
package struct Column: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The heading that people read.
  package var title: String
  /// The key in JSON, and the heading in CSV.
  package var key: String
  /// Whether it is for programs only: left out of what people read.
  package var isDetail: Bool
  /// Which columns are left out first where a terminal has no room for all: those of the lowest number.
  package var importance: Int
  /// Whether people are told in a sentence, and not in the column, what is the same in every row.
  package var isSaidOnce: Bool

  package init(_ title: String, key: String? = nil, importance: Int = 2, isSaidOnce: Bool = false) {
    self.title = title
    self.key = key ?? title
    self.importance = importance
    self.isSaidOnce = isSaidOnce
    isDetail = false
  }

  /// A column for programs only.
  package init(detail key: String) {
    self.init(key)
    isDetail = true
  }

  package init(stringLiteral value: String) { self.init(value) }
}

/// Rows under headings, for a terminal, a note, a spreadsheet or a program.
package struct TextTable: Hashable, Sendable {
  /// The version of the JSON that `render(.json)` writes.
  package static let schema = 1

  /// Printed above the table; "" for none.
  ///
  /// CSV has no room for it.
  package var title: String
  /// The columns in order.
  package var columns: [Column]
  /// The rows, each with a cell for every column.
  package var rows: [[Cell]]
  /// Sentences printed below the table.
  ///
  /// CSV has no room for them.
  package var notes: [String]
  /// What the rows are, as JSON's key of their list: "runs", "rows".
  package var key: String

  /// - Precondition: Every row has as many cells as there are columns.
  package init(title: String = "", key: String = "rows", columns: [Column], rows: [[Cell]], notes: [String] = []) {
    for row in rows { precondition(row.count == columns.count, "\(row.count) cells under \(columns.count) columns") }
    self.title = title
    self.key = key
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// A table of plain text.
  package init(columns: [String], rows: [[String]]) {
    self.init(columns: columns.map { Column($0) }, rows: rows.map { $0.map(Cell.text) })
  }

  /// One table of several that list the same kind of rows; columns that some lack are left empty there.
  ///
  /// nil for none.
  package init?(joining tables: [TextTable]) {
    guard let first = tables.first else { return nil }
    var columns: [Column] = []
    for column in tables.flatMap(\.columns) where !columns.contains(where: { $0.key == column.key }) {
      columns.append(column)
    }
    let rows = tables.flatMap { table in
      table.rows.map { row in
        columns.map { column in table.columns.firstIndex { $0.key == column.key }.map { row[$0] } ?? .missing }
      }
    }
    var notes: [String] = []
    for note in tables.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    self.init(
      title: tables.count == 1 ? first.title : "", key: first.key, columns: columns, rows: rows, notes: notes)
  }

  /// The whole table as text that ends with a newline.
  package func render(_ format: TableFormat) -> String { TextBuilder.joined(pieces(format)) }

  /// The text in pieces, to be written one after the other: a table may have a hundred thousand rows.
  /// - Parameters:
  ///   - format: How it is printed.
  ///   - width: The columns of the terminal that a table for people is to fit; nil where there is no such bound.
  /// - Returns: The pieces in order.
  package func pieces(_ format: TableFormat, width: Int? = nil) -> [TextBuilder] {
    switch format {
    case .table: (width.map { forPeople.fitting($0) } ?? forPeople).plain()
    case .json: [TextBuilder(forPrograms.json())]
    case .csv: forPrograms.csv()
    case .markdown: forPeople.markdown()
    }
  }

  /// Means and standard deviations in columns of their own.
  private var forPrograms: TextTable {
    let spread = columns.indices.map { column in rows.contains { $0[column].deviation != nil } }
    guard spread.contains(true) else { return self }
    var table = self
    table.columns = zip(columns, spread).flatMap { column, isSpread in
      isSpread ? [column, Column(column.key + "_std")] : [column]
    }
    table.rows = rows.map { row in
      zip(row, spread).flatMap { cell, isSpread in isSpread ? [cell.mean, Cell(cell.deviation)] : [cell] }
    }
    return table
  }

  /// Columns in which every cell that holds something is a number are lined up at the right.
  var isRightAligned: [Bool] {
    columns.indices.map { column in
      var isFilled = false
      for row in rows where row[column] != .missing && row[column] != .inapplicable {
        guard row[column].isNumeric else { return false }
        isFilled = true
      }
      return isFilled
    }
  }

  /// Headings, then cells, as shown, and the columns' widths.
  private func shown(
    narrowest: Int = 0, _ shown: @Sendable (String) -> String
  ) -> (lines: [[String]], widths: [Int]) {
    let lines = [columns.map { shown($0.title) }] + concurrentMap(rows.indices) { rows[$0].map { shown($0.text) } }
    let widths = concurrentMap(columns.indices, grain: 1) { column in
      lines.reduce(narrowest) { max($0, $1[column].displayWidth) }
    }
    return (lines, widths)
  }

  private func plain() -> [TextBuilder] {
    let (lines, widths) = shown(\.printable)
    let right = isRightAligned
    let body = concurrentText(lines.indices) { line, text in
      let start = text.bytes.count
      for (column, cell) in lines[line].enumerated() {
        if column > 0 { text += "  " }
        text.pad(cell, to: widths[column], rightAligned: right[column])
      }
      text.dropSpaces(downTo: start)
      text += "\n"
      if line == 0 { text += widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n" }
    }
    let (head, foot) = (title.isEmpty ? "" : title.printable + "\n", notes.map { $0.printable + "\n" }.joined())
    return [TextBuilder(head)] + body + [TextBuilder(foot)]
  }

  private func markdown() -> [TextBuilder] {
    let (lines, widths) = shown(narrowest: 3) {
      $0.printable.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
    }
    let right = isRightAligned
    let body = concurrentText(lines.indices) { line, text in
      for (column, cell) in lines[line].enumerated() {
        text += "| "
        text.pad(cell, to: widths[column], rightAligned: right[column])
        text += " "
      }
      text += "|\n"
      guard line == 0 else { return }
      let rules = zip(widths, right).map { width, right in
        String(repeating: "-", count: width - (right ? 1 : 0)) + (right ? ":" : "")
      }
      text += "| " + rules.joined(separator: " | ") + " |\n"
    }
    let head = title.isEmpty ? "" : "**\(title.printable)**\n\n"
    let foot = notes.map { "\n\($0.printable)\n" }.joined()
    return [TextBuilder(head)] + body + [TextBuilder(foot)]
  }

  /// CSV as RFC 4180 has it but for the ends of lines, which are Unix's: fields with a comma, a quote or a line break
  /// are quoted.
  private func csv() -> [TextBuilder] {
    @Sendable func field(_ text: String) -> String {
      let isSpecial = text.utf8.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r")
          || byte == UInt8(ascii: "\n")
      }
      guard isSpecial else { return text }
      // By bytes: what combines with a quote makes another character of it.
      let quote = UInt8(ascii: "\"")
      return "\"" + String(decoding: text.utf8.flatMap { $0 == quote ? [$0, $0] : [$0] }, as: UTF8.self) + "\""
    }
    let heading = columns.map { field($0.key) }.joined(separator: ",") + "\n"
    let body = concurrentText(rows.indices) { row, text in
      for (column, cell) in rows[row].enumerated() {
        if column > 0 { text += "," }
        text += field(cell.exact)
      }
      text += "\n"
    }
    return [TextBuilder(heading)] + body
  }

  private func json() -> String {
    let keys = columns.map { JSONText.quoted($0.key) }
    let objects = rows.map { row in
      "{" + zip(keys, row).map { "\($0): \($1.json)" }.joined(separator: ", ") + "}"
    }
    var members = ["\"schema\": \(Self.schema)"]
    if !title.isEmpty { members.append("\"title\": " + JSONText.quoted(title)) }
    if !notes.isEmpty { members.append("\"notes\": [" + notes.map(JSONText.quoted).joined(separator: ", ") + "]") }
    let list = objects.isEmpty ? "[]" : "[\n    " + objects.joined(separator: ",\n    ") + "\n  ]"
    members.append(JSONText.quoted(key) + ": " + list)
    return "{\n  " + members.joined(separator: ",\n  ") + "\n}\n"
  }
}

extension TextBuilder {
  /// Appends the cell and the spaces that it lacks to its column's width.
  fileprivate mutating func pad(_ cell: String, to width: Int, rightAligned: Bool) {
    let padding = width - cell.displayWidth
    if rightAligned { spaces(padding) }
    self += cell
    if !rightAligned { spaces(padding) }
  }
}

extension Cell {
  fileprivate var deviation: Double? {
    if case .spread(_, let deviation, _) = self { deviation } else { nil }
  }

  fileprivate var mean: Cell {
    if case .spread(let mean, _, _) = self { .number(mean) } else { self }
  }

  /// The cell in CSV: every digit, true and false in words.
  fileprivate var exact: String {
    switch self {
    case .number(let value, _, _), .spread(let value, _, _): "\(value)"
    case .flag(let value): value ? "true" : "false"
    case .text, .integer: text
    case .missing, .inapplicable: ""
    }
  }

  fileprivate var json: String {
    switch self {
    case .text(let text): JSONText.quoted(text)
    case .integer(let value): String(value)
    case .number(let value, _, _), .spread(let value, _, _): JSONText.number(value)
    case .flag(let value): value ? "true" : "false"
    case .missing, .inapplicable: "null"
    }
  }
}

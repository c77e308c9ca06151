import Storage

extension TextTable {
  /// The table for a spreadsheet, which takes a text that begins with = + - @, a tab or a line break for a formula: an
  /// apostrophe stands before it.
  ///
  /// Numbers, and texts that are numbers, stay as they are.
  package var spreadsheetSafe: TextTable {
    mappingTexts { text in
      guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first),
        Double(text) == nil
      else { return text }
      return "'" + text
    }
  }

  /// The table for a terminal: what would drive it, or hide, is made visible.
  package var printable: TextTable { mappingTexts(\.printable) }

  private func mappingTexts(_ change: (String) -> String) -> TextTable {
    var table = self
    for column in columns.indices { table.columns[column].key = change(columns[column].key) }
    for row in rows.indices {
      for (column, cell) in rows[row].enumerated() {
        if case .text(let text) = cell { table.rows[row][column] = .text(change(text)) }
      }
    }
    return table
  }
}

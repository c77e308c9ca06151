import Storage

extension TextTable {
  /// The table as people read it: without the columns that are for programs only, and without those that say the same
  /// in every row, which a sentence says once.
  var forPeople: TextTable {
    var table = keeping(columns.indices.filter { !columns[$0].isDetail })
    guard rows.count > 1 else { return table }
    let constant = table.columns.indices.filter { column in
      table.columns[column].isSaidOnce && Set(table.rows.map { $0[column] }).count == 1
    }
    let said = constant.compactMap { column -> String? in
      let text = table.rows[0][column].text
      return text.isEmpty || table.rows[0][column] == .inapplicable ? nil : "\(table.columns[column].title) \(text)"
    }
    table = table.keeping(table.columns.indices.filter { !constant.contains($0) })
    if !said.isEmpty { table.notes.insert("In every row: \(said.joined(separator: ", ")).", at: 0) }
    return table
  }

  /// The table as a terminal of so many columns has room for it: the least important columns are left out, those on the
  /// right first, and named below; the first stays.
  func fitting(_ width: Int) -> TextTable {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.printable.displayWidth) {
        max($0, $1[column].text.printable.displayWidth)
      }
    }
    var kept = Array(columns.indices)
    while kept.count > 1, kept.reduce(-2, { $0 + widths[$1] + 2 }) > width {
      let least = kept.dropFirst().min { (columns[$0].importance, -$0) < (columns[$1].importance, -$1) }
      kept.removeAll { $0 == least }
    }
    guard kept.count < columns.count else { return self }
    let left = columns.indices.filter { !kept.contains($0) }.map { columns[$0].title }
    var table = keeping(kept)
    table.notes.append("For want of room without: \(left.joined(separator: ", ")).")
    return table
  }

  /// The table with a column at another place, counted from 1 among those that people are shown.
  func moving(_ key: String, to place: Int) -> TextTable {
    guard let from = columns.firstIndex(where: { $0.key == key }) else { return self }
    var order = columns.indices.filter { $0 != from }
    let shown = order.filter { !columns[$0].isDetail }
    guard shown.count >= place, let target = order.firstIndex(of: shown[place - 1]) else { return self }
    order.insert(from, at: target)
    return keeping(order)
  }

  /// Some of the columns, in the order given.
  func keeping(_ kept: [Int]) -> TextTable {
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }
}

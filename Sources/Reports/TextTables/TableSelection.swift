import Experiment

/// What of a table is asked for: columns, rows and their order.
package struct TableSelection: Hashable, Sendable {
  /// Keys or headings of columns; nil for those that people are shown, `["all"]` for every one.
  package var columns: [String]?
  /// What holds of the rows, all of it.
  package var conditions: [Condition]
  /// The key or heading of the column that the rows are sorted by; nil for the table's own order.
  package var order: String?
  /// Whether the last rows come first; those that there is nothing to sort by stay the last.
  package var isReversed: Bool

  package init(
    columns: [String]? = nil, conditions: [Condition] = [], order: String? = nil, isReversed: Bool = false
  ) {
    (self.columns, self.conditions, self.order, self.isReversed) = (columns, conditions, order, isReversed)
  }

  /// A condition on a column: `state=finished`, `best_reduced<3`.
  package struct Condition: Hashable, Sendable {
    /// How a cell is compared with the value.
    package enum Relation: String, CaseIterable, Sendable {
      case notEqual = "!="
      case atMost = "<="
      case atLeast = ">="
      case equal = "="
      case less = "<"
      case greater = ">"
      /// The cell's text has the value in it, in small or capital letters.
      case contains = "~"
    }

    /// The key or heading of a column.
    package var column: String
    /// How its cells are compared with the value.
    package var relation: Relation
    /// A number or a text.
    package var value: String

    /// The condition that a text says; nil for one without a relation, or without a column before it.
    package init?(_ text: String) {
      let starts = text.indices.lazy.compactMap { start in
        Relation.allCases.first { text[start...].hasPrefix($0.rawValue) }.map { (start, $0) }
      }
      guard let (start, relation) = starts.first else { return nil }
      column = String(text[..<start]).trimmed
      value = String(text[text.index(start, offsetBy: relation.rawValue.count)...]).trimmed
      self.relation = relation
      if column.isEmpty { return nil }
    }

    /// Whether it holds of a cell: of numbers by their value, of texts by their letters.
    func holds(of cell: Cell) -> Bool {
      if relation == .contains { return cell.text.lowercased().contains(value.lowercased()) }
      if let number = cell.value, let wanted = Double(value) { return holds(number, wanted) }
      let text = cell.text
      return switch relation {
      case .equal: text == value || cell.value.map { "\($0)" == value } ?? false
      case .notEqual: text != value
      // What is not there is neither less nor more.
      case .less, .greater, .atMost, .atLeast: !text.isEmpty && cell.value == nil && holds(text, value)
      case .contains: false
      }
    }

    private func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
      switch relation {
      case .equal: a == b
      case .notEqual: a != b
      case .less: a < b
      case .greater: a > b
      case .atMost: a <= b
      case .atLeast: a >= b
      case .contains: false
      }
    }
  }

  /// Whether all of a table is asked for as it is.
  package var isEmpty: Bool { self == TableSelection() }

  /// What is asked for of a table.
  /// - Throws: `InputError` for a column that the table does not have.
  package func applied(to table: TextTable) throws -> TextTable {
    var table = table
    for condition in conditions {
      let column = try Self.column(condition.column, of: table, "--where")
      table.rows.removeAll { !condition.holds(of: $0[column]) }
    }
    if let order {
      let column = try Self.column(order, of: table, "--sort")
      let places = table.rows.indices.sorted { first, second in
        let (a, b) = (table.rows[first][column], table.rows[second][column])
        return a.precedes(b) || !b.precedes(a) && first < second
      }
      let rows = places.map { table.rows[$0] }
      let (known, absent) = (rows.filter { !$0[column].isAbsent }, rows.filter { $0[column].isAbsent })
      table.rows = isReversed ? known.reversed() + absent : rows
    } else if isReversed {
      table.rows.reverse()
    }
    guard let columns else { return table }
    let kept =
      columns == ["all"]
      ? Array(table.columns.indices) : try columns.map { try Self.column($0, of: table, "--columns") }
    if kept.isEmpty { throw InputError("--columns: name a column, or 'all'") }
    if let twice = kept.indices.first(where: { kept[..<$0].contains(kept[$0]) }) {
      throw InputError("--columns: '\(columns[twice])' is named twice")
    }
    var chosen = table.keeping(kept)
    for index in chosen.columns.indices {
      (chosen.columns[index].isDetail, chosen.columns[index].isSaidOnce) = (false, false)
    }
    return chosen
  }

  private static func column(_ name: String, of table: TextTable, _ option: String) throws -> Int {
    let exact = table.columns.firstIndex { $0.key == name || $0.title == name }
    if let found = exact ?? table.columns.firstIndex(where: { $0.title.lowercased() == name.lowercased() }) {
      return found
    }
    let names = table.columns.map(\.key)
    let hint =
      nearest(to: name, among: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"
    throw InputError("\(option): there is no column '\(name)'; \(hint)")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Cell {
  /// The number, or a spread's mean; nil for what is none.
  fileprivate var value: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value, _, _), .spread(let value, _, _): value
    case .text, .flag, .missing, .inapplicable: nil
    }
  }

  /// Whether there is nothing to sort by.
  fileprivate var isAbsent: Bool { value?.isNaN ?? (self == .inapplicable || text.isEmpty) }

  /// Numbers before texts, and what is not there last.
  fileprivate func precedes(_ other: Cell) -> Bool {
    switch (value, other.value) {
    case (let a?, let b?): a < b || b.isNaN && !a.isNaN
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): !text.isEmpty && (other.text.isEmpty || text < other.text)
    }
  }
}

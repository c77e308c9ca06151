package import Ledger

extension TextTable {
  /// What a query found.
  ///
  /// Columns of the same name are numbered, for formats that need their names to differ.
  package init(_ result: QueryResult) {
    var taken: Set<String> = []
    let named = Set(result.columns)
    let columns = result.columns.map { name -> Column in
      var key = name
      if taken.contains(name) {
        let numbered = (2...).lazy.map { "\(name)_\($0)" }
        key = numbered.first { !named.contains($0) && !taken.contains($0) }!
      }
      taken.insert(key)
      return Column(name, key: key)
    }
    let rows = result.rows.map { row in
      row.map { value -> Cell in
        switch value {
        case .null: .missing
        case .integer(let value): .integer(value)
        case .real(let value): .number(value, digits: 0)
        case .text(let value): .text(value)
        case .bytes(let count): .text("(\(count) bytes)")
        }
      }
    }
    self.init(columns: columns, rows: rows)
  }
}

package import Ledger

extension TextTable {
  /// What a query found.
  ///
  /// Columns of the same name are numbered, for formats that need their names to differ.
  package init(_ result: QueryResult) {
    var seen: [String: Int] = [:]
    let columns = result.columns.map { name -> Column in
      let count = seen[name, default: 0] + 1
      seen[name] = count
      return Column(name, key: count == 1 ? name : "\(name)_\(count)")
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

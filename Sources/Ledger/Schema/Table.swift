/// A table of the ledger, described once: from it come the SQL that creates it, the SQL that fills it, and its
/// reference in docs/files-of-a-run.md.
package struct Table: Sendable {
  /// The four types that ROOT's RDataFrame reads.
  package enum Kind: String, Sendable {
    case integer = "INTEGER"
    case float = "FLOAT"
    case text = "TEXT"
  }

  /// A column of a table or a view.
  package struct Column: Sendable {
    /// The column's name in SQL.
    package var name: String
    /// The type of its values.
    package var kind: Kind
    /// What it holds, with its unit.
    package var meaning: String

    init(_ name: String, _ kind: Kind, _ meaning: String) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
    }
  }

  /// The table's name in SQL.
  package let name: String
  /// What one row is.
  package let meaning: String
  /// The first so many columns are the primary key.
  package let keyLength: Int
  /// The columns in order, those of the primary key first.
  package let columns: [Column]
  let columnNames: [String]

  init(_ name: String, _ meaning: String, keyLength: Int = 1, _ columns: [Column]) {
    self.name = name
    self.meaning = meaning
    self.keyLength = keyLength
    self.columns = columns
    columnNames = columns.map(\.name)
    insertion =
      "INSERT OR REPLACE INTO \(name) (\(columnNames.joined(separator: ", "))) VALUES ("
      + columns.map { _ in "?" }.joined(separator: ", ") + ")"
  }

  /// Some of its columns, for a view that shows them as they are.
  /// - Precondition: It has them.
  func columns(_ names: String...) -> [Column] {
    names.map { name in
      guard let column = columns.first(where: { $0.name == name }) else {
        preconditionFailure("\(self.name) has no column \(name)")
      }
      return column
    }
  }

  /// Rows lie in the order of their key, without a row number of their own.
  var creation: String {
    let key = columns.prefix(keyLength).map(\.name).joined(separator: ", ")
    let list = columns.enumerated().map { index, column in
      "\(column.name) \(column.kind.rawValue)" + (index < keyLength ? " NOT NULL" : "")
    }
    return "CREATE TABLE \(name) (\n  " + (list + ["PRIMARY KEY (\(key))"]).joined(separator: ",\n  ")
      + "\n) WITHOUT ROWID"
  }

  /// Puts one row in, in the place of one with the same key.
  let insertion: String
}

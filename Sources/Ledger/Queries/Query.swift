import Foundation
import GRDB

/// What a query found.
package struct QueryResult: Hashable, Sendable {
  /// A value of SQLite's.
  package enum Value: Hashable, Sendable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
    /// A blob of so many bytes.
    case bytes(Int)
  }

  /// The columns' names in SQL's order.
  package var columns: [String]
  /// The rows, each with a value for every column.
  package var rows: [[Value]]

  /// - Precondition: Every row has a value for each column.
  package init(columns: [String], rows: [[Value]]) {
    for row in rows { precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns") }
    self.columns = columns
    self.rows = rows
  }
}

extension Ledger {
  /// Asks the ledger in SQL. It must have been opened for reading; what would write is refused.
  /// - Throws: `LedgerError.query`.
  package func query(_ sql: String) throws -> QueryResult {
    precondition(queue.configuration.readonly, "queries go to a ledger opened for reading")
    do {
      return try queue.read { db in
        let statement = try db.makeStatement(sql: sql)
        let rows = try Row.fetchAll(statement).map { row in
          Array(row.databaseValues).map { value -> QueryResult.Value in
            switch value.storage {
            case .null: .null
            case .int64(let value): .integer(Int(value))
            case .double(let value): .real(value)
            case .string(let value): .text(value)
            case .blob(let value): .bytes(value.count)
            }
          }
        }
        return QueryResult(columns: statement.columnNames, rows: rows)
      }
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_READONLY, .SQLITE_AUTH:
        throw LedgerError.query(reason: "it would write; the ledger is only read here, and filled by run and collect")
      case .SQLITE_MISUSE where error.message?.hasPrefix("Multiple statements") ?? false:
        throw LedgerError.query(reason: "more than one statement; give one at a time")
      default: throw LedgerError(error, path: queue.path)
      }
    }
  }
}

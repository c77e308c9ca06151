import Experiment
import Foundation
import GRDB
import GRDBSQLite

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
  /// Whether there are more rows than were asked for.
  package var isCut = false

  /// - Precondition: Every row has a value for each column.
  package init(columns: [String], rows: [[Value]]) {
    for row in rows { precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns") }
    self.columns = columns
    self.rows = rows
  }
}

extension Ledger {
  /// Asks the ledger in SQL.
  ///
  /// It must have been opened for reading; what would write is refused.
  /// - Parameters:
  ///   - sql: One statement that reads.
  ///   - limit: The rows to give at most; nil for all.
  ///   - seconds: The time after which it is given up; nil for never.
  /// - Returns: The columns and the rows, which are marked as cut where there are more.
  /// - Throws: `LedgerError.query`.
  package func query(_ sql: String, limit: Int? = nil, seconds: Double? = nil) throws -> QueryResult {
    precondition(queue.configuration.readonly, "queries go to a ledger opened for reading")
    do {
      return try queue.read { db in
        let statement = try db.makeStatement(sql: sql)
        // ATTACH, BEGIN and settings change no row of the ledger, and give none either.
        guard statement.isReadonly, !statement.columnNames.isEmpty else { throw Self.wouldWrite }
        return try Self.within(seconds, db) {
          var result = QueryResult(columns: statement.columnNames, rows: [])
          let rows = try Row.fetchCursor(statement)
          while let row = try rows.next() {
            if result.rows.count == limit {
              result.isCut = true
              break
            }
            result.rows.append(row.databaseValues.map(QueryResult.Value.init))
          }
          return result
        }
      }
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_READONLY, .SQLITE_AUTH: throw Self.wouldWrite
      case .SQLITE_INTERRUPT:
        throw LedgerError.query(
          reason: "it has not ended within \(seconds ?? 0) s and was given up; ask for less, or give it more --seconds")
      case .SQLITE_MISUSE where error.message?.hasPrefix("Multiple statements") ?? false:
        throw LedgerError.query(reason: "more than one statement; give one at a time")
      default:
        if let message = error.message, let hint = Self.hint(message) {
          throw LedgerError.query(reason: message + hint)
        }
        throw LedgerError(error, path: queue.path)
      }
    }
  }

  private static let wouldWrite = LedgerError.query(
    reason: "it would write; the ledger is only read here, and filled by run and collect")

  /// What a name that is not there was meant to be, as the end of SQLite's sentence; nil for another sentence.
  private static func hint(_ message: String) -> String? {
    guard let found = message.wholeMatch(of: /no such (column|table): (?:\w+\.)?(\w+)/) else { return nil }
    let columns = Schema.tables.flatMap(\.columns) + Schema.views.flatMap(\.columns)
    let names = found.1 == "column" ? columns.map(\.name) : Schema.tables.map(\.name) + Schema.views.map(\.name)
    let near = nearest(to: String(found.2), among: Set(names).sorted()).map { "; did you mean \($0)?" } ?? ";"
    return near + " `qcalo query --tables` lists what there is"
  }

  /// Has SQLite give up what `body` asks when the time is over.
  private static func within<Value>(_ seconds: Double?, _ db: Database, _ body: () throws -> Value) throws -> Value {
    guard let seconds else { return try body() }
    var end = ContinuousClock.now + .seconds(seconds)
    return try withUnsafeMutablePointer(to: &end) { end in
      sqlite3_progress_handler(
        db.sqliteConnection, 10_000,
        { end in
          guard let end = end?.assumingMemoryBound(to: ContinuousClock.Instant.self) else { return 0 }
          return ContinuousClock.now < end.pointee ? 0 : 1
        }, end)
      defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
      return try body()
    }
  }
}

extension QueryResult.Value {
  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let value): self = .integer(Int(value))
    case .double(let value): self = .real(value)
    case .string(let value): self = .text(value)
    case .blob(let value): self = .bytes(value.count)
    }
  }
}

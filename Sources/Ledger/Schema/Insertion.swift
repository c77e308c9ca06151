import GRDB
import GRDBSQLite

/// A prepared INSERT of a table, whose values are bound one by one in the order of its columns: the fast way in, for
/// the two tables that grow by the million.
///
/// The first row's names are held against the table's.
struct Insertion {
  private let statement: Statement
  private let handle: OpaquePointer
  private let columns: [String]
  private var bound = 0
  private var isChecked = false

  init(into table: Table, _ db: Database) throws {
    statement = try db.cachedStatement(sql: table.insertion)
    handle = statement.sqliteStatement
    columns = table.columnNames
  }

  /// The place of the next column's value, from 1.
  private mutating func place(of column: String) -> Int32 {
    if !isChecked {
      precondition(bound < columns.count && columns[bound] == column, "\(column) is not column \(bound) of \(columns)")
    }
    bound += 1
    return Int32(bound)
  }

  mutating func bind(_ column: String, _ value: Int?) {
    let place = place(of: column)
    if let value { sqlite3_bind_int64(handle, place, Int64(value)) } else { sqlite3_bind_null(handle, place) }
  }

  /// Binds a number; a not-a-number becomes NULL.
  mutating func bind(_ column: String, _ value: Double?) {
    let place = place(of: column)
    if let value { sqlite3_bind_double(handle, place, value) } else { sqlite3_bind_null(handle, place) }
  }

  mutating func bind(_ column: String, _ value: String?) {
    let place = place(of: column)
    guard var value else {
      sqlite3_bind_null(handle, place)
      return
    }
    value.withUTF8 { bytes in
      // SQLite's own copy: the bytes do not outlive this call.
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      bytes.withMemoryRebound(to: CChar.self) { text in
        _ = sqlite3_bind_text(handle, place, text.baseAddress, Int32(text.count), copied)
      }
    }
  }

  /// Puts the row in; the next one's values are bound anew.
  mutating func insert() throws {
    precondition(bound == columns.count, "\(bound) of \(columns.count) values are bound")
    bound = 0
    isChecked = true
    let result = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard result == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: result), message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
  }
}

internal import GRDB
internal import GRDBSQLite

/// A prepared INSERT of a table, whose values are bound one by one in the order of its columns: the fast way in, for
/// the two tables that grow by the million.
struct Insertion {
  private let statement: Statement
  private let handle: OpaquePointer
  private let count: Int32
  private var bound: Int32 = 0

  init(into table: Table, _ db: Database) throws {
    statement = try db.cachedStatement(sql: table.insertion)
    handle = statement.sqliteStatement
    count = Int32(table.columns.count)
  }

  mutating func bind(_ value: Int) {
    bound += 1
    sqlite3_bind_int64(handle, bound, Int64(value))
  }

  /// A not-a-number becomes NULL.
  mutating func bind(_ value: Double) {
    bound += 1
    sqlite3_bind_double(handle, bound, value)
  }

  mutating func bind(_ value: Double?) {
    if let value { bind(value) } else { bindNull() }
  }

  mutating func bind(_ value: String) {
    bound += 1
    var value = value
    value.withUTF8 { bytes in
      // SQLite's own copy: the bytes do not outlive this call.
      let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      bytes.withMemoryRebound(to: CChar.self) { text in
        _ = sqlite3_bind_text(handle, bound, text.baseAddress, Int32(text.count), copied)
      }
    }
  }

  mutating func bindNull() {
    bound += 1
    sqlite3_bind_null(handle, bound)
  }

  /// Puts the row in; the next one's values are bound anew.
  mutating func insert() throws {
    precondition(bound == count, "\(bound) of \(count) values are bound")
    bound = 0
    let result = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard result == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: result), message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }
  }
}

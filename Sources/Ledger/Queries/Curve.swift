import GRDB
import GRDBSQLite

/// χ²/NDF of a run against the checkpoint.
package struct Curve: Hashable, Sendable {
  /// Checkpoint numbers, ascending and distinct.
  package var checkpoints: [Int] = []
  /// χ²/NDF at each; NaN where it was not a number.
  package var reduced: [Double] = []

  package init() {}

  /// A curve of so many points.
  /// - Precondition: There are as many values as checkpoints.
  package init(checkpoints: [Int], reduced: [Double]) {
    precondition(checkpoints.count == reduced.count, "\(checkpoints.count) checkpoints, \(reduced.count) values")
    self.checkpoints = checkpoints
    self.reduced = reduced
  }

  /// The last checkpoint's number; nil for an empty curve.
  package var last: Int? { checkpoints.last }

  /// The checkpoint with the lowest χ²/NDF, the first of several; nil when no value is a number.
  package var best: (checkpoint: Int, reduced: Double)? {
    var best: Int?
    for index in reduced.indices where !reduced[index].isNaN {
      if let found = best, reduced[found] <= reduced[index] { continue }
      best = index
    }
    return best.map { (checkpoints[$0], reduced[$0]) }
  }

  /// Adds the next record; one of a later attempt takes the place of the one before it.
  fileprivate mutating func append(_ checkpoint: Int, _ value: Double) {
    if checkpoints.last == checkpoint {
      reduced[reduced.count - 1] = value
    } else {
      checkpoints.append(checkpoint)
      reduced.append(value)
    }
  }
}

extension Ledger {
  /// The curves of runs; a run without a checkpoint has an empty one.
  /// - Complexity: O(checkpoints of these runs), from an index alone.
  package func curves(of runs: some Collection<String>) throws -> [String: Curve] {
    try reading { try Self.curves(of: runs, $0) }
  }

  static func curves(of runs: some Collection<String>, _ db: Database) throws -> [String: Curve] {
    let statement = try db.cachedStatement(
      sql: "SELECT checkpoint, reduced FROM checkpoints WHERE run = ? ORDER BY checkpoint, attempt")
    let handle = statement.sqliteStatement
    var curves: [String: Curve] = [:]
    for run in runs where curves[run] == nil {
      // Row by row through SQLite itself: there may be a million.
      try statement.setArguments([run])
      defer { sqlite3_reset(handle) }
      var curve = Curve()
      var result = sqlite3_step(handle)
      while result == SQLITE_ROW {
        let isNumber = sqlite3_column_type(handle, 1) != SQLITE_NULL
        curve.append(
          Int(sqlite3_column_int64(handle, 0)), isNumber ? sqlite3_column_double(handle, 1) : .nan)
        result = sqlite3_step(handle)
      }
      guard result == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: result)) }
      curves[run] = curve
    }
    return curves
  }
}

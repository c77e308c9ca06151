import Experiment
import Storage

/// The rows of a table (CSV, RFC 4180) with a line of column names first, as `query` and `results` write them.
package struct CSVRows {
  /// A row.
  package struct Row: Hashable, Sendable {
    /// The line that it begins in, from 1.
    package var line: Int
    /// Its values.
    package var values: [String]
  }

  /// The file's path.
  package let path: String
  private let names: [String]
  private let rows: [Row]

  /// - Throws: `InputError` when a row has not as many values as there are columns, or a quote is amiss; `StorageError`.
  package init(reading path: String) throws {
    let rows = try Self.rows(of: FileContent.bytes(of: path), path)
    (self.path, names) = (path, rows.first?.values ?? [])
    self.rows = Array(rows.dropFirst())
    if let row = self.rows.first(where: { $0.values.count != names.count }) {
      throw InputError("\(path):\(row.line): it has \(row.values.count) values, not \(names.count)")
    }
  }

  /// The rows with the values of some columns alone.
  /// - Throws: `InputError` when there is no such column.
  package func rows(of columns: [String]) throws -> [Row] {
    let places = try columns.map { name in
      guard let place = names.firstIndex(of: name) else { throw InputError("\(path):1: there is no column '\(name)'") }
      return place
    }
    return rows.map { row in Row(line: row.line, values: places.map { row.values[$0] }) }
  }

  /// The rows that bytes spell, byte by byte: a character may hold a quote or a line break with what follows it.
  ///
  /// Lines end with LF, CR LF or CR, in quotes too; empty ones are passed over, a byte order mark is too.
  private static func rows(of bytes: [UInt8], _ path: String) throws(InputError) -> [Row] {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    func isEnd(_ byte: UInt8) -> Bool { byte == comma || byte == feed || byte == carriage }
    // Every value has an end then.
    let bytes = bytes + [feed]
    var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var (rows, values, line, start) = ([Row](), [String](), 1, 1)
    while place < bytes.count {
      var value: [UInt8] = []
      if bytes[place] == quote {
        let opened = line
        place += 1
        while place < bytes.count {
          if bytes[place] == quote {
            // Two of them are one of the value.
            guard place + 1 < bytes.count, bytes[place + 1] == quote else { break }
            place += 1
          } else if bytes[place] == feed {
            line += 1
          }
          value.append(bytes[place])
          place += 1
        }
        guard place < bytes.count else {
          throw InputError("\(path):\(opened): the quote that begins a value has no end")
        }
        place += 1
        guard isEnd(bytes[place]) else {
          throw InputError("\(path):\(line): behind a value in quotes there is neither a comma nor the line's end")
        }
      } else {
        while !isEnd(bytes[place]) {
          value.append(bytes[place])
          place += 1
        }
      }
      values.append(String(decoding: value, as: UTF8.self))
      let end = bytes[place]
      place += 1
      if end == comma { continue }
      if end == carriage, place < bytes.count, bytes[place] == feed { place += 1 }
      if values != [""] { rows.append(Row(line: start, values: values)) }
      values = []
      line += 1
      start = line
    }
    return rows
  }
}

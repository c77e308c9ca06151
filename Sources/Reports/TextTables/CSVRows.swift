import Experiment
import Storage

/// The rows of a table (CSV) with a line of column names first, as `query` and `results` write them.
package struct CSVRows {
  /// The file's path.
  package let path: String
  private let names: [String]
  private let lines: [[String]]

  /// - Throws: `InputError` when a line has not as many values as there are columns; `StorageError`.
  package init(reading path: String) throws {
    let lines = String(decoding: try FileContent.bytes(of: path), as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(Self.fields)
    (self.path, names) = (path, lines.first ?? [])
    self.lines = Array(lines.dropFirst())
    if let number = self.lines.firstIndex(where: { $0.count != names.count }) {
      throw InputError("\(path):\(number + 2): it has \(self.lines[number].count) values, not \(names.count)")
    }
  }

  /// The values of some columns, row by row.
  /// - Throws: `InputError` when there is no such column.
  package func values(_ columns: [String]) throws -> [[String]] {
    let places = try columns.map { name in
      guard let place = names.firstIndex(of: name) else { throw InputError("\(path):1: there is no column '\(name)'") }
      return place
    }
    return lines.map { line in places.map { line[$0] } }
  }

  /// The values of a line, of which those in quotes can have commas.
  private static func fields(_ line: some StringProtocol) -> [String] {
    var (fields, isQuoted) = ([""], false)
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}

import Ledger

extension TextTable {
  /// The ledger's tables and views with their columns, as `query --tables` and docs/files-of-a-run.md show them.
  package static var ledgerReference: TextTable {
    func rows(_ name: String, _ meaning: String, _ columns: [Table.Column]) -> [[String]] {
      [[name, "…", "", meaning]] + columns.map { [name, $0.name, $0.kind.rawValue, $0.meaning] }
    }
    let tables = Schema.tables.flatMap { rows($0.name, "a table: \($0.meaning)", $0.columns) }
    let views = Schema.views.flatMap { rows($0.name, "a view: \($0.meaning)", $0.columns) }
    return TextTable(columns: ["table", "column", "type", "meaning"], rows: tables + views)
  }
}

internal import Ledger

extension TextTable {
  /// The ledger's tables and views with their columns, as `query --tables` and the README show them.
  public static var ledgerReference: TextTable {
    let tables = Schema.tables.flatMap { table in
      table.columns.map { [table.name, $0.name, $0.kind.rawValue, $0.meaning] }
    }
    let views = Schema.views.map { [$0.name, "…", "", "a view: \($0.meaning)"] }
    return TextTable(columns: ["table", "column", "type", "meaning"], rows: tables + views)
  }
}

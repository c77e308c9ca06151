package import Reports
import Sweeps

extension TextTable {
  /// Every key that a sweep file can have.
  package static var sweepKeys: TextTable {
    TextTable(
      key: "keys",
      columns: [
        Column("Key", key: "key"), Column("Takes", key: "takes"), Column("Bound", key: "bound"),
        Column("Default", key: "default"), Column("Stands in", key: "levels"), Column("Meaning", key: "meaning"),
      ],
      rows: SweepKey.all.map { key in
        let levels = SweepKey.Level.allCases.filter(key.levels.contains).map(\.rawValue).joined(separator: ", ")
        return [
          .text(key.name), .text(key.takes), .text(key.bound), .text(key.standard), .text(levels), .text(key.meaning),
        ]
      })
  }
}

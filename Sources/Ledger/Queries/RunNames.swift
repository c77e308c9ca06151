import Experiment
import GRDB

extension Ledger {
  /// The run that a word means: a run's name or the beginning of one; or a row's label, table/label or sweep/label,
  /// with `/s2` behind it where its seed has to be said.
  ///
  /// Of a row's runs only those that have begun count, if any has.
  /// - Throws: `LedgerError.unknown`, with the runs that it could mean.
  package func run(named name: String) throws -> String {
    try reading { db in
      if try Self.has(run: name, db) { return name }
      let labelled = try Self.trainings(labelled: name, db)
      if Set(labelled.map(\.run)).count == 1 { return labelled[0].run }
      if labelled.count > 1 { throw Self.ambiguous(name, labelled) }
      let runs = try String.fetchAll(
        db, sql: "SELECT id FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id", arguments: [name.count, name])
      if runs.count == 1 { return runs[0] }
      if runs.isEmpty { throw try Self.unknownRun(name, db) }
      throw LedgerError.unknown(what: "single run", name: name, near: runs.prefix(5) + (runs.count > 5 ? ["…"] : []))
    }
  }

  /// The words that mean runs: the labels of all sweeps, and the runs' names.
  /// - Throws: `LedgerError`.
  package func runNames() throws -> [String] {
    try reading { db in
      try String.fetchAll(db, sql: "SELECT DISTINCT label FROM sweep_variants ORDER BY 1")
        + String.fetchAll(db, sql: "SELECT id FROM runs ORDER BY 1")
    }
  }

  /// A run of a row with the words that mean it alone.
  private struct LabelledRun {
    var run: String
    var sweep: String
    var label: String
    var seed: UInt64
    var hasBegun: Bool
  }

  private static func trainings(labelled name: String, _ db: Database) throws -> [LabelledRun] {
    var (label, seed) = (name, UInt64?.none)
    if let match = name.wholeMatch(of: /(.+)\/s(\d+)/) { (label, seed) = (String(match.1), UInt64(match.2)) }
    func found(_ label: String, _ seed: UInt64?) throws -> [LabelledRun] {
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT x.run, s.sweep, s.paper_table, s.label, x.seed,
            EXISTS (SELECT 1 FROM attempts a WHERE a.run = x.run) AS begun
          FROM sweep_variants s JOIN sweep_runs x USING (sweep, position)
          WHERE ? IN (s.label, s.paper_table || '/' || s.label, s.sweep || '/' || s.label)
          ORDER BY s.sweep, s.position, x.seed
          """, arguments: [label])
      return rows.map { row in
        let (table, label): (String, String) = (row[2], row[3])
        return LabelledRun(
          run: row[0], sweep: row[1], label: table.isEmpty ? label : "\(table)/\(label)",
          seed: UInt64(bitPattern: row[4]), hasBegun: row[5])
      }.filter { seed == nil || $0.seed == seed }
    }
    // A label may end as a seed does.
    var all = try found(name, nil)
    if all.isEmpty, seed != nil { all = try found(label, seed) }
    let begun = all.filter(\.hasBegun)
    var seen = Set<String>()
    return (begun.isEmpty ? all : begun).filter { seen.insert($0.run).inserted }
  }

  private static func ambiguous(_ name: String, _ runs: [LabelledRun]) -> LedgerError {
    // The sweep is said where the label and the seed do not tell two of them apart.
    let plain = runs.map { "\($0.label)/s\($0.seed)" }
    let names = Set(plain).count == runs.count ? plain : runs.map { "\($0.sweep)/\($0.label)/s\($0.seed)" }
    return .unknown(what: "single run", name: name, near: names.prefix(8) + (names.count > 8 ? ["…"] : []))
  }

  /// Why a word means no run, with what it might have meant.
  private static func unknownRun(_ name: String, _ db: Database) throws -> LedgerError {
    let sweeps = try String.fetchAll(db, sql: "SELECT name FROM sweeps ORDER BY name")
    if sweeps.contains(name) { return .isSweep(name) }
    let labels = try String.fetchAll(db, sql: "SELECT DISTINCT label FROM sweep_variants ORDER BY 1 LIMIT 1000")
    if let near = nearest(to: name, among: labels + sweeps) { return .unknown(what: "run", name: name, near: [near]) }
    let runs = try String.fetchAll(db, sql: "SELECT id FROM runs ORDER BY id LIMIT 5")
    return .unknown(what: "run", name: name, near: runs)
  }
}

package import Ledger
import Records

/// Everything that is known of one run, or in what two differ.
package struct RunReport: Sendable {
  private let status: RunStatus
  private let settings: [RunSetting]
  private let places: [String]
  private let inversion: Inversion?
  /// The run that it is compared with, and its settings.
  private let other: (run: String, settings: [RunSetting])?

  /// - Parameters:
  ///   - name: A run, as `Ledger.run(named:)` understands it.
  ///   - other: A run to compare it with; nil for none.
  ///   - ledger: Has the runs.
  /// - Throws: `LedgerError`, also when a name means no run.
  package init(of name: String, against other: String? = nil, in ledger: Ledger) throws {
    status = try ledger.status(of: name)
    settings = try ledger.settings(of: status.run)
    places = try ledger.places(of: status.run)
    inversion = try ledger.points(of: status.run).last?.inversion
    self.other = try other.map { name in
      let run = try ledger.run(named: name)
      return (run, try ledger.settings(of: run))
    }
  }

  /// What the run was given, a row each; of two runs only what differs.
  package var settingsTable: TextTable {
    guard let other else {
      return TextTable(
        title: "Settings of \(status.run)", key: "settings",
        columns: [Column("setting", importance: 9), Column("value", importance: 8), Column("meaning", importance: 1)],
        rows: settings.map { [.text($0.name), .text($0.value), .text($0.meaning)] })
    }
    let values = Dictionary(other.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let rows = settings.filter { $0.value != values[$0.name] ?? "" }.map { setting -> [Cell] in
      [.text(setting.name), .text(setting.value), .text(values[setting.name] ?? ""), .text(setting.meaning)]
    }
    return TextTable(
      title: "\(status.run) and \(other.run)", key: "settings",
      columns: [
        Column("setting", importance: 9), Column("first", key: "value", importance: 8),
        Column("second", key: "other", importance: 8), Column("meaning", importance: 1),
      ],
      rows: rows,
      notes: [
        rows.isEmpty
          ? "They were given the same." : "\(settings.count - rows.count) of \(settings.count) settings are the same."
      ])
  }

  /// The starts of the run, a row each.
  package var attemptsTable: TextTable {
    let columns: [Column] = [
      Column("attempt", importance: 9), Column("host", importance: 3), Column("process", key: "pid", importance: 1),
      Column("from", key: "from_checkpoint", importance: 5), Column("to", key: "last_checkpoint", importance: 5),
      Column("trained", importance: 6), Column(detail: "training_seconds"),
      Column("kernels", importance: 1), Column("commit", importance: 0),
      Column("ended because", key: "reason", importance: 7),
    ]
    let rows = status.attempts.map { attempt -> [Cell] in
      [
        .integer(attempt.attempt), Cell(attempt.provenance?.host), Cell(attempt.provenance.map { Int($0.pid) }),
        Cell(attempt.fromCheckpoint), Cell(attempt.lastCheckpoint), .text(duration(attempt.cost.training)),
        .number(attempt.cost.training), Cell(attempt.provenance?.kernels),
        Cell(attempt.provenance.map { String($0.commit.prefix(12)) }), .text(attempt.reason ?? "no end is recorded"),
      ]
    }
    let best = status.bestReduced.map {
      "best χ²/NDF \(Cell.number($0).text) at checkpoint \(status.bestCheckpoint ?? 0)"
    }
    return TextTable(
      title: "Attempts of \(status.run)", key: "attempts", columns: columns, rows: rows,
      notes: [
        "It is \(status.state.rawValue)\(best.map { ", " + $0 } ?? ""). \(status.explanation)",
        places.isEmpty ? "No sweep has it." : "It trains \(places.joined(separator: ", ")).", inversion?.sentence,
      ].compactMap(\.self))
  }
}

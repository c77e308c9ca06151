import Experiment
package import Records

/// A run's checkpoint with what its showers came out as with its circuit measured.
package struct MeasuredRun: Hashable, Sendable {
  /// The labels of the rows that the run trains.
  package var label: String
  /// The seed that it was trained with.
  package var seed: UInt64
  /// The checkpoint and its settings.
  package var measured: MeasuredCheckpoint

  package init(label: String, seed: UInt64, measured: MeasuredCheckpoint) {
    (self.label, self.seed, self.measured) = (label, seed, measured)
  }

  /// A row for each run and number of shots, the notes below.
  package static func table(_ runs: [MeasuredRun]) -> TextTable {
    let settings = runs.flatMap(\.measured.settings)
    let metrics = Metric.allCases.filter { metric in settings.contains { $0.values[metric] != nil } }
    let columns =
      [Column("model", key: "label"), "seed", Column(detail: "run"), "checkpoint", "device", "shots"]
      + metrics.map(\.column) + [
        Column("E_tot/Geant4's", key: "response"), Column("s/shower", key: "seconds_per_shower"),
      ]
    let rows = runs.flatMap { run in
      run.measured.settings.map { setting -> [Cell] in
        [
          .text(run.label), Cell(seed: run.seed), .text(run.measured.run), .integer(run.measured.checkpoint),
          .text(setting.noisy ? run.measured.device : "no noise"),
          setting.shots.map { .integer($0) } ?? .text("exact"),
        ] + metrics.map { $0.cell(setting.values[$0]) } + [
          setting.response.error.map { .spread(mean: setting.response.value, deviation: $0) }
            ?? .number(setting.response.value), setting.seconds.map { .number($0) } ?? .missing,
        ]
      }
    }
    var notes = runs.compactMap { run in
      run.measured.shotsLikeExact.map {
        "\(run.label), seed \(run.seed): χ²/NDF is within 10 % of that of exact expectations from \($0) shots on."
      }
    }
    for remark in runs.flatMap(\.measured.remarks) where !notes.contains(remark) { notes.append(remark) }
    return TextTable(title: "Devices", key: "devices", columns: columns, rows: rows, notes: notes)
  }
}

import Experiment

extension MeasuredCheckpoint {
  /// A heading and a row for each setting: shots, metrics with their uncertainties, E_tot and device time.
  package var table: [[String]] {
    let metrics = Metric.allCases.filter { metric in settings.contains { $0.values[metric] != nil } }
    let isTimed = settings.contains { $0.seconds != nil }
    func cell(_ value: MetricValue?, scale: Double = 1) -> String {
      guard let value else { return "" }
      return PlainTable.digits(value.value * scale)
        + (value.error.map { " ± " + PlainTable.digits($0 * scale) } ?? "")
    }
    let head =
      ["shots"] + metrics.map { $0 == .heldOutChi2 ? "χ²/NDF" : $0.title } + ["E_tot/Geant4's"]
      + (isTimed ? ["s/shower"] : [])
    return [head]
      + settings.map { setting in
        [setting.shots.map { "\($0)" } ?? (setting.noisy ? "exact" : "no noise")]
          + metrics.map { cell(setting.values[$0], scale: $0.scale) } + [cell(setting.response)]
          + (isTimed ? [setting.seconds.map(PlainTable.digits) ?? ""] : [])
      }
  }
}

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
    func row(_ setting: Setting) -> [String] {
      let shots = setting.shots.map { "\($0)" } ?? (setting.noisy ? "exact" : "no noise")
      let values = metrics.map { cell(setting.values[$0], scale: $0.scale) }
      let time = isTimed ? [setting.seconds.map(PlainTable.digits) ?? ""] : []
      return [shots] + values + [cell(setting.response)] + time
    }
    let titles = metrics.map { $0 == .heldOutChi2 ? "χ²/NDF" : $0.title }
    let head = ["shots"] + titles + ["E_tot/Geant4's"] + (isTimed ? ["s/shower"] : [])
    return [head] + settings.map(row)
  }
}

package import Experiment

/// The metrics of judged runs in a table (CSV) with the columns sweep, label, run_seed and one for each metric, as
/// docs/study/metrics.csv is; as the ledger has them, not scaled.
package struct MetricsTable {
  private let path: String
  /// Values by sweep and label, then by seed.
  private var values: [String: [String: [UInt64: Double]]] = [:]
  /// What the values are of.
  let metric: Metric

  /// The last row of a run counts; one without the metric, or whose metric is not finite, is passed over.
  /// - Throws: `InputError` when it is no such table.
  package init(_ table: CSVRows, of metric: Metric) throws {
    (path, self.metric) = (table.path, metric)
    for row in try table.rows(of: ["sweep", "label", "run_seed", metric.rawValue]) where !row.values[3].isEmpty {
      let (sweep, label, seedText, text) = (row.values[0], row.values[1], row.values[2], row.values[3])
      guard let seed = UInt64(seedText), let value = Double(text) else {
        throw InputError("\(path):\(row.line): seed '\(seedText)' or \(metric.rawValue) '\(text)' is no number")
      }
      let shown = value * metric.scale
      if shown.isFinite { values[sweep, default: [:]][label, default: [:]][seed] = shown }
    }
  }

  /// The values of a row by seed.
  /// - Parameters:
  ///   - label: The row's.
  ///   - sweep: Its sweep; nil where one sweep alone has it.
  /// - Returns: The values, as tables show them.
  /// - Throws: `InputError` when there is no such row, or several sweeps have one.
  func seeds(of label: String, in sweep: String?) throws -> [UInt64: Double] {
    let found = values.filter { (sweep == nil || $0.key == sweep) && $0.value[label] != nil }
    guard let first = found.first else {
      let known = Set(values.filter { sweep == nil || $0.key == sweep }.flatMap(\.value.keys)).sorted()
      throw InputError(
        "\(path): there is no \(metric.rawValue) of '\(label)'" + (sweep.map { " in \($0)" } ?? "")
          + "; there is of \(known.isEmpty ? "none" : known.joined(separator: ", "))")
    }
    guard found.count == 1 else {
      throw InputError(
        "\(path): \(found.keys.sorted().joined(separator: " and ")) have a row '\(label)': name one by --sweep")
    }
    return first.value[label] ?? [:]
  }
}

extension ComparisonFamily {
  /// Pairs of rows by each of several metrics, judged together.
  /// - Throws: `InputError` when a table has not the rows.
  package init(_ pairs: [(first: String, second: String)], by tables: [MetricsTable], sweep: String?) throws {
    self.init(
      try pairs.flatMap { pair in
        try tables.map { table in
          let (a, b) = (try table.seeds(of: pair.first, in: sweep), try table.seeds(of: pair.second, in: sweep))
          let badness = table.metric.badness
          let differences = a.keys.sorted().compactMap { seed in
            b[seed].map { badness(a[seed, default: .nan]) - badness($0) }
          }
          return Test(
            rows: "\(pair.first) − \(pair.second)", quantity: table.metric.comparedTitle,
            differences: Sample(differences))
        }
      })
  }
}

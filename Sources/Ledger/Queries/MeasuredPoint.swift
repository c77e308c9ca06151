package import Experiment
import GRDB
package import Records

/// What a checkpoint's showers came out as with its circuit measured so often.
package struct MeasuredPoint: Hashable, Sendable {
  /// The checkpoint's number.
  package var checkpoint: Int
  /// The device's name; `model`, `ideal`, or `none` for the trained circuit itself.
  package var device: String
  /// What was done about noise, separated by commas; "" for nothing.
  package var mitigation: String
  /// The shots for each circuit; nil for exact expectations.
  package var shots: Int?
  /// The metrics, with their uncertainties.
  package var values: [Metric: MetricValue]
}

extension Ledger {
  /// What was measured of a run's checkpoint that was measured last, ascending by shots, exact expectations at the end.
  package func measuredPoints(of run: String) throws -> [MeasuredPoint] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM measurements WHERE run = ?1 AND checkpoint =
            (SELECT checkpoint FROM measurements WHERE run = ?1 ORDER BY time DESC, checkpoint DESC LIMIT 1)
          ORDER BY device, mitigation, shots = 0, shots
          """, arguments: [run]
      ).map { row in
        let shots: Int = row["shots"]
        let values = Metric.allCases.compactMap { metric -> (Metric, MetricValue)? in
          let value: Double? = row[metric.rawValue]
          return value.map { (metric, MetricValue(value: $0, error: row["\(metric.rawValue)_error"])) }
        }
        return MeasuredPoint(
          checkpoint: row["checkpoint"], device: row["device"], mitigation: row["mitigation"],
          shots: shots == 0 ? nil : shots, values: Dictionary(uniqueKeysWithValues: values))
      }
    }
  }
}

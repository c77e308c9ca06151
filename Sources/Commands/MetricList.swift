import ArgumentParser
package import Experiment

/// Metrics as one argument: "held_out_chi2,fpd".
package struct MetricList: ExpressibleByArgument {
  /// The metrics in the order given, each once, at least one.
  package var values: [Metric]

  /// The metrics that an argument names; nil where a part names none, or one again.
  package init?(argument: String) {
    guard let values = argument.commaSeparated(Metric.init(rawValue:)), Set(values).count == values.count else {
      return nil
    }
    self.values = values
  }

  /// The names, as help has them.
  package static var allValueStrings: [String] { Metric.allCases.map(\.rawValue) }
}

import ArgumentParser
package import Experiment

/// Metrics as one argument: "held_out_chi2,fpd".
package typealias MetricList = NameList<Metric>
/// Families of metrics as one argument: "fpd,kpd,auc".
package typealias FamilyList = NameList<Metric.Family>

/// Some of an enumeration's names as one argument, separated by commas.
package struct NameList<Value: RawRepresentable<String> & CaseIterable & Hashable>: ExpressibleByArgument {
  /// The values in the order given, each once, at least one.
  package var values: [Value]

  /// The values that an argument names; nil where a part names none, or one again.
  package init?(argument: String) {
    guard let values = argument.commaSeparated(Value.init(rawValue:)), Set(values).count == values.count else {
      return nil
    }
    self.values = values
  }

  /// The names, as help has them.
  package static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
}

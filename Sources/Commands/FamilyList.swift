import ArgumentParser
package import Experiment

/// Families of metrics as one argument: "fpd,kpd,auc".
package struct FamilyList: ExpressibleByArgument {
  /// The families in the order given, each once, at least one.
  package var values: [Metric.Family]

  /// The families that an argument names; nil where a part names none, or one again.
  package init?(argument: String) {
    guard let values = argument.commaSeparated(Metric.Family.init(rawValue:)), Set(values).count == values.count
    else { return nil }
    self.values = values
  }

  /// The names, as help has them.
  package static var allValueStrings: [String] { Metric.Family.allCases.map(\.rawValue) }
}

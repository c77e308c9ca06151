package import Experiment
import Foundation

/// A sweep as it was started, the content of the workspace's `sweeps/<name>.json`.
package struct RecordedSweep: Codable, Hashable, Sendable {
  /// The version of the format that this software writes.
  package static let currentSchema = 1

  /// The version of the format that it was written in.
  package var schema: Int
  /// The plan as it was when the sweep was started.
  package var plan: SweepPlan
  /// The sweep file's path.
  package var source: String
  /// What was prepared for the data that the plan asks for; a row without a dataset has no runs yet.
  package var datasets: [RequestedDataset]

  package init(plan: SweepPlan, source: String, datasets: [RequestedDataset]) {
    self.schema = Self.currentSchema
    self.plan = plan
    self.source = source
    self.datasets = datasets
  }
}

/// The data that a sweep asks for, and the dataset prepared from them.
package struct RequestedDataset: Codable, Hashable, Sendable {
  /// The events that the plan asks for.
  package var request: DatasetRequest
  /// What was prepared for them.
  package var dataset: DatasetDescription

  package init(request: DatasetRequest, dataset: DatasetDescription) {
    self.request = request
    self.dataset = dataset
  }
}

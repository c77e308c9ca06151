public import Experiment
internal import Foundation

/// A sweep as it was started, the content of the workspace's `sweeps/<name>.json`.
public struct RecordedSweep: Codable, Hashable, Sendable {
  public static let currentSchema = 1

  public var schema: Int
  public var plan: SweepPlan
  /// The sweep file's path.
  public var source: String
  /// What was prepared for the data that the plan asks for; a row without a dataset has no runs yet.
  public var datasets: [PreparedDataset]

  public init(plan: SweepPlan, source: String, datasets: [PreparedDataset]) {
    self.schema = Self.currentSchema
    self.plan = plan
    self.source = source
    self.datasets = datasets
  }
}

/// The data that a sweep asks for, and the dataset prepared from them.
public struct PreparedDataset: Codable, Hashable, Sendable {
  public var request: DatasetRequest
  public var dataset: DatasetDescription

  public init(request: DatasetRequest, dataset: DatasetDescription) {
    self.request = request
    self.dataset = dataset
  }
}

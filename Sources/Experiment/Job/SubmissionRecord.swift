/// That a batch system has taken a submission: `submissions/<name>/submitted.json`, written when that is certain.
package struct SubmissionRecord: Codable, Hashable, Sendable {
  /// The sweep's name.
  package var sweep: String
  /// The site profile's name.
  package var site: String
  /// The name of the schedd that has the jobs, when known; queries and commands are addressed to it.
  package var schedd: String?
  /// The cluster; with a DAG it is DAGMan's own.
  package var cluster: Int
  /// The runs in the order of the cluster's procs; in a DAG each has a cluster of its own.
  package var runs: [String]
  /// How many runs each proc trains, one after the other; nil: one.
  package var packed: [Int]?
  /// Whether DAGMan runs the jobs.
  package var isDag: Bool
  /// Seconds since 1970-01-01 00:00 UTC.
  package var time: Double
  /// Seconds that the access point's local time was ahead of UTC then, which its event logs are written in; nil where it
  /// was not noted.
  package var utcOffset: Int?

  package init(
    sweep: String, site: String, schedd: String?, cluster: Int, runs: [String], packed: [Int]? = nil, isDag: Bool,
    time: Double, utcOffset: Int? = nil
  ) {
    self.sweep = sweep
    self.site = site
    self.schedd = schedd
    self.cluster = cluster
    self.runs = runs
    self.packed = packed
    self.isDag = isDag
    self.time = time
    self.utcOffset = utcOffset
  }

  /// The runs of each proc.
  package var jobs: [[String]] { Self.jobs(of: runs, packed) }

  /// The runs of each of several jobs, which have so many in turn; nil: one each.
  package static func jobs(of runs: [String], _ packed: [Int]?) -> [[String]] {
    guard let packed else { return runs.map { [$0] } }
    var rest = runs[...]
    return packed.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}

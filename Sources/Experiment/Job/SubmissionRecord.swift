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

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    sweep = try values.decode(String.self, forKey: .sweep)
    site = try values.decode(String.self, forKey: .site)
    schedd = try values.decodeIfPresent(String.self, forKey: .schedd)
    cluster = try values.decode(Int.self, forKey: .cluster)
    runs = try values.decode([String].self, forKey: .runs)
    packed = try values.decodeIfPresent([Int].self, forKey: .packed)
    isDag = try values.decode(Bool.self, forKey: .isDag)
    time = try values.decode(Double.self, forKey: .time)
    utcOffset = try values.decodeIfPresent(Int.self, forKey: .utcOffset)
    if let flaw = Self.flaw(of: packed, runs: runs.count) {
      throw DecodingError.dataCorruptedError(forKey: .packed, in: values, debugDescription: flaw)
    }
    if let utcOffset, !(-86_400...86_400 ~= utcOffset) {
      throw DecodingError.dataCorruptedError(
        forKey: .utcOffset, in: values, debugDescription: "\(utcOffset) s are more than a day")
    }
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

  /// Why several jobs cannot have so many runs in turn, a clause; nil when they can.
  package static func flaw(of packed: [Int]?, runs: Int) -> String? {
    guard let packed else { return nil }
    // Each by itself first: the sum of any two numbers need not fit an Int.
    let isSound = packed.allSatisfy { $0 > 0 && $0 <= runs } && packed.reduce(0, +) == runs
    return isSound ? nil : "the jobs do not have the \(runs) runs"
  }
}

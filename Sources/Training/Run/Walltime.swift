import Experiment

/// When this start of the worker must be over.
package struct Walltime: Hashable, Sendable {
  /// Seconds since 1970-01-01 00:00 UTC.
  package var start: Double
  /// Seconds from the start to the removal.
  package var limit: Double
  /// Seconds before the limit by which everything is saved.
  package var margin: Double

  /// - Parameters:
  ///   - start: Seconds since 1970-01-01 00:00 UTC.
  ///   - limit: Seconds from the start to the removal.
  ///   - margin: Seconds; nil for the standard margin of such a limit.
  package init(start: Double, limit: Double, margin: Double? = nil) {
    self.start = start
    self.limit = limit
    self.margin = margin ?? WalltimeMargin.standard(limit)
  }

  /// The time at which everything must be saved.
  package var deadline: Double { start + limit - margin }

  /// The walltime that HTCondor gives this job, from the file that `$_CONDOR_JOB_AD` names.
  ///
  /// The clock runs from JobCurrentStartDate, over all exits with 85; MaxRuntime is CERN's limit. The start is by the
  /// access point's clock. A machine on which the job would have begun after its deadline has another time: there the
  /// start is by its own clock, or the job would end at each of its starts.
  /// - Parameters:
  ///   - adPath: The job's ClassAd.
  ///   - begun: When the job was begun on this machine, by its own clock; nil where that is not known.
  ///   - margin: Seconds; nil for the standard margin of such a limit.
  /// - Returns: nil when the job has no limit.
  /// - Throws: `InputError` when the file cannot be read, lacks the start, or has numbers that no job has.
  package static func ofCondorJob(adPath: String, begun: Double? = nil, margin: Double?) throws -> Walltime? {
    let ad = try InputFile.bytes(
      of: adPath, "the job's ClassAd, of $_CONDOR_JOB_AD,", advice: "give --walltime in seconds")
    var numbers: [String: Double] = [:]
    for line in String(decoding: ad, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
      // Attribute names are not case-sensitive.
      if parts.count == 2, let value = Double(parts[1]) { numbers[parts[0].lowercased()] = value }
    }
    guard let limit = numbers["maxruntime"] else { return nil }
    guard let start = numbers["jobcurrentstartdate"] else {
      throw InputError(
        "\(adPath): the job's ClassAd has MaxRuntime but no JobCurrentStartDate; give --walltime in seconds")
    }
    if let flaw = Bounds.flaw("MaxRuntime", limit, Bounds.time)
      ?? Bounds.flaw("JobCurrentStartDate", start, Bounds.date)
    {
      throw InputError("\(adPath): the job's ClassAd: \(flaw); give --walltime in seconds")
    }
    let walltime = Walltime(start: start, limit: limit, margin: margin)
    guard let begun, begun >= walltime.deadline else { return walltime }
    return Walltime(start: begun, limit: limit, margin: margin)
  }
}

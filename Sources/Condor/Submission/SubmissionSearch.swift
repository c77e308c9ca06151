import Experiment
import Storage

extension Submitter {
  /// Finds out what became of a submission whose condor_submit was started, and records it.
  ///
  /// - Returns: The receipt; nil when it is certain that HTCondor has nothing of it. Its folder counts as unsent then.
  /// - Throws: `CondorError` when it is not certain; `StorageError`.
  package func settle(_ submission: Submission) async throws -> Submission.Receipt? {
    if let receipt = submission.receipt { return receipt }
    guard submission.token != nil else { return nil }
    let waited = try await tools.run("flock", ["--wait", "\(max(1, tools.timeout - 2))", submission.lock, "true"])
    guard waited.exit == 0 else {
      throw CondorError.silent(
        "\(submission.folder): a condor_submit that was started before is still at work; try again later")
    }
    if let found = try await find(submission) {
      try submission.record(found)
      return found
    }
    try submission.setAside()
    return nil
  }

  /// Looks for a submission's token at HTCondor.
  ///
  /// - Returns: nil when it is certain that nothing has been submitted.
  /// - Throws: `CondorError` when it is not.
  package func find(_ submission: Submission) async throws -> Submission.Receipt? {
    if let receipt = submission.receipt { return receipt }
    guard let token = submission.token else { return nil }
    var log = EventLogReader()
    _ = try? log.advance(submission.clusterLog)
    if let cluster = log.cluster { return submission.receipt(cluster: cluster, schedd: submission.schedd) }
    let name = submission.schedd.map { ["-name", $0] } ?? []
    let constraint = [
      "-constraint", "\(Self.attribute) == \"\(token)\"", "-limit", "1", "-af", "ClusterId", "GlobalJobId",
    ]
    // Jobs come into the history when they leave the queue: what left it before the token was made is not searched. The
    // access point's clock may differ by a day.
    let since =
      submission.markedTime.map { ["-since", "EnteredCurrentStatus < \(Int(saturating: $0) - 86_400)"] } ?? []
    for (program, options) in [("condor_q", []), ("condor_history", since)] {
      let lines: String
      do {
        lines = try await tools.output(program, name + options + constraint)
      } catch let error as CondorError {
        throw error.saying(Self.notKnown(submission, because: "\(error)"))
      }
      let words = lines.split(whereSeparator: \.isWhitespace)
      if words.count >= 2, let cluster = Int(words[0]) {
        return submission.receipt(cluster: cluster, schedd: words[1].split(separator: "#").first.map(String.init))
      }
    }
    if submission.schedd == nil {
      throw CondorError.silent(
        Self.notKnown(
          submission,
          because:
            "the schedd that it was sent to was not noted, and the one that was asked has nothing (`qcalo forget` gives it up)."
        )
      )
    }
    return nil
  }

  private static func notKnown(_ submission: Submission, because reason: String) -> String {
    "\(submission.folder): it is not known whether an interrupted submission has reached HTCondor, because "
      + "\(reason) Nothing was submitted; try again when the access point answers."
  }
}

extension Submission {
  /// When the token was made; seconds since 1970-01-01 00:00 UTC.
  fileprivate var markedTime: Double? {
    FileStatus(tokenFile)?.modified
  }
}

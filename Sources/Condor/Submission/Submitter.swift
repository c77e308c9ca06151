import Experiment
import Storage

/// Hands a written submission to HTCondor, once.
///
/// Before condor_submit starts, the folder gets a random token, which every job carries as the attribute
/// QcaloSubmission. A token without a receipt says that an earlier attempt was cut off: then the event log, the queue and
/// the history are asked for the token before anything is submitted.
package struct Submitter: Sendable {
  /// HTCondor's commands.
  package var tools: CondorTools
  /// Tests stop here, between two steps.
  var afterStep: @Sendable (Step) throws -> Void = { _ in }

  enum Step: CaseIterable { case token, submitted }

  package init(tools: CondorTools = CondorTools()) { self.tools = tools }

  /// The job attribute that carries the submission's token.
  package static let attribute = "QcaloSubmission"

  /// Submits, or finds out that this has happened.
  ///
  /// - Returns: HTCondor's receipt.
  /// - Throws: `CondorError`, also when it cannot be known whether the jobs are in the queue already; nothing is
  ///   submitted then.
  package func submit(_ submission: Submission) async throws -> Submission.Receipt {
    if let receipt = submission.receipt { return receipt }
    // condor_submit inherits this lock: as long as it runs, orphaned or not, nobody else gets past here.
    let lock = submission.folder + "/submit.lock"
    if submission.token != nil {
      let waited = try await tools.run("flock", ["--wait", "\(max(1, tools.timeout - 2))", lock, "true"])
      guard waited.exit == 0 else {
        throw CondorError.silent(
          "\(submission.folder): a condor_submit that was started before is still at work; try again later")
      }
      if let found = try await find(submission) {
        try submission.record(found)
        return found
      }
    } else {
      try DurableFile.write(Self.newToken() + "\n", to: submission.tokenFile, shared: true)
    }
    try afterStep(.token)
    let attribute = "+\(Self.attribute) = \"\(submission.token ?? "")\""
    let site = submission.manifest.site
    let command =
      submission.manifest.dag
      ? [
        tools.path("condor_submit_dag"), "-f", "-batch-name", submission.manifest.sweep, "-append", attribute,
        Submission.dagName,
      ]
      : [tools.path("condor_submit"), "-terse"] + (site.spool ? ["-spool"] : []) + [
        "-append", attribute, Submission.descriptionName,
      ]
    // Thousands of jobs take their time, and with -spool their files are copied.
    let outcome = try await tools.patient(site.spool ? 3600 : 300).run(
      "flock", ["--nonblock", lock] + command, in: submission.folder)
    guard outcome.exit == 0, let cluster = Self.cluster(in: outcome.output) else {
      throw Self.error(outcome, of: submission)
    }
    try afterStep(.submitted)
    let receipt = submission.receipt(cluster: cluster, schedd: await schedd(ofCluster: cluster))
    try submission.record(receipt)
    return receipt
  }

  /// Looks for the submission's token at HTCondor.
  ///
  /// - Returns: nil when it is certain that nothing has been submitted.
  /// - Throws: `CondorError` when it is not.
  package func find(_ submission: Submission) async throws -> Submission.Receipt? {
    if let receipt = submission.receipt { return receipt }
    guard let token = submission.token else { return nil }
    var log = EventLogReader()
    _ = try? log.advance(submission.clusterLog)
    if let cluster = log.cluster {
      return submission.receipt(cluster: cluster, schedd: await schedd(ofCluster: cluster))
    }
    let constraint = [
      "-constraint", "\(Self.attribute) == \"\(token)\"", "-limit", "1", "-af", "ClusterId", "GlobalJobId",
    ]
    for program in ["condor_q", "condor_history"] {
      let lines: String
      do {
        lines = try await tools.output(program, constraint)
      } catch let error as CondorError {
        throw error.saying(
          "\(submission.folder): it is not known whether an interrupted submission has reached HTCondor, because "
            + "\(error) Nothing was submitted; try again when the access point answers.")
      }
      let words = lines.split(whereSeparator: \.isWhitespace)
      if words.count >= 2, let cluster = Int(words[0]) {
        return submission.receipt(cluster: cluster, schedd: words[1].split(separator: "#").first.map(String.init))
      }
    }
    return nil
  }

  /// The schedd's name, from a job's global identifier; nil when it cannot be had.
  private func schedd(ofCluster cluster: Int) async -> String? {
    let text = try? await tools.output("condor_q", ["\(cluster)", "-limit", "1", "-af", "GlobalJobId"])
    return text?.split(separator: "#").first.map(String.init).flatMap { $0.contains("@") ? $0 : nil }
  }

  /// The cluster in what condor_submit -terse ("50.0 - 50.3") or condor_submit_dag ("… submitted to cluster 50.") printed.
  static func cluster(in output: String) -> Int? {
    for line in output.split(separator: "\n").reversed() {
      if let range = line.wholeMatch(of: /(\d+)\.\d+ - \d+\.\d+/) { return Int(range.1) }
      if let said = line.firstMatch(of: /submitted to cluster (\d+)/) { return Int(said.1) }
    }
    return nil
  }

  /// What condor_submit's failure means: a submit description that is not taken, or an access point out of reach.
  private static func error(_ outcome: CondorTools.Outcome, of submission: Submission) -> CondorError {
    let words = outcome.errors + outcome.output
    let sentence = "\(submission.folder): condor_submit did not take it: \(words)"
    let isOutOfReach = ["find address", "failed to connect", "connection refused", "timed out", "not responding"]
      .contains { words.lowercased().contains($0) }
    return isOutOfReach ? .silent(sentence) : .refused(sentence)
  }

  private static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

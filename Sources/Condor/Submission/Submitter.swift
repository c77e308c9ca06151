import Experiment
import Storage

/// Hands a written submission to HTCondor, once.
///
/// Before condor_submit starts, the folder gets a random token, which every job carries as the attribute
/// QcaloSubmission, and the name of the schedd. A token without a receipt says that an earlier attempt was cut off: then
/// the event log and that schedd's queue and history are asked for the token before anything is submitted. Who submits
/// does so within `Submission.alone`.
package struct Submitter: Sendable {
  /// HTCondor's commands.
  package var tools: CondorTools
  /// Tests stop here, between two steps.
  var afterStep: @Sendable (Step) throws -> Void = { _ in }

  enum Step: CaseIterable { case token, submitted }

  package init(tools: CondorTools = CondorTools()) { self.tools = tools }

  /// The job attribute that carries the submission's token.
  package static let attribute = "QcaloSubmission"

  /// The line of a submit description that gives jobs their token.
  static func attributeLine(_ token: String) -> String { "+\(attribute) = \"\(token)\"" }

  /// Submits, or finds out that this has happened.
  ///
  /// - Returns: HTCondor's receipt.
  /// - Throws: `CondorError`, also when it cannot be known whether the jobs are in the queue already; nothing is
  ///   submitted then. `StorageError`.
  package func submit(_ submission: Submission) async throws -> Submission.Receipt {
    if let receipt = try await settle(submission) { return receipt }
    let schedd = try await schedd()
    let token = Self.newToken()
    try submission.mark(token, schedd: schedd)
    try afterStep(.token)
    let site = submission.manifest.site
    // Thousands of jobs take their time, and with -spool their files are copied. The command inherits the lock: as long
    // as it runs, orphaned or not, nobody gets past `settle`.
    let outcome = try await tools.patient(site.spool ? 3600 : 300).run(
      "flock", ["--nonblock", submission.lock] + command(submission, token, schedd), in: submission.folder)
    guard outcome.exit == 0, let cluster = Self.cluster(in: outcome.output) else {
      throw Self.error(outcome, of: submission)
    }
    try afterStep(.submitted)
    let receipt = submission.receipt(cluster: cluster, schedd: schedd)
    try submission.record(receipt)
    return receipt
  }

  private func command(_ submission: Submission, _ token: String, _ schedd: String) -> [String] {
    if submission.manifest.dag {
      // It has no option for the schedd, other than one that copies everything to it.
      return [
        "env", "_CONDOR_SCHEDD_HOST=\(schedd)", tools.path("condor_submit_dag"), "-f", "-batch-name",
        submission.name, "-append", Self.attributeLine(token), Submission.dagName,
      ]
    }
    return [tools.path("condor_submit"), "-terse", "-name", schedd] + (submission.manifest.site.spool ? ["-spool"] : [])
      + ["-append", Self.attributeLine(token), Submission.descriptionName]
  }

  /// The name of the schedd that takes this machine's jobs, from itself.
  private func schedd() async throws -> String {
    let text = try await tools.output("condor_q", ["-totals"])
    guard let name = text.firstMatch(of: /-- Schedd: (\S+) :/) else {
      throw CondorError.silent(
        "condor_q does not name the schedd that jobs of this machine go to; nothing was submitted, try again later")
    }
    return String(name.1)
  }

  /// The cluster in what condor_submit -terse ("50.0 - 50.3") or condor_submit_dag ("… submitted to cluster 50.") printed.
  static func cluster(in output: String) -> Int? {
    for line in output.split(separator: "\n").reversed() {
      if let range = line.wholeMatch(of: /(\d+)\.\d+ - \d+\.\d+/) { return Int(range.1) }
      if let said = line.firstMatch(of: /submitted to cluster (\d+)/) { return Int(said.1) }
    }
    return nil
  }

  /// What condor_submit's failure means: an access point that is out of reach or does not take the jobs, or a submit
  /// description that is none.
  static func error(_ outcome: CondorTools.Outcome, of submission: Submission) -> CondorError {
    let words = outcome.errors + outcome.output
    let sentence = "\(submission.folder): condor_submit did not take it: \(words)"
    let isOutOfReach = ["find address", "failed to connect", "connection refused", "timed out", "not responding"]
      .contains { words.lowercased().contains($0) }
    if isOutOfReach { return .silent(sentence) }
    return words.contains("Failed to commit job submission into the queue") ? .refused(sentence) : .invalid(sentence)
  }

  private static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

import Experiment
import FoundationEssentials
import Glibc

/// The queue and the history, asked where the event log is out of reach or does not tell.
///
/// Asked by the submission's token: the same cluster number may be another's on a queue that was made anew.
struct Queue {
  var tools: CondorTools

  /// What is known of a submission's jobs there.
  struct Answer {
    /// The jobs that are in the queue or in the history.
    var jobs: [JobAnswer] = []
    /// The jobs that have ended and stay in the queue until their files are fetched, ascending by name.
    var waiting: [String] = []
    /// How many of the cluster's jobs have been made so far; nil where all are made at once, or none is there to tell.
    var made: Int?
  }

  /// The jobs of a submission, from condor_q and, as far as it lacks some, from condor_history.
  ///
  /// - Parameters:
  ///   - submission: The submission, which HTCondor has.
  ///   - receipt: Its receipt.
  ///   - isOver: Whether it is known already how a job has ended; the history is not searched for these.
  /// - Returns: Those that either of them has.
  /// - Throws: `CondorError` when one of the two does not answer clearly: nothing is known then, and nobody has ended.
  func answer(
    of submission: Submission, _ receipt: Submission.Receipt, isOver: (String) -> Bool
  ) async throws -> Answer {
    var answer = Answer()
    answer.jobs = Self.own(try await jobs("condor_q", ["-allusers"], submission, receipt), submission, receipt)
    answer.waiting = answer.jobs.filter { $0.phase == .ended && !Self.isRemoved($0) }.map(\.name).sorted()
    answer.made = answer.jobs.lazy.compactMap(\.made).first
    let present = Set(answer.jobs.flatMap { Self.runs(of: $0, submission) })
    let made = submission.manifest.jobs.prefix(answer.made ?? .max).joined()
    let isDag = submission.manifest.dag
    if isDag || made.contains(where: { !present.contains($0) && !isOver($0) }) {
      // Those that left the queue before the submission came need not be looked at; spooled jobs may stay for days. The
      // newest come first, and a job that is missed may have been the first of all.
      let all = submission.manifest.jobs.count + (isDag ? 1 : 0)
      let since = ["-since", "EnteredCurrentStatus < \(Int(saturating: receipt.time) - 1_000_000)", "-limit", "\(all)"]
      let known = Set(answer.jobs.map(\.name))
      answer.jobs += Self.own(try await jobs("condor_history", since, submission, receipt), submission, receipt)
        .filter { !known.contains($0.name) }
    }
    return answer
  }

  /// The runs that a job trains: a DAG's nodes are called like theirs, else the table's order is that of the procs.
  static func runs(of job: JobAnswer, _ submission: Submission) -> [String] {
    submission.manifest.dag ? job.run.map { [$0] } ?? [] : submission.manifest.runs(ofProc: job.proc)
  }

  private static func isRemoved(_ job: JobAnswer) -> Bool { if case .removed = job.end { true } else { false } }

  private func jobs(
    _ program: String, _ options: [String], _ submission: Submission, _ receipt: Submission.Receipt
  ) async throws -> [JobAnswer] {
    let token = "\(Submitter.attribute) == \"\(submission.token ?? "")\""
    let constraint = submission.manifest.dag ? "\(token) || DAGManJobId == \(receipt.cluster)" : token
    let name = receipt.schedd.map { ["-name", $0] } ?? []
    let text = try await tools.output(
      program,
      name + options + ["-constraint", constraint, "-json", "-attributes", JobAnswer.attributes.joined(separator: ",")])
    return try Self.jobs(text, of: program)
  }

  /// The jobs in what `-json` printed, which is nothing at all for no jobs.
  /// - Throws: `CondorError` when it is neither.
  static func jobs(_ text: String, of program: String) throws -> [JobAnswer] {
    if text.allSatisfy(\.isWhitespace) { return [] }
    do {
      return try JSONDecoder().decode([JobAnswer].self, from: Data(text.utf8))
    } catch {
      throw CondorError.silent("\(program) gave an answer that is none: \(text.prefix(80))")
    }
  }

  /// Those that carry the token, and the nodes of a DAGMan job that does.
  private static func own(
    _ jobs: [JobAnswer], _ submission: Submission, _ receipt: Submission.Receipt
  ) -> [JobAnswer] {
    let ours = jobs.filter { $0.token == submission.token }
    guard submission.manifest.dag, ours.contains(where: { $0.cluster == receipt.cluster }) else { return ours }
    return ours + jobs.filter { $0.token != submission.token && $0.dagman == receipt.cluster }
  }

  /// Brings back what a job that is over has left at the access point, and then lets it go.
  /// - Throws: `CondorError`.
  func fetch(_ job: String, _ receipt: Submission.Receipt, into folder: String) async throws {
    let arguments = (receipt.schedd.map { ["-name", $0] } ?? []) + [job]
    // As -spool: files are copied, checkpoints of hundreds of megabytes among them.
    _ = try await tools.patient(3600).output("condor_transfer_data", arguments, in: folder)
    // The access point's are the only others.
    Glibc.sync()
    _ = try await tools.output("condor_rm", arguments)
  }
}

import Experiment

/// Jobs of one submission that a command is meant for, and what it did to them.
struct JobSelection {
  let entry: CondorState.Entry
  /// The runs that are meant.
  let runs: [String]
  /// Whether nothing else of the submission is there: the command reaches what is not in the queue yet, too.
  private let isWhole: Bool
  private let token: String
  /// The number of each run's job in the cluster.
  private let procs: [String: Int]

  /// The jobs of some of a submission's runs.
  /// - Throws: `CondorError` when the submission has not been seen at HTCondor, or a job has other runs, too.
  init(_ runs: [String], of entry: CondorState.Entry) throws {
    guard entry.receipt != nil, let token = entry.submission.token else {
      throw CondorError.silent("it was cut off, and it is not known whether it has reached HTCondor; try again later")
    }
    let manifest = entry.submission.manifest
    let chosen = Set(runs)
    for job in manifest.jobs where job.contains(where: chosen.contains) && !job.allSatisfy(chosen.contains) {
      let others = job.filter { !chosen.contains($0) }
      throw CondorError.refused(
        "\(job.first(where: chosen.contains) ?? "a run") shares its job with \(others.joined(separator: ", ")), and "
          + "what is done to one is done to all: name the submission")
    }
    self.entry = entry
    self.runs = runs
    self.token = token
    procs = manifest.procs
    isWhole = manifest.runs.allSatisfy { chosen.contains($0) || entry.jobs[$0]?.phase == .ended }
  }

  /// Which jobs are meant, for HTCondor.
  ///
  /// They are known by the token: on a queue that was made anew, the numbers belong to others.
  /// - Parameter sparingDagman: Whether DAGMan's own job is left out, which would not take its nodes along.
  /// - Returns: An expression about a job's ClassAd.
  func constraint(sparingDagman: Bool) -> String {
    let isDag = entry.submission.manifest.dag
    var parts = ["\(Submitter.attribute) == \"\(token)\""]
    if isDag && sparingDagman { parts.append("JobUniverse != 7") }
    if !isWhole {
      let numbers = Set(runs.compactMap { isDag ? entry.jobs[$0]?.cluster : procs[$0] }).sorted()
      parts.append("member(\(isDag ? "ClusterId" : "ProcId"), {\(numbers.map(String.init).joined(separator: ","))})")
    }
    return parts.joined(separator: " && ")
  }

  /// Adds to a report what became of each run by HTCondor's answer.
  /// - Parameters:
  ///   - result: The answer.
  ///   - verb: What was asked.
  ///   - report: Gets the runs.
  func sort(_ result: ActionResult, _ verb: JobControl.Verb, into report: inout JobControl.Report) {
    for run in runs {
      let job =
        entry.submission.manifest.dag
        ? entry.jobs[run].map { "\($0.cluster).\($0.proc)" }
        : procs[run].flatMap { number in entry.receipt.map { "\($0.cluster).\(number)" } }
      switch job.flatMap({ result.jobs[$0] }) {
      case .done: report.done.append(run)
      case .alreadyDone, .badStatus: report.notDone[verb.nothingToDo, default: []].append(run)
      case .permissionDenied: report.notDone["not yours to change", default: []].append(run)
      case nil where isNotThereYet(run) && isWhole && result.hasFactory: report.done.append(run)
      // Of jobs that are there and not held, condor_release says nothing.
      case nil where verb == .release && !isNotThereYet(run):
        report.notDone["not held" + (entry.jobs[run]?.phase == .held ? " any more" : ""), default: []].append(run)
      case .error, .notFound, nil: report.notDone[whyNotThere(run), default: []].append(run)
      }
    }
  }

  /// Adds the runs to a report by how many jobs were changed.
  func sort(_ count: Int, into report: inout JobControl.Report) {
    let jobs = Set(runs.compactMap { entry.submission.manifest.dag ? entry.jobs[$0]?.cluster : procs[$0] }).count
    if count >= jobs {
      report.done += runs
    } else {
      report.failures.append(
        "\(entry.submission.name): HTCondor has changed \(count) of \(jobs) jobs; the others are not in the queue")
    }
  }

  func failure(_ program: String, _ outcome: CondorTools.Outcome) -> CondorError {
    .silent("\(program) \(outcome.exit.map { "ended with exit code \($0)" } ?? "was killed"): \(outcome.complaint)")
  }

  private func isNotThereYet(_ run: String) -> Bool { entry.jobs[run] == nil && !entry.isOver }

  private func whyNotThere(_ run: String) -> String {
    isNotThereYet(run)
      ? "not in the queue yet (name the submission, \(entry.submission.name), or do it again once they are)"
      : "not in the queue" + (entry.submission.schedd.map { " of \($0)" } ?? "") + " any more"
  }
}

/// What HTCondor did to each job, from the ad that its tools print with `-long`.
struct ActionResult {
  /// What became of a job, by HTCondor's number for it.
  enum Outcome: Int {
    case error, done, notFound, badStatus, alreadyDone, permissionDenied
  }
  /// The outcomes by `cluster.proc`.
  private(set) var jobs: [String: Outcome] = [:]
  /// Whether it was done to a whole cluster with jobs that are not in the queue yet.
  private(set) var hasFactory = false

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      if let match = line.wholeMatch(of: /job_(\d+)_(\d+) = (\d+)/) {
        jobs["\(match.1).\(match.2)"] = Int(match.3).flatMap(Outcome.init) ?? .error
      } else if line.wholeMatch(of: /cluster_\d+ = 1/) != nil {
        hasFactory = true
      }
    }
  }
}

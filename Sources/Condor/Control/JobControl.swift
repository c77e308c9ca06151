import Experiment

/// Hold, release and cancel, and another priority: of a sweep, a variant or a run.
///
/// HTCondor is told, and answers, whatever was last known of the jobs.
package struct JobControl: Sendable {
  /// What a user can ask of jobs, under the name of qcalo's subcommand.
  package enum Verb: String, CaseIterable, Sendable {
    case hold, release, cancel

    var program: String {
      switch self {
      case .hold: "condor_hold"
      case .release: "condor_release"
      case .cancel: "condor_rm"
      }
    }

    /// Why it did nothing to a job that is there, as a clause.
    var nothingToDo: String {
      switch self {
      case .hold: "already held"
      case .release: "not held"
      case .cancel: "already removed"
      }
    }
  }

  /// What was done to which runs, and what not, and why.
  package struct Report: Sendable {
    /// The runs whose jobs HTCondor says that it did it to.
    package var done: [String] = []
    /// The runs that nothing was done to, by the reason, a clause.
    package var notDone: [String: [String]] = [:]
    /// A sentence for each submission where it could not be done.
    package var failures: [String] = []

    /// Whether it was done to anything, and nothing failed.
    package var isSuccess: Bool { failures.isEmpty && !done.isEmpty }
  }

  /// The submissions, which say in what job each run is.
  package var state: CondorState
  /// HTCondor's commands.
  package var tools: CondorTools

  package init(state: CondorState, tools: CondorTools = CondorTools()) {
    self.state = state
    self.tools = tools
  }

  /// The runs in submissions that a name stands for.
  ///
  /// - Parameter name: A sweep's name, a submission's, a variant's, or a run.
  /// - Returns: The runs, sorted by name; at least one.
  /// - Throws: `InputError` when it stands for none.
  package func runs(named name: String) throws -> [String] {
    let all = state.runs
    let matching = all.filter { run, place in
      run == name || place.entry.submission.manifest.sweep == name || place.entry.submission.name == name
        || run.wholeMatch(of: /(.+)-s\d+-[0-9a-f]+/).map { $0.1 == name } ?? false
    }
    guard !matching.isEmpty else {
      let sweeps = Set(state.entries.map(\.submission.manifest.sweep)).sorted().joined(separator: ", ")
      throw InputError(
        "'\(Quoting.shown(name))' is no submitted sweep, submission, variant or run"
          + (sweeps.isEmpty ? "; nothing has been submitted from this workspace" : "; submitted sweeps: \(sweeps)"))
    }
    return matching.keys.sorted()
  }

  /// Tells HTCondor to do it to the runs' jobs, by one command for each submission.
  package func apply(_ verb: Verb, to runs: [String]) async -> Report {
    await forEachSubmission(of: runs) { jobs, report in
      let reason = verb == .release ? [] : ["-reason", "qcalo \(verb.rawValue)"]
      let outcome = try await tools.run(
        verb.program,
        jobs.entry.submission.address + reason + [
          "-long", "-constraint", jobs.constraint(sparingDagman: verb == .hold),
        ])
      guard outcome.output.contains("ActionResult") else { throw jobs.failure(verb.program, outcome) }
      jobs.sort(ActionResult(outcome.output), verb, into: &report)
    }
  }

  /// Has the runs' jobs start before others of the same user, or after them.
  /// - Parameters:
  ///   - priority: Those with a higher one start first; 0 is usual.
  ///   - runs: The runs.
  /// - Returns: The runs of a submission as done if HTCondor has set it for all of their jobs.
  package func prioritize(_ priority: Int, _ runs: [String]) async -> Report {
    await forEachSubmission(of: runs) { jobs, report in
      let outcome = try await tools.run(
        "condor_qedit",
        jobs.entry.submission.address + ["-constraint", jobs.constraint(sparingDagman: true), "JobPrio", "\(priority)"])
      let count = (outcome.output + outcome.errors).firstMatch(of: /for (\d+) matching jobs?/).flatMap { Int($0.1) }
      guard let count, outcome.exit == 0 else { throw jobs.failure("condor_qedit", outcome) }
      jobs.sort(count, into: &report)
    }
  }

  private func forEachSubmission(
    of runs: [String], _ act: (JobSelection, inout Report) async throws -> Void
  ) async -> Report {
    var report = Report()
    let places = state.runs
    let bySubmission = Dictionary(grouping: runs.filter { places[$0] != nil }) { places[$0]!.entry.submission.folder }
    for (_, runs) in bySubmission.sorted(by: { $0.key < $1.key }) {
      guard let entry = runs.first.flatMap({ places[$0]?.entry }) else { continue }
      do {
        try await act(JobSelection(runs.sorted(), of: entry), &report)
      } catch {
        report.failures.append("\(entry.submission.name): \(error)")
      }
    }
    report.done.sort()
    return report
  }
}

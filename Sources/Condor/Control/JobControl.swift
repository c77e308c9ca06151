import Experiment

/// Hold, release and cancel: of a sweep, a variant or a run.
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

    /// Whether it does anything to a job in this phase.
    func concerns(_ phase: JobState.Phase?) -> Bool {
      switch (self, phase) {
      case (_, .ended): false
      case (.hold, .held): false
      case (.release, let phase): phase == .held
      case (.cancel, _), (.hold, _): true
      }
    }
  }

  /// What was done to which runs, and what not, and why.
  package struct Report: Sendable {
    /// The runs whose jobs HTCondor was told about without an error.
    package var done: [String] = []
    /// A sentence for each submission where it could not be done.
    package var failures: [String] = []
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

  /// Does it, one command for each cluster.
  package func apply(_ verb: Verb, to runs: [String]) async -> Report {
    var report = Report()
    let places = state.runs
    let bySubmission = Dictionary(grouping: runs.filter { places[$0] != nil }) { places[$0]!.entry.submission.folder }
    for (_, runs) in bySubmission.sorted(by: { $0.key < $1.key }) {
      guard let entry = runs.first.flatMap({ places[$0]?.entry }) else { continue }
      guard let receipt = entry.receipt else {
        report.failures.append(
          "\(entry.submission.name): its submission was cut off; run `qcalo submit` again, which finds out what became of it"
        )
        continue
      }
      let concerned = runs.filter { verb.concerns(places[$0]?.job?.phase) }.sorted()
      let jobs = targets(verb, concerned, entry, receipt)
      guard !jobs.isEmpty else { continue }
      let name = receipt.schedd.map { ["-name", $0] } ?? []
      let reason = verb == .hold ? ["-reason", "qcalo hold"] : verb == .cancel ? ["-reason", "qcalo cancel"] : []
      do {
        // Long lists in parts: a command line has its limits.
        var rest = jobs[...]
        while !rest.isEmpty {
          _ = try await tools.output(verb.program, name + reason + rest.prefix(500))
          rest = rest.dropFirst(500)
        }
        report.done += concerned
      } catch {
        report.failures.append("\(entry.submission.name): \(error)")
      }
    }
    return report
  }

  /// The whole cluster where all of it is meant: that reaches the jobs that are not in the queue yet, too.
  private func targets(
    _ verb: Verb, _ runs: [String], _ entry: CondorState.Entry, _ receipt: Submission.Receipt
  ) -> [String] {
    let alive = entry.submission.manifest.runs.filter { entry.jobs[$0]?.phase != .ended }
    // To hold DAGMan would not hold its nodes.
    if verb == .cancel || verb == .hold && !entry.submission.manifest.dag, Set(alive) == Set(runs) {
      return runs.isEmpty ? [] : ["\(receipt.cluster)"]
    }
    return runs.compactMap { run in
      if let job = entry.jobs[run] { return "\(job.cluster).\(job.proc)" }
      guard !entry.submission.manifest.dag else { return nil }
      return entry.submission.manifest.runs.firstIndex(of: run).map { "\(receipt.cluster).\($0)" }
    }
  }
}

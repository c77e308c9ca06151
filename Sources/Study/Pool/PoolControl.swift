package import Condor
package import Ledger
import Storage

/// Hold, release, cancel and priorities of a workspace's runs at HTCondor.
package struct PoolControl {
  let workspace: Workspace
  let tools: CondorTools
  let say: (String) -> Void

  /// - Parameters:
  ///   - workspace: Where the runs were submitted from.
  ///   - tools: HTCondor's programs.
  ///   - say: Takes what a person should know meanwhile.
  package init(_ workspace: Workspace, tools: CondorTools = CondorTools(), say: @escaping (String) -> Void) {
    (self.workspace, self.tools, self.say) = (workspace, tools, say)
  }

  /// Does it to the runs that a name stands for.
  ///
  /// What became of submissions that were cut off is found out first; one that has never reached HTCondor is set aside.
  /// - Parameters:
  ///   - verb: What is done.
  ///   - name: A sweep's name, a submission's, a variant's, or a run.
  /// - Returns: The runs that are meant, and what was done to them.
  /// - Throws: `InputError` when the name stands for nothing; `StorageError`.
  package func apply(_ verb: JobControl.Verb, to name: String) async throws -> (
    runs: [String], report: JobControl.Report
  ) {
    let (control, runs, unsent) = try await settled(name)
    var report = await control.apply(verb, to: runs.filter { !unsent.contains($0) })
    if verb == .cancel {
      report.done = (report.done + unsent).sorted()
    } else if !unsent.isEmpty {
      report.notDone["never submitted"] = unsent.sorted()
    }
    return (runs, report)
  }

  /// Has the runs that a name stands for start before others of the same user, or after them.
  /// - Parameters:
  ///   - priority: Those with a higher one start first; 0 is usual.
  ///   - name: A sweep's name, a submission's, a variant's, or a run.
  /// - Returns: The runs that are meant, and what was done to them.
  /// - Throws: `InputError` when the name stands for nothing; `StorageError`.
  package func prioritize(_ priority: Int, _ name: String) async throws -> (runs: [String], report: JobControl.Report) {
    let (control, runs, unsent) = try await settled(name)
    var report = await control.prioritize(priority, runs.filter { !unsent.contains($0) })
    if !unsent.isEmpty { report.notDone["never submitted"] = unsent.sorted() }
    return (runs, report)
  }

  /// The runs that a name stands for, and those of them that were in a submission which has never reached HTCondor.
  private func settled(_ name: String) async throws -> (JobControl, runs: [String], unsent: Set<String>) {
    var control = JobControl(state: await CondorState.read(workspace.path, tools: tools), tools: tools)
    let runs = try control.runs(named: name)
    let cutOff = Set(runs.compactMap { run in control.state.runs[run]?.entry.submission }.filter(\.isCutOff))
    guard !cutOff.isEmpty else { return (control, runs, []) }
    let unsent: [[String]] = try await Submission.alone(in: workspace.path, say: say) {
      var unsent: [[String]] = []
      for submission in cutOff.sorted(by: { $0.name < $1.name }) {
        do {
          if try await Submitter(tools: tools).settle(submission) == nil {
            say("\(submission.name) has never reached HTCondor: it is set aside")
            unsent.append(submission.manifest.runs)
          }
        } catch let error as CondorError {
          say("\(error)")
        }
      }
      return unsent
    }
    control.state = await CondorState.read(workspace.path, tools: tools)
    // What an earlier submission of theirs has left is over.
    return (control, runs, Set(unsent.joined()).intersection(runs))
  }
}

package import Condor
import Experiment
import Foundation
package import Ledger
import Records
package import Reports

/// What HTCondor says of a workspace's runs, beside what their journals say.
///
/// While a job is away its journal is too: what is known of it is its event log.
package struct PoolStatus: Sendable {
  private let workspace: Workspace
  private let runs: [String: (entry: CondorState.Entry, job: JobState?)]
  /// The process on this machine that sees to a run, where one does.
  private let here: [String: Int32]

  /// What is at HTCondor now; nothing is changed there.
  /// - Parameters:
  ///   - workspace: Where the submissions lie.
  ///   - tools: HTCondor's programs.
  ///   - now: The present time; seconds since 1970-01-01 00:00 UTC.
  package init(
    _ workspace: Workspace, tools: CondorTools = CondorTools(), now: Double = Date().timeIntervalSince1970
  ) async {
    self.workspace = workspace
    runs = await CondorState.read(workspace.path, tools: tools, now: now).runs
    here = HereQueue.processes(in: workspace)
  }

  /// What is at HTCondor now, after what spooled jobs have left there was brought back.
  package init(bringingBackTo workspace: Workspace) async {
    self.workspace = workspace
    runs = await CondorState.bringBack(workspace.path).runs
    here = HereQueue.processes(in: workspace)
  }

  /// Whether nothing has been submitted from the workspace.
  package var isEmpty: Bool { runs.isEmpty }

  /// Whether the process of an attempt lives: asked here first, then at HTCondor.
  package func evidence(_ attempt: Attempt) -> ProcessEvidence {
    let here = ProcessEvidence.onThisMachine(attempt)
    guard here == .unknown, let (entry, job) = runs[attempt.run], entry.unknown(of: attempt.run) == nil else {
      return here
    }
    if !entry.isOver, [.running, .suspended].contains(job?.phase) { return .alive }
    // Of one that began later, on another machine, it knows nothing.
    let known = job?.since ?? entry.submission.forgotten ?? entry.receipt?.time
    return known.map { attempt.started <= $0 + 2 } ?? false ? .gone : .unknown
  }

  /// How HTCondor puts it; nil for a run that it does not have.
  package func sentence(_ run: String) -> String? {
    guard let (entry, job) = runs[run] else { return nil }
    let site = entry.submission.manifest.site
    let known =
      job.map { CondorState.sentence($0, heldHours: site.rules.heldHours) }
      ?? (entry.isOver
        ? entry.submission.forgotten == nil ? "left the queue before it began" : "given up by `qcalo forget`"
        : entry.receipt == nil ? "its submission was cut off; `qcalo submit` goes on" : Self.notYet(entry))
    let unknown =
      entry.unknown(of: run).map { "unknown since \(CondorState.clock($0.since)) (\($0.reason)), before: " } ?? ""
    let waiting = entry.waiting.contains(run) ? "; its files wait there, `qcalo collect` fetches them" : ""
    return unknown + known + waiting + (isLost(run) ? ", and brought no journal back: nothing of it counts" : "")
  }

  /// Whether a job is over by itself and has left nothing of what it did.
  private func isLost(_ run: String) -> Bool {
    guard let (entry, job) = runs[run], job?.phase == .ended, !entry.waiting.contains(run) else { return false }
    switch job?.end {
    case .removed, .forgotten: return false
    case .exited, .signalled, nil: return !entry.submission.hasBroughtBack(run)
    }
  }

  /// How a job is of which HTCondor has said nothing yet.
  private static func notYet(_ entry: CondorState.Entry) -> String {
    entry.isHeld
      ? "held before it came into the queue, with its submission: qcalo release \(entry.submission.name)"
      : "in the queue"
  }

  /// The state of a run that is still there; nil for one that has left, or never was there.
  func state(_ run: String) -> String? {
    guard let (entry, job) = runs[run], entry.waiting.contains(run) || !entry.isOver && job?.phase != .ended else {
      return nil
    }
    return word(run)?.state
  }

  /// What HTCondor says of a run; nil for one that it does not have.
  private func word(_ run: String) -> PoolWord? {
    guard let (entry, job) = runs[run], let sentence = sentence(run) else { return nil }
    func word(_ state: String?, _ next: String?) -> PoolWord { PoolWord(state: state, next: next, sentence: sentence) }
    let name = entry.submission.name
    if entry.waiting.contains(run) { return word("waiting", "fetch its files: `qcalo collect`") }
    if entry.unknown(of: run) != nil { return word("unknown", "wait, or give it up: `qcalo forget \(name)`") }
    if case .removed = job?.end, !entry.submission.hasBroughtBack(run) {
      return word("removed", "submit it again: `qcalo resume`")
    }
    if isLost(run) {
      return word("lost", "see submissions/\(name)/err/\(run).err, then submit it again: `qcalo resume`")
    }
    if entry.isOver { return word(nil, nil) }
    switch job?.phase {
    case .running: return word("running", "wait")
    case .suspended: return word("suspended", "wait")
    case .held: return word("held", "see HTCondor")
    case nil where entry.isHeld: return word("held", "see HTCondor")
    case .idle, nil: return word("queued", "wait")
    case .ended: return word(nil, nil)
    }
  }

  /// Whether a process on this machine will come to a run that nobody trains now.
  func isQueuedHere(_ status: RunStatus) -> Bool {
    switch status.state {
    case .planned, .interrupted, .resumable, .failed, .storageFailure, .unknown: here[status.run] != nil
    case .running, .finished, .diverged, .missing: false
    }
  }

  /// Who works on a run, or may, a clause; nil when nobody does.
  func work(on status: RunStatus) -> String? {
    if let state = state(status.run) { return "at HTCondor (\(state))" }
    if [.running, .unknown].contains(status.state) { return "being trained, as far as can be told" }
    if isQueuedHere(status) { return "queued on this machine" }
    return RunFolder(workspace.runFolder(status.run)).holder.map { "held by \($0)" }
  }

  /// What HTCondor says of a run, or that a process on this machine will come to it; nil where its journals say all.
  private func word(_ status: RunStatus) -> PoolWord? {
    if let word = word(status.run) { return word }
    guard isQueuedHere(status), let pid = here[status.run] else { return nil }
    return PoolWord(state: "queued", next: "wait: `qcalo run`, process \(pid), comes to it", sentence: nil)
  }

  /// Where runs stand: those of a sweep, or all of the workspace.
  /// - Parameters:
  ///   - sweep: The sweep's name; nil for all of the workspace.
  ///   - title: The table's, without the sweep's name.
  ///   - ledger: Has the runs.
  /// - Returns: A row for each run, with where it is at HTCondor if any is there.
  /// - Throws: `LedgerError`.
  package func table(of sweep: String?, title: String = "", in ledger: Ledger) throws -> TextTable {
    let statuses = try ledger.statuses(sweep: sweep, process: evidence)
    let words = Dictionary(
      uniqueKeysWithValues: statuses.compactMap { status in word(status).map { (status.run, $0) } })
    return TextTable(
      statuses, rehearsals: try ledger.rehearsals(), pool: words,
      title: (sweep.map { "Status of \($0)" } ?? "Status") + title)
  }

  /// Why a run will start, resume or not, and what its workers had to tell: a line each.
  /// - Parameters:
  ///   - name: The run's name, or the beginning of one.
  ///   - ledger: Has the run.
  /// - Returns: The lines, the run's state first.
  /// - Throws: `LedgerError`.
  package func explanation(of name: String, in ledger: Ledger) throws -> [String] {
    let status = try ledger.status(of: name, process: evidence)
    let here = sentence(status.run).map { " At HTCondor: \($0)." } ?? ""
    let rehearsals = try ledger.rehearsals()
    let worker = status.platform.map { " Trained by \($0.sentence(rehearsals[$0]))." } ?? ""
    let name = word(status)?.state ?? status.state.rawValue
    let state = "\(status.run) is \(name). \(status.explanation)\(here)\(worker)"
    return ["\(state) Next: \(word(status)?.next ?? status.nextStep)."]
      + (try ledger.notices(of: status.run).map { "Attempt \($0.attempt): \($0.text)" })
  }
}

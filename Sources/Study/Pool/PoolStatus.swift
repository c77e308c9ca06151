import Condor
package import Ledger
package import Reports

/// What HTCondor says of a workspace's runs, beside what their journals say.
///
/// While a job is away its journal is too: what is known of it is its event log.
package struct PoolStatus {
  private let runs: [String: (entry: CondorState.Entry, job: JobState?)]

  /// What is at HTCondor now; nothing is changed there.
  package init(_ workspace: Workspace) async { runs = await CondorState.read(workspace.path).runs }

  /// Whether nothing has been submitted from the workspace.
  package var isEmpty: Bool { runs.isEmpty }

  /// Whether the process of an attempt lives: asked here first, then at HTCondor.
  package func evidence(_ attempt: Attempt) -> ProcessEvidence {
    let here = ProcessEvidence.onThisMachine(attempt)
    guard here == .unknown, let (entry, job) = runs[attempt.run], entry.unknown == nil else { return here }
    switch job?.phase {
    case .running, .suspended: return .alive
    case .idle, .held, .ended, nil: return .gone
    }
  }

  /// How HTCondor puts it, with its own words on a held job if `details`; nil for a run that it does not have.
  package func sentence(_ run: String, details: Bool = true) -> String? {
    guard let (entry, job) = runs[run] else { return nil }
    let site = entry.submission.manifest.site
    let known =
      job.map { CondorState.sentence($0, heldHours: site.rules.heldHours, details: details) }
      ?? (entry.receipt == nil ? "its submission was cut off; `qcalo submit` goes on" : "in the queue")
    let unknown = entry.unknown.map { "unknown since \(CondorState.clock($0.since)) (\($0.reason)), before: " } ?? ""
    let waiting = entry.waiting.contains(run) ? "; its files wait there, `qcalo collect` fetches them" : ""
    return unknown + known + waiting
  }

  /// The state of a run that is still there; nil for one that has left, or never was there.
  private func state(_ run: String) -> String? {
    guard let (entry, job) = runs[run], !entry.isOver, job?.phase != .ended else { return nil }
    if entry.unknown != nil { return "unknown" }
    switch job?.phase {
    case .running: return "running"
    case .suspended: return "suspended"
    case .held: return "held"
    case .idle, .ended, nil: return "queued"
    }
  }

  /// A table of runs, with what HTCondor has as their state, and its words in a column.
  package func joined(to table: TextTable) -> TextTable {
    func index(_ key: String) -> Int? { table.columns.firstIndex { $0.key == key } }
    guard let run = index("run"), let state = index("state"), let next = index("next") else { return table }
    var table = table
    var sentences: [String?] = []
    for row in table.rows.indices {
      guard case .text(let name) = table.rows[row][run] else { continue }
      sentences.append(sentence(name, details: false))  // which are long: `why` has them
      guard let phase = self.state(name) else { continue }
      table.rows[row][state] = .text(phase)
      table.rows[row][next] = phase == "held" ? .text("see HTCondor") : .text("wait")
    }
    guard sentences.contains(where: { $0 != nil }) else { return table }
    table.columns.append(Column("at HTCondor", key: "condor"))
    for row in table.rows.indices { table.rows[row].append(Cell(sentences[row])) }
    return table
  }
}

extension PoolStatus {
  /// Where runs stand: those of a sweep, or all of the workspace.
  /// - Parameters:
  ///   - sweep: The sweep's name; nil for all of the workspace.
  ///   - title: The table's, without the sweep's name.
  ///   - ledger: Has the runs.
  /// - Returns: A row for each run, with where it is at HTCondor if any is there.
  /// - Throws: `LedgerError`.
  package func table(of sweep: String?, title: String = "", in ledger: Ledger) throws -> TextTable {
    let statuses = try ledger.statuses(sweep: sweep, process: evidence)
    let table = TextTable(
      statuses, rehearsals: try ledger.rehearsals(), title: (sweep.map { "Status of \($0)" } ?? "Status") + title)
    return joined(to: table)
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
    let state = "\(status.run) is \(status.state.rawValue). \(status.explanation)\(here)\(worker)"
    return ["\(state) Next: \(status.nextStep)."]
      + (try ledger.notices(of: status.run).map { "Attempt \($0.attempt): \($0.text)" })
  }
}

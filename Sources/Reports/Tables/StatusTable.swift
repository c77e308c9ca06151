import Experiment
package import Ledger

/// What HTCondor or a `qcalo run` at work says of a run, beside what its journals say.
package struct PoolWord: Hashable, Sendable {
  /// The run's state, in a word; nil where the journals' counts.
  package var state: String?
  /// What can be done, in a clause; nil where the journals' counts.
  package var next: String?
  /// How HTCondor puts it; nil where it does not have the run.
  package var sentence: String?

  package init(state: String?, next: String?, sentence: String?) {
    (self.state, self.next, self.sentence) = (state, next, sentence)
  }
}

extension TextTable {
  /// Where runs stand and what can be done.
  /// - Parameters:
  ///   - statuses: The runs', a row each.
  ///   - rehearsals: What has been rehearsed; nil to say nothing of it.
  ///   - pool: What HTCondor says of runs that it has, or had.
  ///   - title: The table's.
  package init(
    _ statuses: [RunStatus], rehearsals: [Platform: RehearsalSummary]? = nil, pool: [String: PoolWord] = [:],
    title: String = ""
  ) {
    var columns: [Column] = [
      Column("run", importance: 9), Column("model", key: "label", importance: 8), Column(detail: "variant"),
      Column(detail: "seed"), Column("state", importance: 9), Column("checkpoint", importance: 7),
      Column("of", key: "budget_checkpoints", importance: 6, isSaidOnce: true), Column(detail: "budget_seconds"),
      Column("best χ²/NDF", key: "best_reduced", importance: 5), Column("at", key: "best_checkpoint", importance: 4),
      Column("attempts", importance: 1, isSaidOnce: true), Column("trained", importance: 3),
      Column(detail: "training_seconds"), Column("lost", importance: 1, isSaidOnce: true),
      Column(detail: "lost_seconds"), Column("ended because", key: "ended", importance: 0, isSaidOnce: true),
      Column("next step", key: "next", importance: 2, isSaidOnce: true), Column("tags", importance: 6),
      Column("note", importance: 2),
    ]
    let isAtPool = statuses.contains { pool[$0.run]?.sentence != nil }
    if isAtPool { columns.append(Column("at HTCondor", key: "condor")) }
    let rows = statuses.map { status -> [Cell] in
      let word = pool[status.run]
      return [
        .text(status.run), .text(status.label), .text(status.variant), Cell(seed: status.seed),
        .text(word?.state ?? status.state.rawValue), Cell(status.lastCheckpoint), Cell(status.budget.checkpoints),
        Cell(status.budget.trainingSeconds), Cell(status.bestReduced), Cell(status.bestCheckpoint),
        .integer(status.attempts.count), .text(duration(status.trainingSeconds)), .number(status.trainingSeconds),
        .text(duration(status.lostSeconds)), .number(status.lostSeconds), .text(status.endings),
        .text(word?.next ?? status.nextStep), .text(status.tags), .text(status.note),
      ] + (isAtPool ? [Cell(word?.sentence)] : [])
    }
    self.init(
      title: title, key: "runs", columns: columns, rows: rows,
      notes: Self.summary(statuses, pool) + (rehearsals.map { Self.platforms(statuses, $0) } ?? []))
    self = droppingEmptyColumns(["label", "tags", "note"])
  }

  private static func summary(_ statuses: [RunStatus], _ pool: [String: PoolWord]) -> [String] {
    guard !statuses.isEmpty else {
      return ["No run is planned: the data are not prepared yet, or every row is skipped."]
    }
    let states = Dictionary(grouping: statuses) { pool[$0.run]?.state ?? $0.state.rawValue }.mapValues(\.count)
    let known = RunState.allCases.map(\.rawValue)
    let counts = (known + states.keys.filter { !known.contains($0) }.sorted()).compactMap { state in
      states[state].map { "\($0) \(state)" }
    }
    let trained = duration(statuses.reduce(0) { $0 + $1.trainingSeconds })
    let lost = duration(statuses.reduce(0) { $0 + $1.lostSeconds })
    let noun = statuses.count == 1 ? "run" : "runs"
    return ["\(statuses.count) \(noun): \(counts.joined(separator: ", ")); trained \(trained), lost \(lost)."]
  }

  /// A sentence for each platform that trained last: whether it has been rehearsed.
  private static func platforms(_ statuses: [RunStatus], _ rehearsals: [Platform: RehearsalSummary]) -> [String] {
    let used = Dictionary(grouping: statuses.compactMap(\.platform), by: \.self).sorted {
      ($1.value.count, $0.key.binary, $0.key.processor) < ($0.value.count, $1.key.binary, $1.key.processor)
    }
    let shown = used.prefix(4).map { platform, runs in
      "\(counted(runs.count, "run")) trained by \(platform.sentence(rehearsals[platform]))."
    }
    return shown + (used.count > 4 ? ["\(used.count - 4) more binaries or processors."] : [])
  }
}

extension RunStatus {
  /// What the last attempt was trained by; nil before the first.
  package var platform: Platform? { attempts.last?.provenance.map(Platform.init) }

  /// Why each attempt ended, the last one in full.
  fileprivate var endings: String {
    guard let last = attempts.last else { return "" }
    let earlier = attempts.dropLast().map(\.ending)
    let counted = Dictionary(grouping: earlier, by: \.self).map { "\($1.count)× \($0)" }.sorted()
    let latest = last.reason ?? (state == .running ? "" : state == .interrupted ? "killed" : "no end is recorded")
    return (counted + [latest]).filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

extension Platform {
  /// "binary 63127bb533cc on AMD EPYC, avx512: rehearsed, 200 kills without a difference".
  package func sentence(_ rehearsal: RehearsalSummary?) -> String {
    let shown =
      switch rehearsal {
      case nil: "not rehearsed (`qcalo rehearse`)"
      case let found? where found.failures > 0: "NOT bit-identical in a rehearsal"
      case let found?: "rehearsed, \(found.kills) kills without a difference"
      }
    return "binary \(binary.prefix(12)) on \(processor), \(kernels): \(shown)"
  }
}

extension Attempt {
  /// How it ended, in a word or two.
  fileprivate var ending: String {
    guard ended != nil else { return "killed" }
    return exitName
  }
}

/// `1:05:09`, or `9.3 s` below a minute.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0 else { return "" }
  if seconds < 60 { return seconds == 0 ? "0 s" : Cell.number(seconds, digits: 2).text + " s" }
  let whole = Int(saturating: seconds.rounded())
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
}

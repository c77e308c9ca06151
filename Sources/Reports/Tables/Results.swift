import Experiment
package import Ledger
package import Records

/// A row of a sweep trained with one seed.
package struct RunResult: Hashable, Sendable {
  /// The seed that it was trained with.
  package var seed: UInt64
  /// The run's identity.
  package var run: String
  /// Where it stands.
  package var state: RowState
  /// χ²/NDF at the checkpoints that it has reached.
  package var curve: Curve
  /// The window around the run's own best checkpoint; nil before there is one.
  package var window: Window?
  /// The mean over that window of the run itself.
  package var own: WindowMean?
  /// The mean of the baseline's run with the same seed over that window; nil where the sweep names none, or none with
  /// this seed, and for a parametric simulator.
  package var baseline: WindowMean?
  /// The mean of the reference's run with the same seed over that window; nil where the sweep names none, or none with
  /// this seed, and for a parametric simulator.
  package var reference: WindowMean?
  /// The standard deviation of the best χ²/NDF from the finite samples; nil where none was recorded.
  package var bestUncertainty: Double?
  /// What fresh showers of the best checkpoint came out as; nil where nobody has evaluated it.
  package var metrics: MetricsRecord?
  /// χ²/NDF at the best checkpoint for each incident energy; empty when there is one energy.
  package var perEnergy: [Double]
  /// Seconds of training that it stands on.
  package var trainingSeconds: Double
  /// Seconds of cores, over all attempts.
  package var cost: RunCost
  /// The tags that a person has given it, `a,b`; "" for none.
  package var tags = ""
}

extension RunCost {
  /// A sentence; nil where nothing was trained.
  var sentence: String? {
    guard training + lost > 0 else { return nil }
    func hours(_ seconds: Double) -> String { seconds == 0 ? "0" : Cell.number(seconds / 3600).text }
    return "Cost in core-hours: \(hours(training)) training, \(hours(evaluation)) evaluating, \(hours(lost)) lost to "
      + "evictions and kills."
  }
}

/// A row of a sweep with its runs.
package struct RowResult: Hashable, Sendable {
  /// What the sweep says of the row.
  package var row: SweepRow
  /// The row's runs in the order of their seeds.
  package var runs: [RunResult]

  /// The state in words, also for several runs that differ.
  package var state: String {
    if let reason = row.skip { return RowState.skipped(reason).description }
    var counts: [(text: String, count: Int)] = []
    for text in runs.map(\.state.description) {
      if let index = counts.firstIndex(where: { $0.text == text }) {
        counts[index].count += 1
      } else {
        counts.append((text, 1))
      }
    }
    if counts.isEmpty { return RowState.notRun.description }
    return counts.count == 1 ? counts[0].text : counts.map { "\($0.count) \($0.text)" }.joined(separator: ", ")
  }
}

/// What a sweep found, computed from the ledger's curves as the study does.
package struct SweepResults: Hashable, Sendable {
  /// The sweep's name.
  package var sweep: String
  /// The rows in the plan's order.
  package var rows: [RowResult]

  /// The cost of all runs; one that several rows share counts once.
  package var cost: RunCost {
    Dictionary(rows.flatMap(\.runs).map { ($0.run, $0.cost) }, uniquingKeysWith: { first, _ in first })
      .values.reduce(RunCost(), +)
  }

  init(sweep: String, rows: [RowResult]) {
    self.sweep = sweep
    self.rows = rows
  }

  /// - Parameters:
  ///   - sweep: The sweep's name.
  ///   - ledger: Has the sweep's rows and runs.
  ///   - process: Tells whether the process of an attempt without an end lives.
  /// - Throws: `LedgerError`.
  package init(
    _ sweep: String, in ledger: Ledger, process: (Attempt) -> ProcessEvidence = ProcessEvidence.onThisMachine
  ) throws {
    let rows = try ledger.rows(of: sweep)
    let statuses = Dictionary(
      try ledger.statuses(sweep: sweep, process: process).map { ($0.run, $0) }, uniquingKeysWith: { $1 })
    // Rows that repeat a variant in another table share its runs; they may be skipped there, or have other seeds.
    let byIdentity = Dictionary(rows.map { ($0.id, $0) }) { first, second in
      var merged = first
      merged.runs += second.runs
      return merged
    }
    func curve(_ identity: String?, seed: UInt64) -> Curve? {
      identity.flatMap { byIdentity[$0] }?.runs.first { $0.seed == seed }.flatMap { statuses[$0.run]?.curve }
    }
    let uncertainties = try ledger.uncertainties(at: statuses.compactMapValues { $0.curve.best?.checkpoint })
    let metrics = try ledger.metrics(sweep: sweep)
    self.sweep = sweep
    self.rows = try rows.map { row in
      RowResult(
        row: row,
        runs: try row.runs.map { training in
          let status = statuses[training.run]
          let own = status?.curve ?? Curve()
          let window = Window(own)
          // What is fitted at once has no training beside which another's could be averaged.
          let compared = row.isParametric ? nil : window
          return RunResult(
            seed: training.seed, run: training.run,
            state: RowState(status?.state ?? .planned, own, isParametric: row.isParametric),
            curve: own,
            window: window, own: window?.mean(of: own),
            baseline: curve(row.baseline, seed: training.seed).flatMap { compared?.mean(of: $0) },
            reference: curve(row.reference, seed: training.seed).flatMap { compared?.mean(of: $0) },
            bestUncertainty: uncertainties[training.run],
            metrics: own.best.flatMap { metrics[training.run]?[$0.checkpoint] },
            perEnergy: row.energies.count < 2
              ? []
              : try own.best.map { try ledger.energies(of: training.run, at: $0.checkpoint).map(\.reduced) } ?? [],
            trainingSeconds: status?.trainingSeconds ?? 0, cost: status?.cost ?? RunCost(),
            tags: status?.tags ?? "")
        })
    }
  }
}

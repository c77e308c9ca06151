import Ledger

extension SweepResults {
  /// What a reader must know before believing the tables: sentences on what the numbers hide.
  package var notes: [String] {
    let runs = rows.flatMap { row in row.runs.map { (row: row.row, run: $0) } }
    let begun = runs.filter { $0.run.window != nil }
    guard !begun.isEmpty else { return ["Nothing has been trained yet."] }
    var notes: [String] = []
    let seeds = Set(rows.map(\.runs.count).filter { $0 > 0 })
    if seeds == [1] { notes.append("One seed each: a difference between two rows may be chance.") }
    // What is fitted at once has no other checkpoints to be better or to average.
    let trained = begun.filter { !$0.row.isParametric }
    let improving = trained.filter { RowState.isStillImproving($0.run.curve) }.count
    if improving > 0 {
      notes.append("\(count(improving, of: trained.count)) the best checkpoint in the last tenth: not converged.")
    }
    let cut = trained.filter { $0.run.window?.isCut ?? false }.count
    if cut > 0 {
      notes.append(
        "\(count(cut, of: trained.count)) a window of fewer than \(2 * Window.reach + 1) checkpoints: cut at the run's "
          + "start or end.")
    }
    let partial = begun.flatMap { row, run in
      [("⟨χ²⟩c", run.classical(of: row)), ("⟨χ²⟩c′", run.reference)].compactMap { name, mean -> String? in
        guard let mean, !mean.isComplete else { return nil }
        return "\(name) of \(row.label) (seed \(run.seed)) averages \(mean.averaged) of \(mean.of)"
      }
    }
    if !partial.isEmpty {
      let shown = partial.prefix(4).joined(separator: "; ") + (partial.count > 4 ? "; …" : "")
      notes.append("† The compared run lacks some of the window's checkpoints: \(shown).")
    }
    let lengths = trained.compactMap(\.run.curve.last)
    if let shortest = lengths.min(), let longest = lengths.max(), longest > shortest + shortest / 2 {
      notes.append(
        "Runs have \(shortest) to \(longest) checkpoints; the best of more is lower by chance alone.")
    }
    notes += familyNotes
    notes.append("χ² is against the training events.")
    notes += metricNotes
    return notes
  }

  private func count(_ part: Int, of all: Int) -> String {
    all == 1
      ? "The run has" : part == all ? "All \(all) runs have" : "\(part) of \(all) runs \(part == 1 ? "has" : "have")"
  }
}

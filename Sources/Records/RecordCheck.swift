import Experiment

// What must hold in a record whatever was trained: what follows from other fields, and what the numbers may be. A flaw is
// a clause that begins with the field.

extension JournalRecord {
  /// Why this cannot be what a worker wrote, a clause that begins with the field; nil when nothing contradicts it.
  package var flaw: String? {
    outside("attempt", attempt, Bounds.attempts) ?? outside("sequence", sequence, 0...Int(Int32.max) * 1000)
      ?? outside("time", time, Bounds.date) ?? event.flaw
  }
}

/// What the numbers of a journal may be: nothing that is computed of them overflows.
private enum JournalBounds {
  /// Seconds.
  static let cost = 0...1e12
  static let checkpoint = 0...Bounds.checkpoints.upperBound
  static let iteration = 0...Bounds.checkpoints.upperBound * Bounds.checkpointInterval.upperBound
  static let ndf = 0...1_000_000_000
  static let bytes = 0...Int.max >> 8
}

private func outside<Value: Comparable>(_ field: String, _ value: Value, _ range: ClosedRange<Value>) -> String? {
  range.contains(value) ? nil : "\(field): \(value) is not in \(Bounds.text(range))"
}

extension JournalRecord.Event {
  fileprivate var flaw: String? {
    switch self {
    case .notice: nil
    case .checkpoint(let record): record.flaw
    case .attemptEnded(let end): outside("iteration", end.iteration, JournalBounds.iteration) ?? end.cost.flaw
    case .attemptStarted(let start):
      outside("iteration", start.iteration, JournalBounds.iteration)
        ?? start.fromCheckpoint.flatMap { outside("fromCheckpoint", $0, JournalBounds.checkpoint) }
        ?? start.threads.flatMap { outside("threads", $0, 1...1_000_000) }
        ?? outside("pid", start.provenance.pid, 0...Int(Int32.max))
        ?? outside("numericsVersion", start.provenance.numericsVersion, 0...1_000_000)
    }
  }
}

extension CheckpointRecord {
  fileprivate var flaw: String? {
    if let flaw = outside("checkpoint", checkpoint, JournalBounds.checkpoint)
      ?? outside("iteration", iteration, JournalBounds.iteration) ?? evaluation.flaw ?? cost.flaw
    {
      return flaw
    }
    if checkpoint == 0 ? iteration != 0 : iteration % checkpoint != 0 || iteration == 0 {
      return "iteration: \(iteration) is no multiple of the checkpoint, \(checkpoint)"
    }
    return full.flatMap { outside("full.bytes", $0.bytes, JournalBounds.bytes) }
      ?? generator.flatMap { outside("generator.bytes", $0.bytes, JournalBounds.bytes) }
  }

  /// Why it is not the record of a run of this interval, a clause that begins with the field; nil when it can be.
  package func flaw(interval: Int) -> String? {
    let expected = checkpoint.multipliedReportingOverflow(by: interval)
    return expected.overflow || expected.partialValue != iteration
      ? "iteration: \(iteration) is not checkpoint × interval, \(checkpoint) × \(interval)" : nil
  }
}

extension Cost {
  fileprivate var flaw: String? {
    outside("cost.training", training, JournalBounds.cost) ?? outside("cost.evaluation", evaluation, JournalBounds.cost)
      ?? outside("cost.checkpointing", checkpointing, JournalBounds.cost)
  }
}

extension Evaluation {
  fileprivate var flaw: String? {
    if let flaw = scoreFlaw("evaluation.", chi2: chi2, ndf: ndf, reduced: reduced, uncertainty: uncertainty) {
      return flaw
    }
    // Summed in one order only, but a change of compiler may add in another.
    var (sum, freedom) = (0.0, 0)
    for energy in energies {
      if let flaw = energy.flaw { return flaw }
      sum += energy.chi2
      freedom += energy.ndf
    }
    if freedom != ndf { return "evaluation.ndf: \(ndf) is not the sum over the energies, \(freedom)" }
    return isNear(sum, chi2) ? nil : "evaluation.chi2: \(chi2) is not the sum over the energies, \(sum)"
  }
}

extension EnergyEvaluation {
  fileprivate var flaw: String? {
    outside("energies.incidentEnergy", incidentEnergy, 0...Double.greatestFiniteMagnitude)
      ?? scoreFlaw("energies.", chi2: chi2, ndf: ndf, reduced: reduced, uncertainty: uncertainty)
  }
}

/// A χ² that is no number, of showers that are none, is one that a worker may have written.
private func scoreFlaw(_ prefix: StaticString, chi2: Double, ndf: Int, reduced: Double, uncertainty: Double?) -> String?
{
  if chi2 < 0 { return "\(prefix)chi2: \(chi2) is negative" }
  if let flaw = outside("ndf", ndf, JournalBounds.ndf) { return "\(prefix)\(flaw)" }
  if let uncertainty, uncertainty < 0 { return "\(prefix)uncertainty: \(uncertainty) is negative" }
  let expected = ndf == 0 ? .nan : chi2 / Double(ndf)
  return isNear(reduced, expected) ? nil : "\(prefix)reduced: \(reduced) is not chi2 / ndf, \(expected)"
}

/// Equal but for rounding; what is no number is like what is none.
private func isNear(_ a: Double, _ b: Double) -> Bool {
  a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) || a.isNaN && b.isNaN
}

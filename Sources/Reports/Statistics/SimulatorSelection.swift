import Experiment
package import Ledger
package import Records

/// The best simulator that a ledger has for each particle and incident energy.
///
/// Each run stands for its best checkpoint by χ²/NDF in training. A metric is of fresh showers of all the run's energies
/// together; χ²/NDF in training is that of the energy. Of those that are as good as the best within both uncertainties
/// (one standard deviation) the one with the fewest numbers is chosen.
package struct SimulatorSelection: Sendable {
  /// A run at one energy, with what it is chosen by.
  package struct Candidate: Hashable, Sendable {
    /// The run.
    package var simulator: RecordedSimulator
    /// Its checkpoint's number.
    package var checkpoint: Int
    /// The energy (MeV).
    package var energy: Double
    /// What it is chosen by, with its uncertainty.
    package var score: MetricValue
    /// Every metric that is recorded of the checkpoint.
    package var metrics: MetricsRecord?
  }

  /// What was chosen for a particle at an energy.
  package struct Choice: Hashable, Sendable {
    /// The chosen one.
    package var chosen: Candidate
    /// The dearer ones that are as good within the uncertainties, the best first.
    package var ties: [Candidate]
    /// How many had a score.
    package var candidates: Int
  }

  /// What decides.
  package let by: ResultOrder
  /// The choices by particle, then energy.
  package let choices: [Choice]
  /// The labels of the runs that have nothing to be chosen by.
  package let unscored: [String]

  /// - Parameters:
  ///   - sweeps: Where to look.
  ///   - by: What decides.
  ///   - ledger: Has the runs and what they came out as.
  /// - Throws: `LedgerError`.
  package init(_ sweeps: [String], by: ResultOrder, in ledger: Ledger) throws {
    let simulators = try ledger.simulators(of: sweeps)
    let curves = try ledger.curves(of: simulators.map(\.run))
    var (candidates, unscored) = ([Candidate](), [String]())
    for simulator in simulators {
      guard let best = curves[simulator.run]?.best?.checkpoint else {
        unscored.append(simulator.name)
        continue
      }
      let metrics = try ledger.metrics(of: simulator.run)[best]
      let scores: [MetricValue?] =
        switch by {
        case .chi2: try ledger.chiSquares(of: simulator.run, at: best).map { $0.value.isFinite ? $0 : nil }
        case .metric(let metric): simulator.energies.map { _ in metrics?.values[metric] }
        }
      let scored = zip(simulator.energies, scores).compactMap { energy, score in
        score.map {
          Candidate(simulator: simulator, checkpoint: best, energy: energy, score: $0, metrics: metrics)
        }
      }
      if scored.isEmpty { unscored.append(simulator.name) }
      candidates += scored
    }
    self.by = by
    self.unscored = unscored
    struct Place: Hashable {
      var particle: Particle
      var energy: Double
    }
    choices = Dictionary(grouping: candidates) { Place(particle: $0.simulator.particle, energy: $0.energy) }
      .sorted { ($0.key.particle.rawValue, $0.key.energy) < ($1.key.particle.rawValue, $1.key.energy) }
      .map { Self.choose($0.value, by: by) }
  }

  /// The cheapest of those that are as good as the best.
  /// - Precondition: There is a candidate.
  static func choose(_ candidates: [Candidate], by order: ResultOrder) -> Choice {
    func badness(_ candidate: Candidate) -> Double { order.badness(of: candidate.score.value) }
    // By identity where scores are the same, so that a ledger read anew chooses alike.
    let sorted = candidates.sorted { (badness($0), $0.simulator.run) < (badness($1), $1.simulator.run) }
    let best = sorted[0]
    func isAsGood(_ candidate: Candidate) -> Bool {
      let (a, b) = (best.score.error ?? 0, candidate.score.error ?? 0)
      return badness(candidate) - badness(best) <= (a * a + b * b).squareRoot()
    }
    let good = sorted.filter(isAsGood)
    let chosen = good.indices.min {
      (good[$0].simulator.parameters, $0) < (good[$1].simulator.parameters, $1)
    }!
    var ties = good
    ties.remove(at: chosen)
    return Choice(chosen: good[chosen], ties: ties, candidates: candidates.count)
  }

  /// What was chosen, a row for each particle and energy.
  /// - Parameter microseconds: Of a shower, by run; without those that were not measured.
  /// - Returns: The table, with a note on ties.
  package func table(microseconds: [String: Double]) -> TextTable {
    let rows = choices.map { choice -> [Cell] in
      let (chosen, simulator) = (choice.chosen, choice.chosen.simulator)
      let energy = Int(exactly: chosen.energy).map(Cell.integer) ?? Cell.number(chosen.energy, digits: 6)
      return [
        .text(simulator.particle.rawValue), energy, .text(simulator.label),
        .text(simulator.sweep), Cell(seed: simulator.seed), .text(simulator.run), .integer(chosen.checkpoint),
        by.cell(chosen.score), Cell(chosen.score.floor.map { $0 * by.scale }), .integer(simulator.parameters),
        Cell(microseconds[simulator.run]), .integer(choice.candidates),
        .text(choice.ties.map(\.simulator.name).joined(separator: ", ")),
      ]
    }
    let columns: [Column] = [
      "particle", Column("E (MeV)", key: "energy"), Column("simulator", key: "label"), Column(detail: "sweep"), "seed",
      Column(detail: "run"), "checkpoint", Column(by.title, key: "score"), "floor", "parameters",
      Column("µs a shower", key: "microseconds"), Column("of", key: "candidates"),
      Column("as good, but dearer", key: "ties"),
    ]
    return TextTable(
      title: "The best simulators by \(by.title)", key: "choices", columns: columns, rows: rows,
      notes: [
        "As good is what differs by no more than one standard deviation of both; of these the one with the fewest numbers "
          + "is chosen."
      ]
    ).droppingEmptyColumns(["floor", "microseconds", "ties"])
  }
}

extension RecordedSimulator {
  /// Its label with its seed, for sentences and lists.
  var name: String { "\(label) seed \(seed)" }
}

extension ResultOrder {
  /// How bad a value is: the lower, the better.
  func badness(of value: Double) -> Double {
    switch self {
    case .chi2: value
    case .metric(let metric): metric.badness(of: value)
    }
  }

  /// The factor that tables show it with.
  var scale: Double {
    switch self {
    case .chi2: 1
    case .metric(let metric): metric.scale
    }
  }

  /// The heading of its column.
  var title: String {
    switch self {
    case .chi2: "χ²/NDF in training"
    case .metric(let metric): metric.title
    }
  }

  /// What it is read from: `chi2` or the metric's name.
  package var text: String {
    switch self {
    case .chi2: "chi2"
    case .metric(let metric): metric.rawValue
    }
  }

  /// A score as tables show it, with its uncertainty.
  func cell(_ score: MetricValue) -> Cell {
    score.error.map { .spread(mean: score.value * scale, deviation: $0 * scale) } ?? .number(score.value * scale)
  }
}

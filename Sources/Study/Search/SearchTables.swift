import Experiment
package import Reports
package import Search
package import Sweeps

extension SearchProgress {
  /// What trials are compared by, as tables call it.
  private var unit: String { specification.objective.metric?.title ?? "χ²/NDF" }
  /// Tables show it times this.
  private var scale: Double { specification.objective.metric?.scale ?? 1 }

  /// The rungs, each with the trials that have come to it.
  package var ladder: TextTable {
    let (standings, values) = (standings, Ladder.values(specification, evidence))
    let rows = specification.rungs.enumerated().map { rung, checkpoint -> [Cell] in
      let come = values.indices.filter { values[$0][rung] != nil }
      let finite = come.compactMap { trial in values[trial][rung].flatMap { $0.isFinite ? (trial, $0) : nil } }
      let best = finite.min { $0.1 < $1.1 }
      return [
        .integer(checkpoint), .integer(specification.replicates[rung]),
        .integer(standings.count { $0.rung == rung && $0.state == .training }), .integer(come.count),
        .integer(come.count - finite.count),
        .integer(evidence.trials.count { $0.rung > rung } - evidence.trials.count { $0.kept.contains(rung) }),
        .integer(evidence.trials.count { $0.kept.contains(rung) }),
        Cell(best.map { scale * specification.objective.quantity($0.1) }),
        Cell(best.map { SearchDecision.label($0.0) }),
      ]
    }
    let count = evidence.trials.count
    return TextTable(
      title: "Ladder of \(sweep)", key: "rungs",
      columns: [
        Column("checkpoint", key: "checkpoint"), "seeds", "training", "come", "failed",
        Column("best go on", key: "best"),
        Column("kept", key: "kept"), Column("best \(unit)", key: "best_objective"), Column("of", key: "trial"),
      ],
      rows: rows,
      notes: [
        "\(count) of \(specification.trials) trials; "
          + "\(Cell.number(evidence.coreHours).text) core-hours"
          + (specification.coreHours.map { " of \(Cell($0, digits: 0).text)" } ?? "") + "."
      ])
  }

  /// The trials, those at the last rung by their chance to be the best, then the others by how far they came.
  package var ranking: TextTable {
    let (standings, verdict) = (standings, verdict)
    let contenders = Dictionary(verdict.contenders.map { ($0.trial, $0) }, uniquingKeysWith: { $1 })
    let order = standings.sorted { first, second in
      let chances = (contenders[first.trial]?.chance ?? -1, contenders[second.trial]?.chance ?? -1)
      if chances.0 != chances.1 { return chances.0 > chances.1 }
      if first.rung != second.rung { return first.rung > second.rung }
      return (first.objective ?? .infinity, first.trial) < (second.objective ?? .infinity, second.trial)
    }
    let rows = order.map { standing -> [Cell] in
      let contender = contenders[standing.trial]
      let isShrunk = verdict.noise != nil
      return [
        .text(SearchDecision.label(standing.trial)), .text(standing.state.rawValue),
        .integer(specification.rungs[standing.rung]),
        .integer(contender?.seeds.count ?? specification.replicates[standing.rung]),
        Cell(standing.objective.map { scale * $0 }),
        Cell(isShrunk ? contender.map { scale * $0.objective } : nil),
        Cell(isShrunk ? contender.map { scale * $0.interval.lowerBound } : nil),
        Cell(isShrunk ? contender.map { scale * $0.interval.upperBound } : nil),
        Cell(isShrunk ? contender?.chance : nil, digits: 2), .text(standing.reason),
        .text(specification.space.text(evidence.trials[standing.trial].point)),
      ]
    }
    return TextTable(
      title: "Trials of \(sweep)", key: "trials",
      columns: [
        "trial", "state", Column("to", key: "checkpoint"), "seeds", Column(unit, key: "objective"),
        Column("shrunk", key: "shrunk"), Column("from", key: "low"), Column("to ", key: "high"),
        Column("chance", key: "chance"), "reason", Column("tries", key: "point"),
      ], rows: rows, notes: [sentence(verdict)])
  }

  /// What was found, in a sentence.
  package func sentence(_ verdict: SearchVerdict) -> String {
    guard let first = verdict.contenders.first else { return "No trial has come to the last rung." }
    if let winner = verdict.winner {
      let (name, value) = (SearchDecision.label(winner), Cell.number(scale * first.objective).text)
      return verdict.noise == nil || verdict.contenders.count == 1
        ? "The best is \(name), \(unit) \(value): the only one at the last rung."
        : "The best is \(name), \(unit) \(value) (shrunk), with a chance of \(Cell.number(100 * first.chance, digits: 2).text) %."
    }
    let (trials, seeds) = verdict.undecided ?? ([], nil)
    let names = trials.map(SearchDecision.label).firstFive(separator: ", ")
    if verdict.noise == nil {
      return "Which is the best cannot be told: each has one seed; search.replicates gives them more (\(names))."
    }
    guard let seeds else {
      return "Which is the best cannot be told, nor would a hundred seeds more of these: \(names)."
    }
    return "Which is the best cannot be told; \(counted(seeds, "seed")) more of these would: \(names)."
  }

  /// Why a run stands where it does, in sentences; nil where it is none of this search.
  package func explanation(of run: String) -> [String]? {
    guard let (trial, seed) = places[run], standings.indices.contains(trial) else { return nil }
    let standing = standings[trial]
    let reasons = decisions.filter { $0.trial == trial }.map(\.reason).joined(separator: "; then ")
    let back = standing.state == .stopped ? " Its checkpoints are kept." : ""
    return [
      "In the search \(sweep) it is seed \(seed + 1) of \(SearchDecision.label(trial)), \(standing.state.rawValue): "
        + "\(standing.reason).\(back)", "It was sent: \(reasons).",
    ]
  }
}

extension TextTable {
  /// What a search would try.
  package init(_ search: PlannedSearch, of sweep: String) {
    let specification = search.specification
    let rows = specification.space.parameters.map { parameter -> [Cell] in
      let condition = parameter.condition.map { condition -> String in
        let other = specification.space.parameters.first { $0.name == condition.parameter }
        let values = condition.choices.sorted().map { other?.domain.text(Double($0)) ?? "" }
        return "\(condition.parameter) is \(values.joined(separator: " or "))"
      }
      return [.text(parameter.name), .text(parameter.domain.kind), .text(parameter.domain.values), Cell(condition)]
    }
    let rungs = zip(specification.rungs, specification.replicates).map { rung, seeds in
      "\(rung) with \(counted(seeds, "seed"))"
    }
    let guarded =
      specification.guardian.map { ", and up to \(Cell.number(100 * $0.share, digits: 0).text) % more are kept" } ?? ""
    self.init(
      title: "Search of \(sweep)", key: "parameters",
      columns: ["Key", "Drawn", "Values", Column("Where", key: "where")], rows: rows,
      notes: [
        "\(counted(specification.trials, "trial")), \(specification.method.words), to checkpoint "
          + "\(rungs.joined(separator: ", "));",
        "one of \(specification.factor) goes on from each\(guarded): about \(Self.checkpoints(specification)) checkpoints, "
          + "where all were trained to the end \(specification.trials * (specification.rungs.last ?? 0) * (specification.replicates.last ?? 1)).",
      ])
  }

  /// Checkpoints that a search trains, about: a trial that goes on and is overtaken later has gone on all the same; with the last rungs' seeds.
  private static func checkpoints(_ specification: SearchSpecification) -> Int {
    var (trials, before, total) = (Double(specification.trials), 0.0, 0.0)
    let share = specification.guardian?.share ?? 0
    for (rung, checkpoint) in specification.rungs.enumerated() {
      let seeds = Double(specification.replicates[rung])
      total += trials.rounded(.up) * (Double(checkpoint) * seeds - before)
      before = Double(checkpoint) * seeds
      let isGraced = specification.guardian.map { checkpoint < $0.grace } ?? false
      trials = isGraced ? trials : max(1, min(trials, trials / Double(specification.factor) + trials * share))
    }
    return Int(saturating: total)
  }
}

extension Domain {
  /// How it is drawn, as sweep files say it.
  fileprivate var kind: String {
    switch self {
    case .choices: "choices"
    case .uniform: "uniform"
    case .logUniform: "log_uniform"
    case .int: "int"
    case .logInt: "log_int"
    }
  }

  /// What it can be.
  fileprivate var values: String {
    switch self {
    case .choices(let texts): texts.joined(separator: " | ")
    case .uniform(let range), .logUniform(let range): "\(range.lowerBound) … \(range.upperBound)"
    case .int(let range), .logInt(let range): "\(range.lowerBound) … \(range.upperBound)"
    }
  }
}

extension SearchMethod {
  /// How points are chosen, in words.
  fileprivate var words: String {
    switch self {
    case .random: "chosen at random"
    case .quasirandom: "chosen quasirandomly"
    case .tpe(let settings): "the first \(settings.startup) quasirandom, then by a Parzen estimator"
    }
  }
}

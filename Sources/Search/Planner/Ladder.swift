/// The rungs of a search, each with the trials that have come to it.
package struct Ladder {
  private let specification: SearchSpecification
  private let trials: [TrialEvidence]
  /// What each trial came out as at each rung, on the objective's scale; infinite where it failed, nil where it has not
  /// come.
  let values: [[Double?]]

  init(_ specification: SearchSpecification, _ evidence: SearchEvidence) {
    (self.specification, trials) = (specification, evidence.trials)
    values = evidence.trials.map { trial in
      specification.rungs.indices.map { $0 <= trial.rung ? Self.value(of: trial, at: $0, specification) : nil }
    }
  }

  /// What each trial came out as at each rung, on the objective's scale; infinite where it failed, nil where it has not
  /// come.
  package static func values(_ specification: SearchSpecification, _ evidence: SearchEvidence) -> [[Double?]] {
    Ladder(specification, evidence).values
  }

  /// The mean over the seeds that the rung asks for; nil while one of them has not come there.
  private static func value(of trial: TrialEvidence, at rung: Int, _ specification: SearchSpecification) -> Double? {
    let seeds = seedValues(of: trial, at: rung, specification)
    return seeds.map { $0.reduce(0, +) / Double($0.count) }
  }

  /// What each seed that a rung asks for came out as; nil while one of them has not come there.
  static func seedValues(
    of trial: TrialEvidence, at rung: Int, _ specification: SearchSpecification
  ) -> [Double]? {
    let (count, checkpoint) = (specification.replicates[rung], specification.rungs[rung])
    guard trial.replicates.count >= count else {
      // One that fails ends the trial, whatever others would have done.
      return trial.replicates.contains(where: { isLost($0, before: checkpoint) }) ? [.infinity] : nil
    }
    var values: [Double] = []
    for replicate in trial.replicates.prefix(count) {
      if isLost(replicate, before: checkpoint) { return [.infinity] }
      guard let last = replicate.curve.last?.checkpoint, last >= checkpoint else { return nil }
      if specification.objective.metric != nil {
        // Nobody has judged it yet.
        guard let value = replicate.measured[checkpoint] else { return nil }
        values.append(value.isFinite ? specification.objective.scaled(value) : .infinity)
      } else {
        values.append(specification.objective.value(replicate.curve, upTo: checkpoint))
      }
    }
    return values
  }

  private static func isLost(_ replicate: ReplicateEvidence, before checkpoint: Int) -> Bool {
    replicate.isOver && replicate.curve.last.map { $0.checkpoint < checkpoint } ?? true
  }

  /// Whether something is being trained.
  var isPending: Bool { trials.indices.contains { values[$0][trials[$0].rung] == nil } }

  /// The trials that have come to a rung, the best first; of equal ones the earlier.
  private func ranking(at rung: Int) -> [Int] {
    trials.indices.filter { values[$0][rung] != nil }
      .sorted { (values[$0][rung] ?? .infinity, $0) < (values[$1][rung] ?? .infinity, $1) }
  }

  /// The best trial of a rung; nil where none has come.
  func best(at rung: Int) -> Int? { ranking(at: rung).first { isFinite($0, at: rung) } }

  /// How many of a rung's trials go on, by how many have come there.
  private func quota(at rung: Int, of count: Int) -> Int {
    isGraced(rung) ? count : count / specification.factor
  }

  /// Whether nothing is stopped at a rung.
  private func isGraced(_ rung: Int) -> Bool {
    specification.guardian.map { specification.rungs[rung] < $0.grace } ?? false
  }

  private func isFinite(_ trial: Int, at rung: Int) -> Bool { values[trial][rung]?.isFinite ?? false }

  /// The trial that goes on to its next rung, from the highest that has one.
  var promotion: SearchDecision? {
    for rung in specification.rungs.indices.dropLast().reversed() {
      let ranking = ranking(at: rung)
      let quota = quota(at: rung, of: ranking.count)
      for (place, trial) in ranking.prefix(quota).enumerated()
      where trials[trial].rung == rung && isFinite(trial, at: rung) {
        return SearchDecision(
          trial: trial, rung: rung + 1, cause: .best,
          reason: isGraced(rung)
            ? "nothing is stopped before checkpoint \(specification.guardian?.grace ?? 0)"
            : "\(rank(place, of: ranking.count, at: rung)); \(goOn(quota))")
      }
      if let decision = kept(at: rung, ranking, quota: quota) { return decision }
    }
    return nil
  }

  /// The most promising of those that are not among the best of a rung, while there is room for one.
  private func kept(at rung: Int, _ ranking: [Int], quota: Int) -> SearchDecision? {
    guard let share = specification.guardian?.share, quota > 0, quota < ranking.count else { return nil }
    let room = Int(share * Double(ranking.count))
    guard trials.count(where: { $0.kept.contains(rung) }) < room,
      let cut = values[ranking[quota - 1]][rung], cut.isFinite
    else { return nil }
    let next = specification.rungs[rung + 1]
    var best: (trial: Int, place: Int, promise: Double, clause: String)?
    for (place, trial) in ranking.enumerated().dropFirst(quota)
    where trials[trial].rung == rung && isFinite(trial, at: rung) {
      guard let promise = promise(of: trial, at: rung, next: next, cut: cut) else { continue }
      if promise.value < best?.promise ?? .infinity { best = (trial, place, promise.value, promise.clause) }
    }
    return best.map { best in
      SearchDecision(
        trial: best.trial, rung: rung + 1, cause: .kept,
        reason: "\(rank(best.place, of: ranking.count, at: rung)), but \(best.clause)")
    }
  }

  /// What a trial would be at the next rung, and why it may go on though it is none of the best; nil where it may not.
  private func promise(
    of trial: Int, at rung: Int, next: Int, cut: Double
  ) -> (value: Double, clause: String)? {
    guard let curve = trials[trial].replicates.first?.curve, let value = values[trial][rung] else { return nil }
    let learning = LearningCurve(curve, upTo: specification.rungs[rung])
    let objective = specification.objective
    // What falls is χ²: of another metric it says nothing.
    let predicted = objective.metric == nil ? learning.falling.map { objective.scaled($0(next)) } : nil
    if let predicted, predicted <= cut {
      return (predicted, "its curve still falls: by checkpoint \(next) it would be among the best here")
    }
    guard learning.isResponseComing else { return nil }
    return (min(predicted ?? value, value), "its E_tot/E is on its way to 1")
  }

  /// The best trial, sent to the last rung when nothing else is left and none has come there.
  var last: SearchDecision? {
    let top = specification.rungs.count - 1
    guard !trials.indices.contains(where: { isFinite($0, at: top) }) else { return nil }
    for rung in specification.rungs.indices.dropLast().reversed() {
      let ranking = ranking(at: rung)
      guard let trial = ranking.first(where: { trials[$0].rung == rung && isFinite($0, at: rung) }) else { continue }
      return SearchDecision(
        trial: trial, rung: rung + 1, cause: .last,
        reason: "the best that is left, and none has come to checkpoint \(specification.rungs[top])")
    }
    return nil
  }

  /// What is known for the choice of the next point: who has come higher is better, then who is better there.
  var knowledge: SearchMethod.Knowledge {
    var knowledge = SearchMethod.Knowledge()
    var results: [(number: Int, rung: Int, value: Double)] = []
    for trial in trials.indices {
      guard let rung = values[trial].lastIndex(where: { $0 != nil }), let value = values[trial][rung] else {
        knowledge.pending.append(trials[trial].point)
        continue
      }
      results.append((trial, value.isFinite ? rung : -1, value))
    }
    results.sort { ($1.rung, $0.value, $0.number) < ($0.rung, $1.value, $1.number) }
    knowledge.ranked = results.map { ($0.number, trials[$0.number].point) }
    return knowledge
  }

  /// Where a trial stands, and why.
  func standing(of trial: Int, isOver: Bool) -> TrialStanding {
    let rung = trials[trial].rung
    let reached = values[trial].lastIndex { $0?.isFinite ?? false }
    let objective = reached.flatMap { values[trial][$0] }.map(specification.objective.quantity)
    let (state, reason) = state(of: trial, at: rung, isOver: isOver)
    return TrialStanding(trial: trial, state: state, rung: rung, objective: objective, reason: reason)
  }

  private func state(of trial: Int, at rung: Int, isOver: Bool) -> (TrialStanding.State, String) {
    let checkpoint = specification.rungs[rung]
    guard let value = values[trial][rung] else {
      return isOver
        ? (.stopped, "it did not come to checkpoint \(checkpoint)") : (.training, "to checkpoint \(checkpoint)")
    }
    guard value.isFinite else { return (.failed, "it diverged or failed before checkpoint \(checkpoint)") }
    let ranking = ranking(at: rung)
    let place = rank(ranking.firstIndex(of: trial) ?? 0, of: ranking.count, at: rung)
    if rung == specification.rungs.count - 1 { return (.done, place) }
    let reason = "\(place); \(goOn(quota(at: rung, of: ranking.count)))"
    return (isOver ? .stopped : .waiting, reason)
  }

  private func goOn(_ quota: Int) -> String {
    quota == 0 ? "none goes on" : quota == 1 ? "the best goes on" : "the best \(quota) go on"
  }

  /// "3rd of 9 at checkpoint 5".
  private func rank(_ place: Int, of count: Int, at rung: Int) -> String {
    let number = place + 1
    let ending =
      switch (number % 10, number % 100) {
      case (_, 11...13): "th"
      case (1, _): "st"
      case (2, _): "nd"
      case (3, _): "rd"
      default: "th"
      }
    return "\(number)\(ending) of \(count) at checkpoint \(specification.rungs[rung])"
  }
}

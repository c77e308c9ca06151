/// A search whose runs are trained by nobody: their curves are known, and their times are those of a clock of its own.
package struct SearchSimulation {
  /// What decides.
  package var planner: SearchPlanner
  /// Runs at a time.
  package var workers: Int
  /// The whole curve of a point with one of its seeds, from 0; the clock's seconds are checkpoints times `pace`.
  package var curve: (_ point: Point, _ seed: Int) -> [CurveValue]
  /// Seconds from one checkpoint of a point to the next.
  package var pace: (Point) -> Double

  /// - Parameters:
  ///   - planner: What decides.
  ///   - workers: Runs at a time.
  ///   - pace: Seconds from one checkpoint of a point to the next; one if not given.
  ///   - curve: The whole curve of a point with one of its seeds.
  package init(
    _ planner: SearchPlanner, workers: Int = 1, pace: @escaping (Point) -> Double = { _ in 1 },
    curve: @escaping (_ point: Point, _ seed: Int) -> [CurveValue]
  ) {
    (self.planner, self.workers, self.pace, self.curve) = (planner, workers, pace, curve)
  }

  /// How a search went.
  package struct Course: Sendable {
    /// What was decided, in order.
    package var decisions: [SearchDecision] = []
    /// What was recorded in the end.
    package var evidence = SearchEvidence()
    /// The trial that was the best, whenever that changed, with the seconds of cores until then.
    package var leaders: [(seconds: Double, trial: Int)] = []
  }

  private struct Job {
    var trial: Int
    var seed: Int
    /// The clock's time at which it is over, once it has begun.
    var end = 0.0
  }

  /// Lets the search go on to its end.
  /// - Parameter course: Where it stands, with nothing being trained; from the beginning if not given.
  /// - Returns: All of it, from the beginning.
  package func run(from course: Course = Course()) -> Course {
    var course = course
    var (time, waiting, training) = (0.0, [Job](), [Job]())
    for trial in course.evidence.trials.indices { waiting += jobs(of: trial, in: course.evidence) }
    while true {
      while training.count < workers {
        if waiting.isEmpty {
          guard case .decide(let decision) = planner.next(course.evidence) else { break }
          course.decisions.append(decision)
          course.evidence.apply(decision)
          waiting = jobs(of: decision.trial, in: course.evidence)
        } else {
          var job = waiting.removeFirst()
          job.end = time + seconds(job, in: course.evidence)
          training.append(job)
        }
      }
      guard let next = training.indices.min(by: { training[$0].end < training[$1].end }) else { return course }
      let job = training.remove(at: next)
      time = job.end
      finish(job, in: &course)
    }
  }

  private func target(_ trial: TrialEvidence) -> Int { planner.specification.rungs[trial.rung] }

  /// What is to be trained of a trial.
  private func jobs(of trial: Int, in evidence: SearchEvidence) -> [Job] {
    let found = evidence.trials[trial]
    return (0..<planner.specification.replicates[found.rung]).compactMap { seed in
      let replicate = found.replicates.indices.contains(seed) ? found.replicates[seed] : ReplicateEvidence()
      let isThere = replicate.isOver || replicate.curve.last.map { $0.checkpoint >= target(found) } ?? false
      return isThere ? nil : Job(trial: trial, seed: seed)
    }
  }

  private func seconds(_ job: Job, in evidence: SearchEvidence) -> Double {
    let trial = evidence.trials[job.trial]
    let done = trial.replicates.indices.contains(job.seed) ? trial.replicates[job.seed].curve.last?.checkpoint ?? 0 : 0
    return Double(target(trial) - done) * pace(trial.point)
  }

  private func finish(_ job: Job, in course: inout Course) {
    let seconds = seconds(job, in: course.evidence)
    let trial = course.evidence.trials[job.trial]
    let whole = curve(trial.point, job.seed)
    var replicates = trial.replicates
    while replicates.count <= job.seed { replicates.append(ReplicateEvidence()) }
    replicates[job.seed].curve = whole.filter { $0.checkpoint <= target(trial) }
    replicates[job.seed].isOver = whole.last.map { $0.checkpoint < target(trial) } ?? true
    replicates[job.seed].coreSeconds += seconds
    course.evidence.trials[job.trial].replicates = replicates
    guard let leader = planner.leader(course.evidence), leader != course.leaders.last?.trial else { return }
    course.leaders.append((course.evidence.coreHours * 3600, leader))
  }
}

extension SearchPlanner {
  /// The trial that is the best of those that have come highest; nil while none has come anywhere.
  package func leader(_ evidence: SearchEvidence) -> Int? {
    let ladder = Ladder(specification, evidence)
    for rung in specification.rungs.indices.reversed() {
      if let best = ladder.best(at: rung) { return best }
    }
    return nil
  }
}

import Experiment
import Foundation
import Ledger
import Records
import Reports
import Search
import Storage
import Sweeps
import Synchronization
import TestSupport
import Testing

@testable import Study

@Suite struct StartedSearchTests {
  /// A workspace with a search and workers that journal.
  final class Trained: Sendable {
    let study: StudyWorkspace
    let file: String
    private let reached = Mutex<[String: (attempt: Int, checkpoint: Int)]>([:])
    private let random: Mutex<SplitMix64>
    /// Runs that were started and that other processes could not see coming.
    let unannounced = Mutex<[String]>([])

    init(kills seed: UInt64 = 0, trials: Int = 9) throws {
      study = try StudyWorkspace()
      file = study.folder("wanted.yaml")
      random = Mutex(SplitMix64(state: seed))
      let source = study.folder("pions.hdf5")
      try Data("events".utf8).write(to: URL(fileURLWithPath: source))
      try Self.text(source: source, trials: trials).write(toFile: file, atomically: true, encoding: .utf8)
    }

    static func text(source: String, trials: Int) -> String {
      """
      dataset: {source: \(source), energies: [65536], events: 500}
      search:
        space:
          training.learning_rate: {log_uniform: [1.0e-5, 1.0e-3]}
          hidden: [[50, 200], [60, 200], [70, 200]]
        method: {tpe: {startup: 3}}
        trials: \(trials)
        rungs: [2, 4, 8]
        replicates: [1, 1, 2]
      """
    }

    /// A search as a new process starts it.
    func started(judging: WorkerProgram.Call? = nil) async throws -> StartedSearch {
      try await StartedSearch(
        SweepFile.expand(file), source: file, in: study.workspace, store: study.store(), judging: judging
      ) { _ in }
    }

    /// Has the search compare its trials by something else.
    func set(objective: String) throws {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try (text + "\n  objective: \(objective)\n").write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// What the worker says of a checkpoint: the higher the trial's number, the better.
    func judge(_ arguments: [String]) throws -> String {
      struct Printed: Encodable {
        struct Full: Encodable { var remarks: [String] = [] }
        var evaluated: EvaluatedCheckpoint
        var full = Full()
      }
      let path = arguments[(arguments.firstIndex(of: "--checkpoint") ?? 0) + 1].split(separator: "/")
      let (run, file) = (String(path[path.count - 3]), path[path.count - 1])
      let checkpoint = Int(file.dropFirst("full-".count).dropLast(".h5".count)) ?? -1
      let trial = Int(try Ledger(reading: study.workspace).status(of: run).label.dropFirst("trial ".count)) ?? 0
      let metrics = MetricsRecord(
        seed: 1, events: 500, heldOut: true, values: [.heldOutChi2: MetricValue(value: 20 - Double(trial))])
      let evaluated = EvaluatedCheckpoint(
        run: run, checkpoint: checkpoint, iteration: 1000 * checkpoint, sha256: "ab", commit: "c", metrics: metrics)
      return String(decoding: try CanonicalJSON.data(Printed(evaluated: evaluated)), as: UTF8.self)
    }

    /// Workers that train what they are told; of each start `mayDie` asks whether it is killed on the way.
    func workers(mayDie: Bool = false) -> FakeWorkers {
      FakeWorkers { [self] _, path in
        let job = try CanonicalJSON.value(JobDescription.self, inFile: path)
        if HereQueue.processes(in: study.workspace)[job.run] == nil { unannounced.withLock { $0.append(job.run) } }
        let target = job.budget.checkpoints ?? 0
        let (attempt, first) = reached.withLock { reached in
          let last = reached[job.run] ?? (0, -1)
          return (last.attempt + 1, last.checkpoint + 1)
        }
        if first > target {
          // All was trained when it was killed.
          try study.journal(job.run, attempt: attempt, start: 1000 * target, checkpoints: nil, exit: .finished)
          reached.withLock { $0[job.run] = (attempt, target) }
          return .exited(0)
        }
        let dies = mayDie && random.withLock { $0.unit() < 0.4 }
        let last = dies ? first + Int(random.withLock { $0.unit() } * Double(target - first)) : target
        try study.journal(job.run, attempt: attempt, checkpoints: first...last, exit: dies ? nil : .finished)
        try study.folder.write("weights", to: "work/runs/\(job.run)/checkpoints/full-\(last).h5")
        reached.withLock { $0[job.run] = (attempt, last) }
        return dies ? .signalled(9) : .exited(0)
      }
    }

    /// Trains until the search is over, or `stops` starts were made.
    func train(_ search: StartedSearch, _ fakes: FakeWorkers, workers: Int = 1, stops: Int = .max) async throws
      -> [RunTask]
    {
      try await search.train(
        workers: workers, threads: 1, observer: Listener(), worker: fakes.worker, clock: FakeClock().clock,
        stopRequest: { fakes.starts.values.reduce(0, +) >= stops ? "SIGTERM" : nil })
    }

    func progress() throws -> SearchProgress {
      try #require(try SearchProgress("wanted", in: Ledger(reading: study.workspace)))
    }
  }

  @Test func `a search trains its trials to their rungs, and the sweep has them for rows`() async throws {
    let trained = try Trained()
    let tasks = try await trained.train(trained.started(), trained.workers(), workers: 2)
    #expect(tasks.allSatisfy { $0.outcome == .finished })
    #expect(trained.unannounced.withLock { $0 }.isEmpty)
    #expect(HereQueue.processes(in: trained.study.workspace).isEmpty)
    let progress = try trained.progress()
    #expect(progress.evidence.trials.count == 9)
    #expect(progress.evidence.trials.map(\.rung).sorted() == [0, 0, 0, 0, 0, 0, 1, 1, 2])
    #expect(progress.standings.count { $0.state == .done } == 1)
    let statuses = try Ledger(reading: trained.study.workspace).statuses(sweep: "wanted")
    #expect(statuses.count == 10 && statuses.allSatisfy { $0.state == .finished })
    #expect(statuses.map { $0.lastCheckpoint ?? 0 }.sorted() == [2, 2, 2, 2, 2, 2, 4, 4, 8, 8])
    #expect(statuses.filter { $0.lastCheckpoint == 8 }.map(\.seed).sorted() == [1, 2])
    // The journals are alike, so the first of each three goes on.
    #expect(progress.decisions.filter { $0.rung == 1 }.first?.reason == "1st of 3 at checkpoint 2; the best goes on")
    #expect(progress.ladder.rows.map { $0[3] } == [.integer(9), .integer(3), .integer(1)])
    #expect(progress.ranking.rows.count == 9 && progress.ranking.rows[0][1] == "done")
    let run = try #require(statuses.first { $0.label == "trial 9" }?.run)
    let why = try #require(progress.explanation(of: run))
    #expect(
      why[0]
        == "In the search wanted it is seed 1 of trial 9, stopped: 9th of 9 at checkpoint 2; the best 3 go on. Its checkpoints are kept."
    )
    #expect(why[1] == "It was sent: trial 9 of 9.")
  }

  @Test func `killed and started again anywhere, it decides the same`() async throws {
    let whole = try Trained()
    _ = try await whole.train(whole.started(), whole.workers())
    let decisions = try whole.progress().decisions
    #expect(decisions.count > 12)
    var random = SplitMix64(state: 3)
    for seed in 1...6 {
      let killed = try Trained(kills: UInt64(seed))
      let fakes = killed.workers(mayDie: true)
      var stops = 0
      while try killed.progressIfAny()?.decisions.count ?? 0 < decisions.count || stops == 0 {
        stops = fakes.starts.values.reduce(0, +) + 1 + Int(random.unit() * 5)
        _ = try await killed.train(killed.started(), fakes, stops: stops)
      }
      _ = try await killed.train(killed.started(), fakes)
      let progress = try killed.progress()
      #expect(progress.decisions == decisions)
      #expect(progress.standings.map(\.state) == (try whole.progress().standings.map(\.state)))
    }
  }

  @Test func `by another metric, what has come to a rung is judged, once, before it is compared`() async throws {
    let trained = try Trained()
    try trained.set(objective: "held_out_chi2")
    let asked = Asked()
    let search = try await trained.started(judging: { arguments in
      asked.note(arguments.joined(separator: " "))
      return try trained.judge(arguments)
    })
    _ = try await trained.train(search, trained.workers())
    let progress = try trained.progress()
    #expect(progress.decisions.filter { $0.rung == 1 }.map(\.trial).first == 2, "the third of three")
    let best = try #require(progress.standings.last)
    #expect(best.state == .done && abs((best.objective ?? 0) - 11) < 1e-9)
    // Nine at the first rung, what went on at the next ones.
    let rungs = progress.evidence.trials.map(\.rung)
    #expect(asked.lines.count == rungs.reduce(0) { $0 + [1, 2, 4][$1] } && Set(asked.lines).count == asked.lines.count)
    #expect(asked.lines.allSatisfy { $0.contains("--metrics chi2") && $0.contains("--held-out") })
    #expect(progress.ranking.columns.contains { $0.title == "held-out χ²" })
  }

  @Test func `what cannot be judged is told, and the search waits for it`() async throws {
    let trained = try Trained(trials: 3)
    try trained.set(objective: "fpd")
    let judging: WorkerProgram.Call = { _ in throw WorkerFailure(programEnd: .defect, description: "no") }
    _ = try await trained.train(trained.started(judging: judging), trained.workers())
    var search = try await trained.started(judging: judging)
    let said = Asked()
    let (decision, end) = try await search.decide(say: said.note)
    #expect(decision == nil && end == nil)
    #expect(said.lines.count == 3 && said.lines[0].contains("is not judged at checkpoint 2: no"))
    _ = try await search.decide(say: said.note)
    #expect(said.lines.count == 3, "it is not tried again")
    #expect(try trained.progress().standings.map(\.state) == [.training, .training, .training])
  }

  @Test func `what is judged and has no such metric is told, and not judged again`() async throws {
    let trained = try Trained(trials: 3)
    try trained.set(objective: "fpd")
    _ = try await trained.train(trained.started(judging: { try trained.judge($0) }), trained.workers())
    let (asked, said) = (Asked(), Asked())
    var search = try await trained.started(judging: {
      asked.note($0.joined(separator: " "))
      return try trained.judge($0)
    })
    _ = try await search.decide(say: said.note)
    _ = try await search.decide(say: said.note)
    #expect(asked.lines.count == 3)
    #expect(said.lines.count == 3 && said.lines[0].hasSuffix("is not judged at checkpoint 2: fpd cannot be computed"))
  }

  @Test func `of many trials that cannot be told apart the first five are named`() async throws {
    let trained = try Trained(trials: 3)
    _ = try await trained.train(trained.started(), trained.workers())
    let progress = try trained.progress()
    var specification = progress.specification
    (specification.rungs, specification.replicates) = ([2], [1])
    let trials = (0..<125).map { TrialEvidence([:], [ReplicateEvidence([CurveValue(2, Double($0))])]) }
    #expect(
      progress.sentence(SearchVerdict(specification, SearchEvidence(trials)))
        == "Which is the best cannot be told: each has one seed; search.replicates gives them more (trial 1, trial 2, "
        + "trial 3, trial 4, trial 5 and 120 more).")
  }

  @Test func `two at once do not decide for one search`() async throws {
    let trained = try Trained()
    let first = try await trained.started()
    await #expect(throws: StartedSearch.Locked.self) { try await trained.started() }
    _ = try await trained.train(first, trained.workers(), stops: 3)
  }

  @Test func `more trials go on with it, and another space does not`() async throws {
    let trained = try Trained(trials: 3)
    let fakes = trained.workers()
    _ = try await trained.train(trained.started(), fakes)
    let before = try trained.progress().decisions
    let text = try String(contentsOfFile: trained.file, encoding: .utf8)
    try text.replacing("trials: 3", with: "trials: 5").write(toFile: trained.file, atomically: true, encoding: .utf8)
    _ = try await trained.train(trained.started(), fakes)
    let after = try trained.progress().decisions
    #expect(Array(after.prefix(before.count)) == before && after.count(where: { $0.cause == .new }) == 5)
    try text.replacing("1.0e-3]", with: "1.0e-2]").write(toFile: trained.file, atomically: true, encoding: .utf8)
    let error = await #expect(throws: InputError.self) { try await trained.started() }
    #expect(error?.description.contains("its space had other values") ?? false)
    // So do another model around it, other data of the same file, and other seeds, but not more of them.
    let frame = "  trials: 3\n"
    try (text + "\nlatent: 7\n").write(toFile: trained.file, atomically: true, encoding: .utf8)
    let model = await #expect(throws: InputError.self) { try await trained.started() }
    #expect(model?.description.contains("what its trials share, or their data, was another") ?? false)
    try (text + "\nseeds: [9, 8]\n").write(toFile: trained.file, atomically: true, encoding: .utf8)
    let seeds = await #expect(throws: InputError.self) { try await trained.started() }
    #expect(seeds?.description.contains("its seeds were another") ?? false)
    try (text.replacing(frame, with: "  trials: 5\n") + "\nseeds: [1, 2, 9]\n")
      .write(toFile: trained.file, atomically: true, encoding: .utf8)
    _ = try await trained.started()
  }

  @Test func `a metric of other events is none of its numbers`() async throws {
    let trained = try Trained(trials: 3)
    try trained.set(objective: "held_out_chi2")
    _ = try await trained.train(trained.started(judging: { try trained.judge($0) }), trained.workers())
    let before = try trained.progress()
    let run = try #require(before.places.first { $0.value == (0, 0) }?.key)
    // Somebody judges one of them by a tenth of the events.
    let metrics = MetricsRecord(seed: 1, events: 50, heldOut: true, values: [.heldOutChi2: MetricValue(value: 1e-3)])
    let judged = EvaluatedCheckpoint(
      run: run, checkpoint: 2, iteration: 2000, sha256: "ab", commit: "c", metrics: metrics)
    let workspace = trained.study.workspace
    try DurableFile.append(
      line: CanonicalJSON.data(judged), to: RunFolder(workspace.runFolder(run)).metricsFile)
    try Ledger(workspace).ingest(run: run)
    #expect(try trained.progress().evidence.trials[0].replicates[0].measured[2] == nil)
    // It is judged again, as the others were, and nothing is decided otherwise.
    let again = Asked()
    let judging: WorkerProgram.Call = {
      again.note($0.joined(separator: " "))
      return try trained.judge($0)
    }
    _ = try await trained.train(trained.started(judging: judging), trained.workers())
    #expect(again.lines.count == 1)
    #expect(try trained.progress().decisions == before.decisions)
    #expect(try trained.progress().evidence.trials[0] == before.evidence.trials[0])
  }

  @Test func `half a line that a killed process left is no decision`() async throws {
    let trained = try Trained(trials: 3)
    let fakes = trained.workers()
    _ = try await trained.train(trained.started(), fakes, stops: 2)
    let path = trained.study.workspace.searches + "/wanted.jsonl"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let count = try trained.progress().decisions.count
    try (bytes.dropLast(lines.last!.count / 2)).write(to: URL(fileURLWithPath: path))
    #expect(try trained.progress().decisions.count == count - 1)
    _ = try await trained.train(trained.started(), fakes)
    #expect(try trained.progress().decisions.count(where: { $0.cause == .new }) == 3)
    #expect(try trained.progress().standings.contains { $0.state == .done })
  }

  @Test func `a search is found by its file and by its name`() async throws {
    let trained = try Trained(trials: 3)
    _ = try await trained.train(trained.started(), trained.workers(), stops: 1)
    let workspace = trained.study.workspace
    #expect(try SearchSource.find("wanted", in: workspace)?.source == trained.file)
    #expect(try SearchSource.find(trained.file, in: workspace)?.expanded.plan.name == "wanted")
    #expect(try SearchSource.find("small", in: workspace) == nil)
    try FileManager.default.removeItem(atPath: trained.file)
    #expect(throws: InputError.self) { try SearchSource.find("wanted", in: workspace) }
  }
}

extension StartedSearchTests.Trained {
  fileprivate func progressIfAny() throws -> SearchProgress? {
    guard FileManager.default.fileExists(atPath: study.workspace.ledger) else { return nil }
    return try SearchProgress("wanted", in: Ledger(reading: study.workspace))
  }
}

package import Experiment
import Foundation
package import Ledger
package import Records
import Storage

/// The judging of kept generators by metrics, after the training: the worker computes, and what it finds becomes a line of
/// the run's `metrics.jsonl`, which the ledger reads.
package struct RunJudge {
  /// Which checkpoint of a run is judged.
  package enum Choice: Hashable, Sendable {
    /// The one with the lowest χ²/NDF on the events that were trained on.
    case best
    /// The last one.
    case last
    case number(Int)

    /// `best`, `last` or a number; nil for anything else.
    package init?(_ text: String) {
      switch text {
      case "best": self = .best
      case "last": self = .last
      default:
        guard let number = Int(text), number >= 0 else { return nil }
        self = .number(number)
      }
    }

    /// The words that it is read from.
    package var text: String {
      switch self {
      case .best: "best"
      case .last: "last"
      case .number(let number): "\(number)"
      }
    }
  }

  private let ledger: Ledger
  private let choice: Choice
  private let families: [Metric.Family]
  /// Events of each energy, generated and held out; nil for as many as were trained on.
  private let events: Int?
  private let source: String?
  private let worker: WorkerProgram.Call

  /// - Parameters:
  ///   - ledger: Has the runs; takes the results.
  ///   - choice: Which checkpoint of each.
  ///   - families: What is computed.
  ///   - events: Events of each energy, generated and held out; nil for as many as were trained on.
  ///   - source: The file that the data were prepared from; nil for the one that the sweep names.
  ///   - worker: What computes; nil: the worker's program.
  /// - Throws: `InputError` when there is no worker.
  package init(
    _ ledger: Ledger, at choice: Choice, families: [Metric.Family], events: Int? = nil, source: String? = nil,
    worker: WorkerProgram.Call? = nil
  ) throws {
    (self.ledger, self.choice, self.families) = (ledger, choice, families)
    (self.events, self.source) = (events, source)
    self.worker = try worker ?? WorkerProgram.call()
  }

  /// Judges one run.
  /// - Parameters:
  ///   - run: Its identity.
  ///   - say: Takes a sentence for each thing that was asked for and could not be computed.
  /// - Returns: What was recorded.
  /// - Throws: `InputError` when the generator, the data or the source are not here; `WorkerFailure`; `StorageError`;
  ///   `LedgerError`.
  package func judge(_ run: String, say: (String) -> Void) async throws -> EvaluatedCheckpoint {
    let job = try job(of: run)
    let printed = try await worker(arguments(job) + ["--fresh", "--format", "json"])
    let result = try CanonicalJSON.value(Printed.self, from: Data(printed.utf8))
    for remark in result.full.remarks { say("\(run): \(remark)") }
    var evaluated = result.evaluated
    (evaluated.chosen, evaluated.time) = (choice.text, Date().timeIntervalSince1970)
    evaluated.metrics.ordered = ordered(job)
    try record(evaluated, in: \.metricsFile, of: run)
    return evaluated
  }

  /// Has one run's circuit measured.
  /// - Parameters:
  ///   - run: Its identity.
  ///   - options: How: the worker's options --shots, --device and the like.
  /// - Returns: What was recorded.
  /// - Throws: As `judge`.
  package func measure(_ run: String, by options: [String]) async throws -> MeasuredCheckpoint {
    let printed = try await worker(arguments(job(of: run)) + options + ["--format", "json"])
    var measured = try CanonicalJSON.value(MeasuredCheckpoint.self, from: Data(printed.utf8))
    (measured.chosen, measured.time) = (choice.text, Date().timeIntervalSince1970)
    try record(measured, in: \.devicesFile, of: run)
    return measured
  }

  /// Adds a line to a file of the run's folder, and has the ledger read it.
  private func record(_ line: some Encodable, in file: KeyPath<RunFolder, String>, of run: String) throws {
    let folder = RunFolder(ledger.workspace.runFolder(run))
    try DurableFile.append(line: CanonicalJSON.data(line), to: folder[keyPath: file])
    try ledger.ingest(run: run)
  }

  /// What a run trains.
  private func job(of run: String) throws -> JobDescription {
    let path = ledger.workspace.jobDescription(run)
    guard let data = try? FileContent.data(of: path) else {
      throw InputError("\(path): there is no job description")
    }
    return try CanonicalJSON.value(from: data)
  }

  /// The events of each energy that a run is judged by.
  private func ordered(_ job: JobDescription) -> Int { events ?? job.dataset.eventsPerEnergy }

  /// What the worker is asked for of one run.
  private func arguments(_ job: JobDescription) throws -> [String] {
    let (run, workspace) = (job.run, ledger.workspace)
    let folder = workspace.runFolder(run)
    let curve = try ledger.curves(of: [run])[run] ?? Curve()
    let number: Int? =
      switch choice {
      case .best: curve.best?.checkpoint
      case .last: curve.last
      case .number(let number): number
      }
    guard let number else { throw InputError("\(run): it has no checkpoint yet") }
    guard let generator = try ledger.keptGenerator(of: run, at: number) else {
      throw InputError(
        "\(folder): the generator of checkpoint \(number) is not kept here; `qcalo checkpoints list \(run)`")
    }
    let path = job.dataset.path
    return [
      "evaluate", "--reference", path.hasPrefix("/") ? path : "\(folder)/\(path)", "--checkpoint", generator,
      "--events", "\(ordered(job))", "--seed", "\(job.seed)", "--held-out",
      try heldOut(of: run), "--metrics", families.map(\.rawValue).joined(separator: ","),
    ]
  }

  /// The file that the run's data were prepared from.
  private func heldOut(of run: String) throws -> String {
    if let source { return source }
    let named = try ledger.sources(of: run)
    guard let found = named.first(where: FileManager.default.fileExists(atPath:)) else {
      throw InputError(
        "\(run): the source of its data, \(named.first ?? "of no sweep"), is not here; it has the events that were not "
          + "trained on: name it by --source")
    }
    return found
  }

  private struct Printed: Decodable {
    var evaluated: EvaluatedCheckpoint
    var full: Full

    struct Full: Decodable {
      var remarks: [String]
    }
  }
}

extension Ledger {
  /// The path of the file that generates showers of a run's checkpoint; nil where none is kept here.
  /// - Throws: `LedgerError`.
  func keptGenerator(of run: String, at checkpoint: Int) throws -> String? {
    try generatorFile(of: run, at: checkpoint).map { "\(workspace.runFolder(run))/\($0)" }
      .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }
}

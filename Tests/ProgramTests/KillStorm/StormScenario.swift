import Experiment
import Foundation
import TestSupport

/// What is started in which workspace, and which program is killed there.
enum StormScenario: String, CaseIterable {
  case worker
  /// The run had finished; its budget is larger now.
  case workerContinued = "worker-continued"
  case run
  case runContinued = "run-continued"
  /// `qcalo run`, all of whose workers are killed.
  case runWorkers = "run-workers"
  /// `run` of a search.
  case search
  /// After `run` of a larger budget was asked to stop before it had started a worker.
  case resume
  /// Journals have grown since the ledger was last written.
  case collect
  case rebuild

  /// The program whose calls are numbered and that is killed.
  var program: String {
    switch self {
    case .worker, .workerContinued, .runWorkers: "qcalo-worker"
    default: "qcalo"
    }
  }

  /// Whether it is the program that is started, not one that this starts.
  var killsWhatIsStarted: Bool { self != .runWorkers }

  /// The name of the program that is started, and its arguments.
  func command(run: String?) -> (program: String, arguments: [String]) {
    switch self {
    case .worker, .workerContinued: (program, ["train", "work/runs/\(run ?? "")/job.json"])
    case .run, .runWorkers: ("qcalo", ["run", "small.yaml"])
    case .runContinued: ("qcalo", ["run", "more.yaml"])
    case .search: ("qcalo", ["run", "wanted.yaml", "--jobs", "1"])
    case .resume: ("qcalo", ["resume", "small"])
    case .collect: ("qcalo", ["collect"])
    case .rebuild: ("qcalo", ["collect", "--rebuild"])
    }
  }

  /// What is started after a kill: the same, but for a rebuilding, which need not be made again.
  func recovery(run: String?) -> (program: String, arguments: [String]) {
    (self == .rebuild ? .collect : self).command(run: run)
  }

  /// Makes the workspace in which it begins.
  /// - Throws: `TestFailure` when a step does not come out as it should.
  func prepare(_ place: StormPlace, shim: FaultShim) throws {
    if [.run, .runWorkers, .search].contains(self) { return }
    try place.succeed("qcalo", ["run", "small.yaml"])
    switch self {
    case .worker: try place.forgetTraining()
    case .workerContinued: try place.enlargeBudget()
    case .resume: try stop(place, shim)
    case .collect, .rebuild:
      try place.enlargeBudget()
      let (program, arguments) = Self.workerContinued.command(run: try place.runs.first)
      try place.succeed(program, arguments)
    case .run, .runWorkers, .runContinued, .search: break
    }
  }

  /// Starts a larger budget and stops that when the sweep is recorded.
  private func stop(_ place: StormPlace, _ shim: FaultShim) throws {
    let trial = try StormPlace(copying: place)
    func start(_ place: StormPlace, at number: Int) throws -> Execution {
      try place.start(
        "qcalo", ["run", "more.yaml"],
        shim.environment(of: "qcalo", folder: place.work, at: number, .stop, log: place.log))
    }
    _ = try start(trial, at: 0)
    let recording = FaultShim.calls(in: trial.log).first { $0.name == "rename" && $0.path.hasSuffix("/small.json") }
    let stopped = try start(place, at: recording?.number ?? 0)
    guard stopped.status == ProgramEnd.resumable.rawValue else { throw TestFailure("run was not stopped: \(stopped)") }
  }
}

extension StormScenario {
  /// The names in $QCALO_TEST_STORM; nil: only a few kills of each scenario are asked for.
  private static let named = ProcessInfo.processInfo.environment["QCALO_TEST_STORM"]?.split(separator: " ")

  /// Whether programs are killed at every call.
  static var isWhole: Bool { named != nil }
  /// Those names that are no scenario's.
  static var unknown: [Substring] { (named ?? []).filter { $0 != "all" && Self(rawValue: String($0)) == nil } }
  /// The scenarios that are asked for, all where a name is unknown.
  static var chosen: [Self] {
    guard let named, unknown.isEmpty, !named.contains("all") else { return allCases }
    return allCases.filter { named.contains($0.rawValue[...]) }
  }
}

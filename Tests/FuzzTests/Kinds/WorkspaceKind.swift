import Experiment
import Foundation
import Ledger
import Records
import Reports
import Storage
import TestSupport

/// The files of a workspace: whatever one of them holds, the ledger can be made and asked.
///
/// An input is the path of a file in the workspace on a line, and what is in it.
struct WorkspaceKind: FuzzKind {
  static let name = "workspace"
  let mutator: Mutator
  private let workspace: Workspace
  private let names: [String]
  private let sound: [String: [UInt8]]

  init(in folder: String) throws {
    let path = folder + "/workspace"
    let sample = Repository.path("Tests/LedgerTests/Workspaces/schema-7")
    try FileManager.default.copyItem(atPath: sample, toPath: path)
    let run = "classical-50-200-s1-8bb4bc9d8fb7"
    var result = EvaluatedCheckpoint(
      run: run, checkpoint: 1, iteration: 1000, sha256: "d0", commit: "abc",
      metrics: MetricsRecord(seed: 1, events: 100, heldOut: true, values: [:]))
    for metric in Metric.allCases { result.metrics.values[metric] = MetricValue(value: 0.5, error: 0.1, floor: 0.2) }
    try write(Array(CanonicalJSON.data(result)) + [0x0a], to: "\(path)/runs/\(run)/metrics.jsonl")
    try write(
      Array(CanonicalJSON.data(LostWork(cores: 2, seconds: [run: 12.5]))), to: path + "/submissions/small-1/lost.json")
    workspace = Workspace(path: path)
    var sound: [String: [UInt8]] = [:]
    for name in FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? [] where name.contains(".json")
    {
      sound[name] = try FileContent.bytes(of: path + "/" + name)
    }
    (self.sound, names) = (sound, sound.keys.sorted())
    mutator = Mutator(seeds: names.map { Array("\($0)\n".utf8) + sound[$0]! }, isText: true)
  }

  /// With a checksum at each line of a journal.
  func mended(_ bytes: [UInt8]) -> [UInt8] {
    guard let end = bytes.firstIndex(of: 0x0a) else { return bytes }
    let isJournal = String(decoding: bytes[..<end], as: UTF8.self).contains("/journal/")
    return isJournal ? bytes[...end] + JournalKind.sealed(Array(bytes[(end + 1)...])) : bytes
  }

  func read(_ bytes: [UInt8]) throws {
    let end = bytes.firstIndex(of: 0x0a) ?? bytes.count
    let named = String(decoding: bytes[..<end], as: UTF8.self)
    let name = sound[named] == nil ? names[bytes.count % names.count] : named
    let path = workspace.path + "/" + name
    try write(Array(bytes[end...].dropFirst()), to: path)
    defer { try? write(sound[name]!, to: path) }
    for end in ["", "-journal"] { unlink(workspace.ledger + end) }
    let report = try Ledger(workspace).collect()
    let ledger = try Ledger(reading: workspace)
    let process = { (_: Attempt) in ProcessEvidence.unknown }
    let statuses = try ledger.statuses(process: process)
    _ = TextTable(statuses, rehearsals: try ledger.rehearsals()).render(.table)
    for run in statuses.map(\.run) {
      let curve = try CurveReport(of: run, in: ledger)
      _ = (curve.plot, curve.table.render(.json))
      _ = try ledger.metrics(of: run)
      _ = try ledger.notices(of: run)
    }
    _ = try ledger.begunRuns()
    let rates = try ledger.recordedRates().map { CostModel.Sample(shape: $0.shape, rate: $0.rate) }
    let model = CostModel(rates)
    for shape in rates.map(\.shape) { _ = model.rate(of: shape) }
    for sweep in try ledger.sweeps() {
      let results = try SweepResults(sweep, in: ledger, process: process)
      for format in TableFormat.allCases { _ = results.table().render(format) }
      _ = results.paperTables().map { $0.render(.table) }
      _ = try results.csvBundle(ledger)
      _ = results.latex()
      _ = results.hepData()
    }
    for problem in report.problems { if let flaw = Finding.flaw(ofSentence: problem) { throw Finding(flaw) } }
    if let problem = report.problems.first { throw InputError(problem) }
  }
}

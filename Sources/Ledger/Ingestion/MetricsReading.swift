import Experiment
import Foundation
import GRDB
import Records

/// The content of a file of results of a run, line by line.
struct ResultsReading<Result: Decodable> {
  /// The results of whole lines, in their order.
  private(set) var results: [Result] = []
  /// Whole lines that were read.
  private(set) var lines = 0
  /// A clause for each line that is none, with its number from 1.
  private(set) var flaws: [(line: Int, reason: String)] = []

  /// - Parameters:
  ///   - data: The file; a last line without an end is left alone.
  ///   - flaw: Why a result cannot be taken in, a clause; nil when it can.
  init(_ data: Data, flaw: (Result) -> String?) {
    let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[data.startIndex...$0] } ?? Data()
    for (index, line) in whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .enumerated()
    {
      lines += 1
      do {
        let result: Result = try CanonicalJSON.value(from: Data(line))
        if let flaw = flaw(result) {
          flaws.append((index + 1, flaw))
        } else {
          results.append(result)
        }
      } catch let error as DecodingError {
        flaws.append((index + 1, error.explanation))
      } catch {
        flaws.append((index + 1, "\(error)"))
      }
    }
  }
}

/// The content of a run's `metrics.jsonl`.
struct MetricsReading {
  /// The results, one for each checkpoint, ascending.
  private(set) var results: [EvaluatedCheckpoint] = []
  /// Whole lines that were read.
  let lines: Int
  /// A clause for each line that is none, with its number from 1.
  let flaws: [(line: Int, reason: String)]

  /// - Parameters:
  ///   - data: The file; a last line without an end is left alone.
  ///   - run: The run that it is of.
  init(_ data: Data, of run: String) {
    let reading = ResultsReading<EvaluatedCheckpoint>(data) { $0.flaw(run: run) }
    (lines, flaws) = (reading.lines, reading.flaws)
    var found: [Int: EvaluatedCheckpoint] = [:]
    for result in reading.results { found[result.checkpoint] = result.joined(to: found[result.checkpoint]) }
    results = found.values.sorted { $0.checkpoint < $1.checkpoint }
  }
}

extension EvaluatedCheckpoint {
  /// This result with the metrics of an earlier one that it lacks, if both are of the same showers.
  fileprivate func joined(to earlier: EvaluatedCheckpoint?) -> EvaluatedCheckpoint {
    guard let earlier, earlier.sha256 == sha256, earlier.metrics.seed == metrics.seed,
      earlier.metrics.events == metrics.events, earlier.metrics.heldOut == metrics.heldOut
    else { return self }
    var joined = self
    joined.metrics.values.merge(earlier.metrics.values) { new, _ in new }
    return joined
  }
}

extension Ledger {
  /// Takes in a run's `metrics.jsonl`, if it is new or has changed.
  /// - Returns: What is wrong with it.
  func ingestMetrics(_ run: String, _ db: Database, _ report: inout IngestReport) throws -> [String] {
    let path = RunFolder(workspace.runFolder(run)).metricsFile
    guard let (data, progress) = try changed(run: run, file: RunFolder.metricsName, path: path, db) else { return [] }
    let reading = MetricsReading(data, of: run)
    try db.execute(sql: "DELETE FROM metrics WHERE run = ?", arguments: [run])
    for result in reading.results { try RowWriter(db: db).insert(Schema.metrics, Fields(result)) }
    report.records += reading.lines - reading.flaws.count
    // Met again and again until it is mended.
    if reading.flaws.isEmpty { try progress.save(run: run, file: RunFolder.metricsName, db) }
    return reading.flaws.map { line, reason in
      "\(path):\(line): not a result of this run's evaluation: \(reason); the line is passed over"
    }
  }
  /// Takes in a run's `devices.jsonl`, if it is new or has changed; of equal settings the later one stays.
  /// - Returns: What is wrong with it.
  func ingestMeasurements(_ run: String, _ db: Database, _ report: inout IngestReport) throws -> [String] {
    let path = RunFolder(workspace.runFolder(run)).devicesFile
    guard let (data, progress) = try changed(run: run, file: RunFolder.devicesName, path: path, db) else { return [] }
    let reading = ResultsReading<MeasuredCheckpoint>(data) { $0.flaw(run: run) }
    try db.execute(sql: "DELETE FROM measurements WHERE run = ?", arguments: [run])
    for result in reading.results {
      for setting in result.settings { try RowWriter(db: db).insert(Schema.measurements, Fields(result, setting)) }
    }
    report.records += reading.lines - reading.flaws.count
    if reading.flaws.isEmpty { try progress.save(run: run, file: RunFolder.devicesName, db) }
    return reading.flaws.map { line, reason in
      "\(path):\(line): not what a device made of this run's generator: \(reason); the line is passed over"
    }
  }
}

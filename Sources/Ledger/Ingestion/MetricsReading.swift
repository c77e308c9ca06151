import Experiment
import Foundation
import GRDB
import Records

/// The content of a run's `metrics.jsonl`, line by line.
struct MetricsReading {
  /// The results, one for each checkpoint, ascending.
  private(set) var results: [EvaluatedCheckpoint] = []
  /// Whole lines that were read.
  private(set) var lines = 0
  /// A clause for each line that is none, with its number from 1.
  private(set) var flaws: [(line: Int, reason: String)] = []

  /// - Parameters:
  ///   - data: The file; a last line without an end is left alone.
  ///   - run: The run that it is of.
  init(_ data: Data, of run: String) {
    var found: [Int: EvaluatedCheckpoint] = [:]
    let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[data.startIndex...$0] } ?? Data()
    for (index, line) in whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .enumerated()
    {
      lines += 1
      do {
        let result: EvaluatedCheckpoint = try CanonicalJSON.value(from: Data(line))
        if let flaw = result.flaw(run: run) {
          flaws.append((index + 1, flaw))
        } else {
          found[result.checkpoint] = result.joined(to: found[result.checkpoint])
        }
      } catch let error as DecodingError {
        flaws.append((index + 1, error.explanation))
      } catch {
        flaws.append((index + 1, "\(error)"))
      }
    }
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
}

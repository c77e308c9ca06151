import Experiment
package import Ledger
package import Reports
package import Search
import Storage

/// Curves of models that were trained to the end, for a replay.
package struct RecordedCurves {
  /// What they are of: a sweep's name, or a file's path.
  package var source: String
  /// A model's label, and its curves, a list of seeds.
  package struct Model: Hashable, Sendable {
    /// The sweep's name and the row's label, or the label alone.
    package var label: String
    /// The curves, one for each seed.
    package var seeds: [[CurveValue]]
  }
  /// The models in the order of the source.
  package var models: [Model]

  /// The curves of a sweep's runs that have ended, as the ledger has them.
  /// - Throws: `LedgerError`, also when there is no such sweep; `InputError` when none has a curve.
  package init(sweep: String, in ledger: Ledger) throws {
    var found: [(key: String, curve: [CurveValue])] = []
    for status in try ledger.statuses(sweep: sweep) where status.state == .finished {
      let curve = try ledger.points(of: status.run).map {
        CurveValue($0.checkpoint, $0.reduced ?? .nan, response: $0.meanResponse)
      }
      found.append((status.label, curve))
    }
    try self.init(source: sweep, found)
  }

  /// The curves of a table (CSV) with the columns sweep, label, seed, checkpoint, reduced and mean_response, as
  /// docs/study/curves.csv is; in any order.
  /// - Throws: `InputError` when it is no such table; `StorageError`.
  package init(csv path: String) throws {
    let rows = try CSVRows(reading: path).rows(of: ["sweep", "label", "seed", "checkpoint", "reduced", "mean_response"])
    var (order, curves) = ([String](), [String: (label: String, curve: [CurveValue])]())
    for row in rows {
      let fields = row.values
      guard let checkpoint = Int(fields[3]), (0...Bounds.checkpoints.upperBound).contains(checkpoint) else {
        throw InputError("\(path):\(row.line): '\(fields[3])' is no number of a checkpoint")
      }
      let key = fields.prefix(3).joined(separator: "\n")
      if curves[key] == nil { order.append(key) }
      func number(_ text: String, _ column: String) throws -> Double? {
        guard !text.isEmpty else { return nil }
        guard let number = Double(text) else {
          throw InputError("\(path):\(row.line): \(column) '\(text)' is no number")
        }
        return number
      }
      let reduced = try number(fields[4], "reduced") ?? .nan
      let value = CurveValue(checkpoint, reduced, response: try number(fields[5], "mean_response"))
      curves[key, default: ("\(fields[0])/\(fields[1])", [])].curve.append(value)
    }
    try self.init(
      source: path,
      order.compactMap { key in
        curves[key].map { ($0.label, $0.curve.sorted { $0.checkpoint < $1.checkpoint }) }
      })
  }

  private init(source: String, _ curves: [(key: String, curve: [CurveValue])]) throws {
    (self.source, models) = (source, [])
    for (label, curve) in curves where !curve.isEmpty {
      if let index = models.firstIndex(where: { $0.label == label }) {
        models[index].seeds.append(curve)
      } else {
        models.append(Model(label: label, seeds: [curve]))
      }
    }
    if models.count < 2 {
      throw InputError("\(source): a replay wants the curves of two finished models, and has \(models.count)")
    }
  }
}

extension RecordedCurves {
  /// The same with each run as a model of its own.
  package var perRun: RecordedCurves {
    var curves = self
    curves.models = models.flatMap { model in
      model.seeds.enumerated().map { Model(label: "\(model.label), \($0 + 1)", seeds: [$1]) }
    }
    return curves
  }

  /// The checkpoint at which the longest curves end.
  package var last: Int { models.compactMap(\.end).max() ?? 0 }

  /// The models whose curves come to a checkpoint.
  func models(to checkpoint: Int) -> [[[CurveValue]]] {
    models.filter { $0.end ?? 0 >= checkpoint }.map(\.seeds)
  }
}

extension RecordedCurves.Model {
  /// Where the shortest of its curves ends.
  fileprivate var end: Int? { seeds.compactMap { $0.last?.checkpoint }.min() }
}

extension TextTable {
  /// What each ladder would have found among the recorded models that come to its end.
  /// - Parameters:
  ///   - curves: The models' curves.
  ///   - ladders: What is tried.
  ///   - objective: What a model is judged by.
  ///   - orders: Orders in which the models are drawn.
  ///   - tolerance: The part of the best's objective that another may be worse and count as found.
  /// - Throws: `InputError` where fewer than two models come to the end of a ladder.
  package init(
    _ curves: RecordedCurves, _ ladders: [SearchReplay.Ladder], objective: Objective, orders: Int, tolerance: Double
  ) throws {
    let rows = try ladders.map { ladder -> [Cell] in
      let end = ladder.rungs.last ?? 0
      let models = curves.models(to: end)
      guard models.count > 1 else {
        throw InputError(
          "--rungs: \(end) is beyond the curves of all but \(counted(models.count, "model")) of \(curves.source)")
      }
      let outcome = SearchReplay(models: models, objective: objective, orders: orders)
        .outcome(of: ladder, tolerance: tolerance)
      return [
        .text(ladder.rungs.map(String.init).joined(separator: " ")), .integer(ladder.factor),
        .integer(ladder.guardian?.grace ?? 0), .number(ladder.guardian?.share ?? 0, digits: 0),
        .integer(models.count), .number(outcome.cost), .number(outcome.found), .number(outcome.near),
        .number(outcome.regret), .number(outcome.lateFound), .integer(outcome.late),
      ]
    }
    self.init(
      title: "Replay of \(curves.source)", key: "ladders",
      columns: [
        "rungs", "factor", "grace", "share", "models", "cost", Column("best found", key: "found"),
        Column("or near", key: "near"), "regret", Column("late found", key: "late_found"), Column("of", key: "late"),
      ], rows: rows,
      notes: [
        "In \(counted(orders, "order")). Cost: of all trained to the end. Regret: of the best's χ²/NDF, the median. Near: "
          + "within \(Cell.number(tolerance, digits: 0).text) of it. Late: among the best at the end, and not at the first rung."
      ])
  }
}

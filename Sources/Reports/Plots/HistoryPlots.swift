import Experiment
package import Ledger
import Storage

/// What was recorded of the best run of a row while it was trained.
package struct RunHistory: Hashable, Sendable {
  /// The run's identity.
  package var run: String
  /// The row's label.
  package var label: String
  /// What plots of it are called, without an ending.
  package var name: String
  /// The seed that it was trained with.
  package var seed: UInt64
  /// The checkpoints in order.
  package var points: [CurvePoint]
}

extension SweepResults {
  /// The history of each row's best run, of as many rows as are drawn one by one.
  /// - Throws: `LedgerError`.
  package func histories(in ledger: Ledger) throws -> [RunHistory] {
    var known = Set<String>()
    return try rows.filter { !$0.row.isParametric }.compactMap { row -> RunHistory? in
      let begun = row.runs.filter { $0.curve.best != nil }
      guard let run = begun.min(by: { ($0.curve.best?.reduced ?? 0) < ($1.curve.best?.reduced ?? 0) }),
        known.insert(run.run).inserted, known.count <= Self.plotLimit
      else { return nil }
      return RunHistory(
        run: run.run, label: row.row.label, name: Self.fileName(row.row), seed: run.seed,
        points: try ledger.points(of: run.run))
    }
  }

  /// Pictures of what was recorded during training: χ²/NDF against hours of training and against iterations, all rows in
  /// one; and of each row losses, gradients and dead voxels against the checkpoint.
  package func historyPlots(_ histories: [RunHistory]) -> [Plot] {
    let shown = histories.filter { $0.points.count > 1 }
    let against = [
      Self.against(shown, "hours", "hours of training", sweep) { $0.trainingSeconds / 3600 },
      Self.against(shown, "iterations", "iterations", sweep) { Double($0.iteration) },
    ]
    return against.compactMap(\.self) + shown.compactMap(Self.training)
  }

  private static func against(
    _ histories: [RunHistory], _ name: String, _ title: String, _ sweep: String, _ x: (CurvePoint) -> Double
  ) -> Plot? {
    let shown = histories.prefix(Plot.colours.count * 3)
    // Nothing stands against a price that was never paid.
    guard shown.contains(where: { $0.points.contains { x($0) > 0 } }) else { return nil }
    let rows = shown.enumerated().flatMap { index, history in
      history.points.map { point -> [Cell] in
        [.integer(index), .text(history.label.printable), .number(x(point)), Cell(point.reduced, digits: 0)]
      }
    }
    let file = "curves-\(name)"
    let lines = shown.enumerated().map { index, history in
      "'\(file).csv' using ($1==\(index) ? $3 : NaN):4 with lines linewidth 1.5 \(Plot.lineStyle(index)) "
        + "title \(Plot.legend("\(history.label), seed \(history.seed)"))"
    }
    let curves = shown.map {
      Curve(checkpoints: $0.points.map(\.checkpoint), reduced: $0.points.map { $0.reduced ?? .nan })
    }
    return Plot(
      name: file, title: "χ²/NDF of \(sweep) against \(title): the best run of each row",
      csv: TextTable(columns: ["row", "label", Column(name), Column("χ²/NDF", key: "reduced")], rows: rows).render(
        .csv),
      commands: axes.replacing("'checkpoint'", with: "'\(title)'") + range(curves)
        + "\nplot \(lines.joined(separator: ", \\\n  "))",
      chart: Chart(shown, against: title, curves, x))
  }

  /// Losses, gradients and dead voxels of one run, above one another; nil where none were recorded.
  private static func training(_ history: RunHistory) -> Plot? {
    let file = history.name + "-training"
    let columns = [
      "checkpoint", "discriminator_loss", "generator_loss", "penalty", "discriminator_gradient", "generator_gradient",
      "dead_voxels",
    ]
    let rows = history.points.map { point -> [Cell] in
      [.integer(point.checkpoint)]
        + [
          point.discriminatorLoss, point.generatorLoss, point.penalty, point.discriminatorGradient,
          point.generatorGradient, point.deadVoxels.map { 100 * $0 },
        ].map { Cell($0, digits: 0) }
    }
    // gnuplot refuses a panel without a number.
    func hasNumbers(_ columns: [Int]) -> Bool {
      columns.allSatisfy { column in rows.contains { $0[column - 1] != .missing } }
    }
    guard hasNumbers([2, 3, 4, 5, 6, 7]) else { return nil }
    func line(_ column: Int, _ colour: Int, _ title: String) -> String {
      "'\(file).csv' using 1:\(column) with lines linewidth 1.5 linecolor rgb '\(Plot.colours[colour])' title '\(title)'"
    }
    let title = "Losses, gradients and dead voxels of \(history.label), seed \(history.seed)"
    let losses = history.points.flatMap { [$0.discriminatorLoss, $0.generatorLoss, $0.penalty].compactMap(\.self) }
    let commands = """
      set multiplot layout 3,1 title \(Plot.heading(title)) \
      margins screen 0.12, screen 0.97, screen 0.19, screen 0.9 spacing screen 0.01, screen 0.03
      unset title
      set key at screen 0.545, screen 0.04 center center horizontal maxrows 1 Left reverse samplen 2 width 2
      set xrange [\(history.points.first?.checkpoint ?? 0):\(max(1, history.points.last?.checkpoint ?? 0))]
      set format x ''
      set tics font ',\(Plot.small)'
      set ylabel 'loss'
      set ytics \(Plot.step(losses))
      plot \([line(2, 0, "discriminator"), line(3, 1, "generator"), line(4, 2, "penalty")].joined(separator: ", "))
      unset key
      set ylabel '|gradient|'
      set logscale y
      set ytics autofreq
      set format y '%g'
      plot \([line(5, 0, "discriminator"), line(6, 1, "generator")].joined(separator: ", "))
      unset logscale y
      set ylabel 'dead voxels / %'
      set yrange [0:*]
      set format x
      set xlabel 'checkpoint'
      plot \(line(7, 3, "voxels"))
      unset multiplot
      """
    return Plot(
      name: file, title: title,
      csv: TextTable(columns: columns.map { Column($0) }, rows: rows).render(.csv), commands: commands,
      chart: Chart(training: history.points))
  }

  /// The best χ²/NDF of each row against its trained numbers and against the core-hours of its training; nil for fewer
  /// than two rows.
  /// - Parameter parameters: The trained numbers of each run's generator, by run.
  /// - Returns: The plot.
  package func paretoPlot(_ parameters: [String: Int]) -> Plot? {
    let found = rows.compactMap { row -> [Cell]? in
      let begun = row.runs.filter { $0.curve.best != nil }
      let hours = Sample(begun.map { $0.cost.training / 3600 }).mean ?? 0
      guard let best = Sample(begun.compactMap { $0.curve.best?.reduced }).mean, hours > 0,
        let count = begun.lazy.compactMap({ parameters[$0.run] }).first
      else { return nil }
      return [.text(row.row.label.printable.shortened(to: 24)), .integer(count), .number(hours), .number(best)]
    }
    guard found.count > 1 else { return nil }
    func panel(_ column: Int, _ title: String) -> String {
      """
      set xlabel '\(title)'
      plot 'pareto.csv' using \(column):4 with points pointtype 7 linecolor rgb '\(Plot.colours[0])', \
      '' using \(column):4:1 with labels left offset 0.6, 0.4 font ',\(Plot.small)' noenhanced
      """
    }
    let title = "Quality against size and cost: \(sweep)"
    let commands = """
      set multiplot layout 1,2 title \(Plot.heading(title)) \
      margins screen 0.1, screen 0.97, screen 0.13, screen 0.88 spacing screen 0.09, screen 0
      unset title
      unset key
      set logscale x
      set offsets graph 0.1, graph 0.3, graph 0.1, 0
      set yrange [0:*]
      set format x '%g'
      set tics font ',\(Plot.small)'
      set ylabel 'best χ²/NDF, mean of the seeds' offset 1
      \(panel(2, "trained numbers of the generator"))
      unset ylabel
      \(panel(3, "core-hours of training"))
      unset multiplot
      """
    return Plot(
      name: "pareto", title: title,
      csv: TextTable(columns: ["label", "parameters", "core_hours", "best_reduced"].map { Column($0) }, rows: found)
        .render(.csv), commands: commands)
  }
}

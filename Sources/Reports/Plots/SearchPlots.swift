import Experiment
package import Ledger
package import Search
import Storage

/// A search in pictures: its ladder, its trials in parallel coordinates, what its keys matter, and the best against
/// core-hours.
package struct SearchPlots {
  private let sweep: String
  private let specification: SearchSpecification
  private let evidence: SearchEvidence
  private let course: [CourseStep]
  /// What each trial came out as at each rung, as the objective has it; nil where it has not come or has failed.
  private let values: [[Double?]]

  /// More trials than this are not drawn: the best of the first rung are.
  private static let most = 200

  /// - Parameters:
  ///   - sweep: The search's name.
  ///   - specification: What it is to do.
  ///   - evidence: What is recorded of its trials.
  ///   - course: Its checkpoints as they came.
  package init(
    _ sweep: String, _ specification: SearchSpecification, _ evidence: SearchEvidence, course: [CourseStep]
  ) {
    (self.sweep, self.specification, self.evidence, self.course) = (sweep, specification, evidence, course)
    values = Ladder.values(specification, evidence).map { rungs in
      rungs.map { $0.flatMap { $0.isFinite ? specification.objective.quantity($0) : nil } }
    }
  }

  /// The pictures of which there is something to show.
  package var plots: [Plot] { [ladder, coordinates, importance, best].compactMap(\.self) }

  /// The trials that are drawn, the worst of the first rung first, so that the best lie above.
  private var drawn: [Int] {
    values.indices.filter { values[$0][0] != nil }
      .sorted { (values[$0][0] ?? 0, $0) < (values[$1][0] ?? 0, $1) }.prefix(Self.most).reversed()
  }

  /// How far a trial came: to the last rung, beyond the first, or neither.
  private enum Height: CaseIterable {
    case first, middle, last

    var title: String {
      switch self {
      case .first: "at the first rung"
      case .middle: "sent beyond the first"
      case .last: "sent to the last"
      }
    }
    var colour: String {
      switch self {
      case .first: "#bbbbbb"
      case .middle: Plot.colours[5]
      case .last: Plot.colours[1]
      }
    }
  }

  private func height(_ trial: Int) -> Height {
    let rung = evidence.trials[trial].rung
    return rung == specification.rungs.count - 1 ? .last : rung > 0 ? .middle : .first
  }

  private var unit: String {
    specification.objective.metric.map(\.title) ?? "χ²/NDF, \(specification.objective.name)"
  }

  /// Lines of trials, those of the lowest first, with an entry of the legend for each height.
  private func lines(
    _ name: String, _ points: (Int) -> [Chart.Point]
  ) -> (commands: [String], marks: [Chart.Mark], trials: [Int]) {
    var (commands, marks, trials) = ([String](), [Chart.Mark](), [Int]())
    for height in Height.allCases {
      for (place, trial) in drawn.filter({ self.height($0) == height }).enumerated() {
        trials.append(trial)
        let title = place == 0 ? height.title : ""
        commands.append(
          "'\(name).csv' using 1:\(trials.count + 2) with linespoints pointtype 7 pointsize 0.3 linewidth "
            + "\(height == .last ? 2 : 1) linecolor rgb '\(height.colour)' "
            + (title.isEmpty ? "notitle" : "title \(Plot.legend(title))"))
        marks.append(Chart.Mark(title: height.title, colour: height.colour, kind: .line(points(trial), dash: 1)))
      }
    }
    return (commands, marks, trials)
  }

  /// A column for each trial behind the place and the name of a row.
  private func csv(_ names: [String], _ trials: [Int], _ value: (Int, Int) -> Double?) -> String {
    TextTable(
      columns: [Column("place"), Column("name")] + trials.map { Column(SearchDecision.label($0)) },
      rows: names.indices.map { row in
        [.integer(row), .text(names[row].printable)] + trials.map { Cell(value($0, row)) }
      }
    ).render(.csv)
  }

  private static func tics(_ names: [String]) -> String {
    names.enumerated().map { Plot.tick($1, at: $0) }.joined(separator: ", ")
  }

  /// The trials' objective at each rung.
  private var ladder: Plot? {
    let found = drawn.flatMap { values[$0] }.compactMap(\.self)
    guard let low = found.min(), let high = found.max(), specification.rungs.count > 1 else { return nil }
    let scale = specification.objective.metric?.scale ?? 1
    let names = specification.rungs.map { "checkpoint \($0)" }
    let (commands, marks, trials) = lines("search-ladder") { trial in
      values[trial].enumerated().map { Chart.Point(x: Double($0), y: $1.map { $0 * scale } ?? .nan) }
    }
    let isLogarithmic = specification.objective.isLogarithmic && low > 0
    var y = Chart.Axis.numbers(unit, low * scale...high * scale)
    if isLogarithmic,
      let axis = Chart.Axis.reduced([Curve(checkpoints: [0, 1], reduced: [low * scale, high * scale])])
    {
      y = axis
      y.title = unit
    }
    return Plot(
      name: "search-ladder", title: "Ladder of \(sweep): the objective of each trial at the rungs that it came to",
      csv: csv(names, trials) { trial, rung in values[trial][rung].map { $0 * scale } },
      commands: """
        \(isLogarithmic ? "set logscale y\nset ytics (\(y.ticks.map(\.text).joined(separator: ", ")))" : "")
        set yrange [\(y.range.lowerBound):\(y.range.upperBound)]
        set ylabel \(Plot.quoted(unit))
        set xrange [-0.3:\(Double(names.count) - 0.7)]
        set xtics (\(Self.tics(names)))
        set grid ytics linecolor rgb '#dddddd'
        \(Plot.legendBelow)
        plot \(commands.joined(separator: ", \\\n  "))
        """,
      chart: Chart(panels: [Chart.Panel(x: .names(names), y: y, marks: marks)]))
  }

  /// Each trial as a line over its keys and its objective at the first rung.
  private var coordinates: Plot? {
    let order = drawn
    guard order.count > 1 else { return nil }
    let parameters = specification.space.parameters
    let names =
      parameters.map { "\(Self.short($0.name, parameters)): \($0.domain.ends)" } + [
        "place at checkpoint \(specification.rungs[0])"
      ]
    let rank = Dictionary(
      order.enumerated().map { ($1, Double($0) / Double(order.count - 1)) }, uniquingKeysWith: { $1 })
    func value(_ trial: Int, _ row: Int) -> Double? {
      guard row < parameters.count else { return rank[trial] }
      guard let value = evidence.trials[trial].point[parameters[row].name] else { return nil }
      let place = parameters[row].domain.place(of: value)
      // Trials of one choice lie beside each other.
      return parameters[row].domain.count.map { place + (rank[trial] ?? 0) * 0.6 / Double($0) - 0.3 / Double($0) }
        ?? place
    }
    let (commands, marks, trials) = lines("search-coordinates") { trial in
      names.indices.map { Chart.Point(x: Double($0), y: value(trial, $0) ?? .nan) }
    }
    return Plot(
      name: "search-coordinates", title: "Trials of \(sweep) in parallel coordinates, the best above on the right",
      csv: csv(names, trials, value),
      commands: """
        set yrange [-0.02:1.02]
        unset ytics
        set xrange [-0.2:\(Double(names.count) - 0.8)]
        set xtics rotate by -35 (\(Self.tics(names)))
        set grid xtics linetype 1 linecolor rgb '#888888'
        \(Plot.legendBelow)
        plot \(commands.joined(separator: ", \\\n  "))
        """,
      chart: Chart(panels: [
        Chart.Panel(x: .names(names), y: Chart.Axis(range: -0.02...1.02, ticks: []), marks: marks)
      ]))
  }

  /// A key without its group, where no other has that name.
  private static func short(_ key: String, _ parameters: [Parameter]) -> String {
    func last(_ key: String) -> Substring { key.split(separator: ".").last ?? "" }
    return parameters.count { last($0.name) == last(key) } == 1 ? String(last(key)) : key
  }

  /// What each key matters, with the interval.
  private var importance: Plot? {
    let keys = KeyImportance.all(specification, evidence)
    guard !keys.isEmpty else { return nil }
    let table = TextTable(
      columns: ["place", "key", "share", "low", "high", "trials"].map { Column($0) },
      rows: keys.enumerated().map { place, key in
        [
          .integer(place), .text(key.key.printable), .number(key.share), .number(key.interval.lowerBound),
          .number(key.interval.upperBound), .integer(key.trials),
        ]
      })
    let title = "share of the variance at checkpoint \(specification.rungs[0])"
    let intervals = keys.enumerated().map { place, key in
      Chart.Mark(
        colour: "#888888",
        kind: .line(
          [
            Chart.Point(x: Double(place), y: key.interval.lowerBound),
            Chart.Point(x: Double(place), y: key.interval.upperBound),
          ],
          dash: 1))
    }
    return Plot(
      name: "search-importance",
      title: "What the keys of \(sweep) matter, with 68 % intervals by bootstrap over the trials",
      csv: table.render(.csv),
      commands: """
        set ylabel \(Plot.quoted(title))
        set yrange [0:1]
        set xrange [-0.5:\(Double(keys.count) - 0.5)]
        set xtics rotate by -35 (\(Self.tics(keys.map(\.key))))
        set grid ytics linecolor rgb '#dddddd'
        unset key
        plot 'search-importance.csv' using 1:3:4:5 with yerrorbars pointtype 7 linecolor rgb '\(Plot.colours[0])'
        """,
      chart: Chart(panels: [
        Chart.Panel(
          x: .names(keys.map(\.key)), y: .numbers(title, 0...1),
          marks: intervals + [
            Chart.Mark(
              colour: Plot.colours[0],
              kind: .points(keys.enumerated().map { Chart.Point(x: Double($0), y: $1.share) }, .dot))
          ])
      ]))
  }

  /// The lowest χ²/NDF so far against what it has cost.
  private var best: Plot? {
    var points: [Chart.Point] = []
    var lowest = Double.infinity
    for step in course {
      guard let reduced = step.reduced, reduced.isFinite, reduced > 0 else { continue }
      let hours = step.seconds / 3600
      if reduced < lowest {
        if lowest.isFinite { points.append(Chart.Point(x: hours, y: lowest)) }
        lowest = reduced
        points.append(Chart.Point(x: hours, y: lowest))
      }
    }
    guard let last = course.last, points.count > 1,
      let axis = Chart.Axis.reduced([Curve(checkpoints: Array(points.indices), reduced: points.map(\.y))])
    else { return nil }
    points.append(Chart.Point(x: last.seconds / 3600, y: lowest))
    let table = TextTable(
      columns: [Column("core_hours"), Column("lowest_reduced")], rows: points.map { [.number($0.x), .number($0.y)] })
    return Plot(
      name: "search-best", title: "Lowest χ²/NDF of \(sweep) against its cost", csv: table.render(.csv),
      commands: """
        set logscale y
        set yrange [\(axis.range.lowerBound):\(axis.range.upperBound)]
        set ytics (\(axis.ticks.map(\.text).joined(separator: ", ")))
        set xlabel 'core-hours'
        set ylabel 'lowest χ²/NDF so far'
        set grid ytics linecolor rgb '#dddddd'
        unset key
        plot 'search-best.csv' using 1:2 with lines linewidth 2 linecolor rgb '\(Plot.colours[0])'
        """,
      chart: Chart(panels: [
        Chart.Panel(
          x: .numbers("core-hours", 0...(last.seconds / 3600)), y: axis,
          marks: [Chart.Mark(colour: Plot.colours[0], kind: .line(points, dash: 1))])
      ]))
  }
}

extension Domain {
  /// Its first and its last value, or how many choices it has.
  fileprivate var ends: String {
    switch self {
    case .choices(let texts): texts.count > 3 ? "\(texts.count) choices" : texts.joined(separator: " | ")
    case .uniform(let range), .logUniform(let range): "\(range.lowerBound) … \(range.upperBound)"
    case .int(let range), .logInt(let range): "\(range.lowerBound) … \(range.upperBound)"
    }
  }
}

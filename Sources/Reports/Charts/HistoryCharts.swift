import Ledger

extension Chart {
  /// χ²/NDF of some runs against what their checkpoints took; nil when there is nothing to show.
  /// - Parameters:
  ///   - histories: The runs.
  ///   - title: What the curves stand against.
  ///   - curves: χ²/NDF of each run.
  ///   - x: What a checkpoint took.
  init?(_ histories: some Collection<RunHistory>, against title: String, _ curves: [Curve], _ x: (CurvePoint) -> Double)
  {
    guard let axis = Axis.reduced(curves) else { return nil }
    let most = histories.flatMap(\.points).map(x).max() ?? 0
    let marks = zip(histories, curves).enumerated().map { index, pair in
      let points = zip(pair.0.points, pair.1.reduced).map { Point(x: x($0), y: $1) }
      return Mark.line(points, "\(pair.0.label), seed \(pair.0.seed)", index)
    }
    panels = [Panel(x: .numbers(title, 0...most), y: axis, marks: marks)]
  }

  /// Losses, gradients and dead voxels (%) of one run above one another; nil when one of them was never a number.
  init?(training points: [CurvePoint]) {
    func line(_ title: String, _ colour: Int, _ value: (CurvePoint) -> Double?) -> Mark {
      let values = points.map { Point(x: Double($0.checkpoint), y: value($0) ?? .nan) }
      return Mark(title: title, colour: Plot.colours[colour], kind: .line(values, dash: 1))
    }
    let losses = points.flatMap { [$0.discriminatorLoss, $0.generatorLoss, $0.penalty].compactMap(\.self) }
    let gradients = points.flatMap { [$0.discriminatorGradient, $0.generatorGradient].compactMap(\.self) }
    let dead = points.compactMap(\.deadVoxels).map { 100 * $0 }
    guard let low = losses.filter(\.isFinite).min(), let high = losses.filter(\.isFinite).max(),
      let axis = Axis.decades("|gradient|", gradients), let most = dead.max(), let first = points.first,
      let last = points.last
    else { return nil }
    let range = Double(first.checkpoint)...Double(last.checkpoint)
    let above = Axis.checkpoints(range, isLabelled: false)
    panels = [
      Panel(
        x: above, y: .numbers("loss", low...high),
        marks: [
          line("discriminator's loss", 0, \.discriminatorLoss), line("generator's loss", 1, \.generatorLoss),
          line("penalty", 2, \.penalty),
        ]),
      Panel(
        x: above, y: axis,
        marks: [
          line("discriminator's gradient", 0, \.discriminatorGradient),
          line("generator's gradient", 1, \.generatorGradient),
        ]),
      Panel(
        x: .checkpoints(range), y: .numbers("dead voxels / %", 0...max(most, 1e-3)),
        marks: [line("dead voxels", 3) { $0.deadVoxels.map { 100 * $0 } }]),
    ]
  }

  /// Response and resolution of E_tot against the incident energy (GeV), above one another; nil when there is nothing to
  /// show.
  /// - Parameter rows: Each row with the energies (MeV), means and spreads of E_tot/E of its best checkpoint.
  init?(responses rows: [(label: String, points: [EnergyResponse])]) {
    let all = rows.flatMap(\.points)
    let (means, resolutions) = (all.map(\.mean).filter(\.isFinite), all.map(\.resolution).filter(\.isFinite))
    let energies = all.map { $0.energy / 1000 }
    guard let energy = Axis.decades("incident energy / GeV", energies),
      let hidden = Axis.decades("", energies, isLabelled: false),
      let low = means.min(), let high = means.max(), let widest = resolutions.max()
    else { return nil }
    func marks(_ value: (EnergyResponse) -> Double) -> [Mark] {
      rows.enumerated().flatMap { index, row -> [Mark] in
        let points = row.points.map { Point(x: $0.energy / 1000, y: value($0)) }
        return [
          .line(points, row.label, index),
          Mark(title: row.label, colour: Plot.style(index).colour, kind: .points(points, .dot)),
        ]
      }
    }
    let room = max((high - low) * 0.1, 0.01)
    panels = [
      Panel(x: hidden, y: .numbers("⟨E_tot⟩ / E", low - room...high + room), marks: marks(\.mean)),
      Panel(x: energy, y: .numbers("σ(E_tot) / ⟨E_tot⟩", 0...widest * 1.1), marks: marks(\.resolution)),
    ]
  }
}

import Experiment
package import Ledger
import Storage

extension SweepResults {
  /// Response and resolution of each row's best checkpoint against the incident energy; nil where no row has several
  /// energies.
  /// - Throws: `LedgerError`.
  package func responsePlot(in ledger: Ledger) throws -> Plot? {
    var cells: [[Cell]] = []
    var labels: [String] = []
    var found: [(label: String, points: [EnergyResponse])] = []
    for row in rows where row.row.energies.count > 1 && labels.count < Plot.colours.count * 3 {
      let begun = row.runs.compactMap { run in run.curve.best.map { (run: run.run, best: $0) } }
      guard let best = begun.min(by: { $0.best.reduced < $1.best.reduced }) else { continue }
      let points = try ledger.responses(of: best.run, at: best.best.checkpoint)
      if points.isEmpty { continue }
      for point in points {
        cells.append([
          .integer(labels.count), .text(row.row.label.printable), .number(point.energy / 1000), .number(point.mean),
          .number(point.spread), .number(point.resolution),
        ])
      }
      labels.append(row.row.label)
      found.append((row.row.label, points))
    }
    guard !cells.isEmpty else { return nil }
    func lines(_ column: Int) -> String {
      labels.enumerated().map { index, label in
        "'response.csv' using ($1==\(index) ? $3 : NaN):\(column) with linespoints pointtype 7 pointsize 0.5 "
          + "\(Plot.lineStyle(index)) title \(Plot.legend(label))"
      }.joined(separator: ", \\\n  ")
    }
    // The legend has lines of its own below.
    let room = 0.045 * Double((labels.count + 2) / 3)
    let title = "Response and resolution of the generated showers: \(sweep)"
    let commands = """
      set multiplot layout 2,1 title \(Plot.heading(title)) \
      margins screen 0.12, screen 0.97, screen \(0.16 + room), screen 0.9 spacing screen 0, screen 0.04
      unset title
      set key at screen 0.545, screen \(0.01 + room / 2) center center horizontal maxcols 3 Left reverse samplen 2
      set logscale x
      set format x ''
      set ylabel '⟨E_tot⟩ / E'
      plot \(lines(4))
      unset key
      set format x '%g'
      set xlabel 'incident energy E / GeV'
      set ylabel 'σ(E_tot) / ⟨E_tot⟩'
      plot \(lines(6))
      unset multiplot
      """
    return Plot(
      name: "response", title: title,
      csv: TextTable(
        columns: ["row", "label", "energy", "mean_response", "response_spread", "resolution"].map { Column($0) },
        rows: cells
      ).render(.csv), commands: commands, chart: Chart(responses: found))
  }
}

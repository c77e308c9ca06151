import Experiment
package import Foundation
package import Ledger
import Records

extension SweepResults {
  /// The sweep on one page that needs nothing else: no network, and no script to be read.
  ///
  /// - Parameters:
  ///   - statuses: Of the sweep's runs, in order.
  ///   - images: The plots, drawn or not.
  ///   - date: When it was made.
  ///   - search: What there is to say of a search, in tables.
  ///   - refresh: The seconds after which a browser without scripts asks for it again; one with scripts learns of each
  ///     new page. Nil for a page that stays as it is.
  /// - Returns: The page as HTML.
  package func page(
    _ statuses: [RunStatus], images: [PlotImage], date: Date, search: [TextTable] = [], refresh: Int? = nil
  ) -> String {
    let found = search.isEmpty ? [] : [("search", "Search", search.map(HTML.table).joined())]
    let sections: [(id: String, title: String, body: String)] =
      [
        ("summary", "Summary", summary(statuses))
      ] + found + [
        ("tables", "Results", paperTables().map { HTML.table($0.moving("best_reduced", to: 2)) }.joined()),
        ("comparisons", "Against the baselines", HTML.table(comparisons)),
        ("plots", "Plots", HTML.figures(images)),
        ("runs", "Runs and their cost", HTML.table(TextTable(statuses))),
        ("provenance", "Provenance", HTML.table(Self.provenance(statuses))),
      ]
    let links = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>" }.joined(separator: " · ")
    let bodies = sections.map { "<section id=\"\($0.id)\"><h2>\($0.title)</h2>\n\($0.body)</section>\n" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="icon" href="data:,">\(refresh.map { "\n<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" } ?? "")
      <title>\(HTML.text(sweep)): quantum and classical generators compared</title>
      <style>\(HTML.style)</style>
      </head>
      <body\(refresh == nil ? "" : " data-changes=\"\(PageRequest.changesPath)\"")>
      <header><h1>\(HTML.text(sweep))</h1>
      <p>Made \(date.formatted(.iso8601)) from the ledger. \(links)</p></header>
      <main>
      \(bodies)</main>
      <script>\(HTML.script)</script>
      </body>
      </html>

      """
  }

  private func summary(_ statuses: [RunStatus]) -> String {
    let facts = [
      "\(rows.count) rows, \(statuses.count) runs",
      trained(statuses),
      "χ²/NDF is of E_tot: as many generated showers as training ones, in 29 bins around Geant4's median, the end bins with "
        + "what lies outside, NDF the bins less one; of several energies χ² and NDF are summed. A run's result is the lowest of "
        + "its checkpoints.",
      RunState.allCases.compactMap { state in
        let count = statuses.filter { $0.state == state }.count
        return count == 0 ? nil : "\(count) \(state.rawValue)"
      }.joined(separator: ", "),
      cost.sentence ?? "",
    ]
    let best = rows.flatMap { row in row.runs.compactMap { run in run.curve.best.map { (row.row, run.seed, $0) } } }
      .min { $0.2.reduced < $1.2.reduced }
    let lowest = best.map { row, seed, best in
      "the lowest χ²/NDF is \(Cell.number(best.reduced).text), of \(row.label) (seed \(seed)) at checkpoint "
        + "\(best.checkpoint)"
    }
    return HTML.list(facts.filter { !$0.isEmpty } + [lowest].compactMap(\.self))
      + "<h3>Before believing the tables</h3>\n"
      + HTML.list(notes, kind: "warnings")
  }

  /// What the rows are trained on, and to where: "Trained on 1000 events of each of 65.5 GeV, to checkpoint 40".
  private func trained(_ statuses: [RunStatus]) -> String {
    func distinct(_ texts: [String]) -> String {
      var seen: [String] = []
      for text in texts where !seen.contains(text) { seen.append(text) }
      return seen.prefix(4).joined(separator: "; ") + (seen.count > 4 ? "; …" : "")
    }
    let data = distinct(
      rows.map { row in
        let energies = row.row.energies.prefix(6).map(energyText).joined(separator: ", ")
        return "\(row.row.eventsPerEnergy) events of each of \(energies)"
      })
    let budgets = distinct(
      statuses.map { status in
        let (checkpoints, seconds) = (status.budget.checkpoints, status.budget.trainingSeconds)
        return [checkpoints.map { "to checkpoint \($0)" }, seconds.map { "for \(duration($0))" }].compactMap(\.self)
          .joined(separator: " or ")
      }.filter { !$0.isEmpty })
    return "Trained on \(data)" + (budgets.isEmpty ? "" : ", \(budgets)")
  }

  /// Each quantum row against its baseline and its reference, over the seeds that both have.
  var comparisons: TextTable {
    var table = TextTable(
      title: "Mean over the window of ⟨χ²⟩q, less that of the compared run", key: "comparisons",
      columns: ["model", "against", "seeds", "difference", "95 % from", "to", "chance of being lower", "verdict"].map {
        Column($0)
      }, rows: [])
    for result in rows where result.row.isQuantum && result.row.skip == nil {
      for (identity, mean) in [
        (result.row.baseline, \RunResult.baseline), (result.row.reference, \RunResult.reference),
      ] {
        guard let other = rows.first(where: { $0.row.id == identity }) else { continue }
        if mean == \.reference, result.row.reference == result.row.baseline { continue }
        let differences = Sample(
          result.runs.compactMap { run in
            guard let own = run.own?.mean, let compared = run[keyPath: mean]?.mean else { return nil }
            return own - compared
          })
        let interval = differences.interval()
        let verdict =
          interval.map { $0.contains(0) ? "undecided" : (differences.mean ?? 0) < 0 ? "lower" : "higher" }
          ?? (differences.values.isEmpty ? "nothing to compare" : "one seed cannot decide it")
        table.rows.append([
          .text(result.row.label), .text(other.row.label), .integer(differences.values.count), differences.cell(),
          Cell(interval?.low), Cell(interval?.high), Cell(differences.chanceBelowZero, digits: 2), .text(verdict),
        ])
      }
    }
    table.notes = [
      "At the same checkpoints, the window around the quantum run's best one: which favours the quantum run, whose luckiest "
        + "checkpoints are in it by choice. `qcalo compare` takes each run's own window."
    ]
    return table
  }

  private static func provenance(_ statuses: [RunStatus]) -> TextTable {
    var counts: [[String]: Int] = [:]
    for attempt in statuses.flatMap(\.attempts) {
      guard let made = attempt.provenance else { continue }
      let key = [
        String(made.binary.prefix(12)), made.commit, "\(made.numericsVersion)", made.host, made.processor, made.kernels,
        String((attempt.dataset ?? "").prefix(12)), attempt.notBitIdentical ?? "",
      ]
      counts[key, default: 0] += 1
    }
    let rows = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return TextTable(
      columns: [
        "binary", "commit", "numerics", "host", "processor", "kernels", "dataset", "not bit-identical because",
        "attempts",
      ].map { Column($0) },
      rows: rows.map { $0.key.map(Cell.text) + [.integer($0.value)] },
      notes: counts.isEmpty ? ["No attempt has begun."] : [])
  }
}

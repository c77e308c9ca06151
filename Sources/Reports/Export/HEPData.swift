import Ledger
import Storage

extension SweepResults {
  /// The paper's tables as a HEPData submission: the files of its folder by name, `submission.yaml` and one for each
  /// table.
  ///
  /// The uncertainties are standard deviations over the seeds.
  /// - Source: hepdata-submission.readthedocs.io, schema 1.1.
  package func hepData() -> [String: String] {
    var files: [String: String] = [:]
    var documents = [
      "comment: "
        + JSONText.quoted(
          "Architecture sweep \(sweep) of quantum and classical generative adversarial networks for calorimeter showers."
        )
    ]
    for (index, table) in paperTables().enumerated() {
      let file = "table\(index + 1).yaml"
      let notes = table.notes.joined(separator: " ")
      documents.append(
        """
        name: \(JSONText.quoted("Table \(index + 1)"))
        description: \(JSONText.quoted("\(table.title). \(notes)"))
        keywords:
        - {name: "observables", values: ["CHI2/NDF"]}
        - {name: "phrases", values: ["Calorimeter simulation", "Quantum machine learning"]}
        data_file: "\(file)"
        """)
      files[file] = Self.data(table)
    }
    files["submission.yaml"] = documents.map { "---\n\($0)\n" }.joined()
    return files
  }

  private static func data(_ table: TextTable) -> String {
    let results: Set = ["best_reduced", "best_checkpoint", "last_checkpoint", "mean_q", "mean_c", "mean_c_prime"]
    let shown = table.columns.indices.filter { !table.columns[$0].isDetail }
    func variables(_ indices: [Int]) -> String {
      indices.map { column in
        "- header: {name: \(JSONText.quoted(table.columns[column].title))}\n  values:\n"
          + table.rows.map { "  - " + value($0[column]) + "\n" }.joined()
      }.joined()
    }
    return "independent_variables:\n" + variables(shown.filter { !results.contains(table.columns[$0].key) })
      + "dependent_variables:\n" + variables(shown.filter { results.contains(table.columns[$0].key) })
  }

  private static func value(_ cell: Cell) -> String {
    switch cell {
    case .integer(let value): "{value: \(value)}"
    case .number(let value, _, _) where value.isFinite: "{value: \(value)}"
    // HEPData takes no uncertainty of zero.
    case .spread(let mean, 0, _) where mean.isFinite: "{value: \(mean)}"
    case .spread(let mean, let deviation, _) where mean.isFinite && deviation.isFinite:
      "{value: \(mean), errors: [{symerror: \(deviation), label: \"seeds\"}]}"
    case .missing, .inapplicable, .number, .spread: "{value: \"-\"}"
    case .text(let text): "{value: \(JSONText.quoted(text.isEmpty ? "-" : text))}"
    case .flag(let value): "{value: \"\(value ? "yes" : "no")\"}"
    }
  }
}

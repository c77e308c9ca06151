import Storage

extension SweepResults {
  /// The paper's tables in LaTeX, in the slides' columns: for a document with `\usepackage{booktabs,amssymb,graphicx}`.
  package func latex() -> String {
    let head = "% Needs \\usepackage{booktabs,amssymb,graphicx}. Made by qcalo from the sweep \(sweep).\n"
    return head + paperTables().map { "\n" + LaTeX.table(Self.withoutStates($0)) }.joined()
  }

  /// The states as a note, as the paper's columns have none; rows that just finished are not named.
  private static func withoutStates(_ table: TextTable) -> TextTable {
    guard let state = table.columns.firstIndex(where: { $0.key == "state" }),
      let model = table.columns.firstIndex(where: { $0.key == "model" })
    else { return table }
    var table = table
    let states = table.rows.filter { $0[state] != "finished" }.map { "\($0[model].text): \($0[state].text)" }
    if !states.isEmpty { table.notes.append("Not just finished: \(states.joined(separator: "; ")).") }
    table.columns.remove(at: state)
    for row in table.rows.indices { table.rows[row].remove(at: state) }
    return table
  }
}

/// Tables and texts in LaTeX.
enum LaTeX {
  /// What columns are called where their heading needs mathematics.
  private static let headings = [
    "best_reduced": "$\\chi^2/\\mathrm{NDF}$", "mean_q": "$\\langle\\chi^2\\rangle_q$",
    "repetitions": "rep.", "hidden": "hidden", "mean_c": "$\\langle\\chi^2\\rangle_c$",
    "mean_c_prime": "$\\langle\\chi^2\\rangle_{c'}$",
  ]

  /// A booktabs table with the table's title as caption and its notes below.
  static func table(_ table: TextTable) -> String {
    let shown = table.columns.indices.filter { !table.columns[$0].isDetail }
    let alignment = shown.map { column in
      table.rows.allSatisfy { row in row[column].isNumeric || row[column].text.isEmpty || row[column] == .inapplicable }
        ? "r" : "l"
    }
    let heading = shown.map { headings[table.columns[$0].key] ?? text(table.columns[$0].title) }
    let rows = table.rows.map { row -> String in
      let line = shown.map { text(row[$0].text) }.joined(separator: " & ") + " \\\\"
      // Behind \\ and \midrule these would be of the command.
      let first = line.first { $0 != " " }
      return (first == "[" || first == "*" ? "{}" : "") + line
    }
    let notes = table.notes.map(text).joined(separator: " ")
    return """
      \\begin{table}
        \\centering
        \\setlength{\\tabcolsep}{3pt}
        \\caption{\(text(table.title))}
        % No wider than the text.
        \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
        \\begin{tabular}{\(alignment.joined())}
          \\toprule
          \(heading.joined(separator: " & ")) \\\\
          \\midrule
      \(rows.map { "    " + $0 }.joined(separator: "\n"))
          \\bottomrule
        \\end{tabular}}
        \(notes.isEmpty ? "" : "\\par\\smallskip\\footnotesize \(notes)")
      \\end{table}

      """
  }

  /// A text with LaTeX's characters and the project's symbols spelled out.
  static func text(_ text: String) -> String {
    text.printable.map { character -> String in
      switch character {
      case "&", "%", "#", "_", "{", "}": "\\\(character)"
      case "$": "\\textdollar{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "\\": "\\textbackslash{}"
      // In OT1 fonts the first three are other signs; for babel the last may be a command.
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "|": "\\textbar{}"
      case "\"": "\\textquotedblright{}"
      case "✓": "$\\checkmark$"
      case "✗": "$\\times$"
      case "±": "$\\pm$"
      case "†": "$^\\dagger$"
      case "–": "--"
      case "…": "\\dots{}"
      case "χ": "$\\chi$"
      case "²": "$^2$"
      case "′": "$'$"
      case "⟨": "$\\langle$"
      case "⟩": "$\\rangle$"
      default: String(character)
      }
    }.joined().replacing("$$", with: "")
  }
}

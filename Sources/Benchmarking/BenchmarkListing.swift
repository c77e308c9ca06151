extension BenchmarkReport {
  /// How a report is printed to people; programs take its JSON.
  package enum Format: Sendable {
    case table, csv, markdown
  }

  /// The timings and the ratios as text; of CSV the timings alone.
  package func text(_ format: Format) -> String {
    let rows = [Self.columns] + timings.map(Self.cells)
    switch format {
    case .csv: return rows.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    case .markdown:
      let rule = Self.columns.indices.map { $0 < 2 ? "---" : "---:" }
      let lines = ([rows[0], rule] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |\n" }
      return head + "\n" + lines.joined() + "\n" + foot(bullet: "- ")
    case .table:
      let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max()! }
      let lines = rows.map { row in
        let cells = row.enumerated().map { column, cell in
          let blank = String(repeating: " ", count: widths[column] - cell.count)
          return column < 2 ? cell + blank : blank + cell
        }
        return cells.joined(separator: "  ") + "\n"
      }
      return head + "\n" + lines.joined() + "\n" + foot(bullet: "")
    }
  }

  private static let columns = [
    "what", "of", "threads", "jobs", "median ms", "10 %", "90 %", "measured", "GFLOP/s", "of peak",
  ]

  private static func cells(_ timing: Timing) -> [String] {
    let spread = timing.milliseconds
    return [
      timing.group.rawValue, timing.name, "\(timing.threads)", "\(timing.jobs)", digits(spread.median),
      digits(spread.low), digits(spread.high), "\(spread.count)", timing.gigaflops.map { digits($0) } ?? "",
      timing.shareOfPeak.map { digits($0) } ?? "",
    ]
  }

  private var head: String {
    let peaks = peaks.map { "\(Self.digits($0.gigaflops)) GFLOP/s with \($0.threads)" }.joined(separator: ", ")
    return "\(processor), \(kernels) kernels. Peak by threads: \(peaks).\n"
      + "All \(checks.count) kernels agree with their references.\n"
  }

  private func foot(bullet: String) -> String {
    ratios.map { "\(bullet)\($0.name): \(Self.digits($0.value))\n" }.joined()
  }

  private static func quoted(_ cell: String) -> String { cell.contains(",") ? "\"\(cell)\"" : cell }

  /// Three digits that count, and all before the point.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    var (scale, size) = (1.0, abs(value))
    while size > 0 && size < 100 && scale < 1e6 { (scale, size) = (scale * 10, size * 10) }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && scale == 1 ? String(Int(rounded)) : String(rounded)
  }
}

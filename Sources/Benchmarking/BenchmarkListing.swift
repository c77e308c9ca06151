import Experiment

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
      return head + "\n" + PlainTable.text(rows, left: 2) + "\n" + foot(bullet: "")
    }
  }

  private static let columns = [
    "what", "of", "threads", "jobs", "median ms", "10 %", "90 %", "measured", "GFLOP/s", "of peak",
  ]

  private static func cells(_ timing: Timing) -> [String] {
    let spread = timing.milliseconds
    return [
      timing.group.rawValue, timing.name, "\(timing.threads)", "\(timing.jobs)", PlainTable.digits(spread.median),
      PlainTable.digits(spread.low), PlainTable.digits(spread.high), "\(spread.count)",
      timing.gigaflops.map { PlainTable.digits($0) } ?? "",
      timing.shareOfPeak.map { PlainTable.digits($0) } ?? "",
    ]
  }

  private var head: String {
    let peaks = peaks.map { "\(PlainTable.digits($0.gigaflops)) GFLOP/s with \($0.threads)" }.joined(separator: ", ")
    let speeds = bandwidths.map {
      "\(Self.size($0.bytes)) \(PlainTable.digits($0.reads)) and \(PlainTable.digits($0.updates))"
    }
    let limits = limits.map {
      "An iteration of 2x needs \(PlainTable.digits($0.products)) ms for its products and \(PlainTable.digits($0.traffic)) ms "
        + "for the \(PlainTable.digits($0.bytes * 1e-6)) MB that it moves beyond a second-level cache of "
        + "\(Self.size(secondLevelCache)).\n"
    }
    return "\(processor), \(kernels) kernels. Peak by threads: \(peaks).\n"
      + (speeds.isEmpty
        ? "" : "GB/s of one core, read, and read and written back: \(speeds.joined(separator: ", ")).\n")
      + (limits ?? "")
      + (peer.map { "Beside \($0).\n" } ?? "")
      + "All \(checks.count) kernels agree with their references.\n"
  }

  private static func size(_ bytes: Int) -> String { bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB" }

  private func foot(bullet: String) -> String {
    ratios.map { "\(bullet)\($0.name): \(PlainTable.digits($0.value))\n" }.joined()
  }

  private static func quoted(_ cell: String) -> String { cell.contains(",") ? "\"\(cell)\"" : cell }
}

import Experiment
package import Ledger
package import Reports
package import Sweeps

/// Which points of a sweep were run in any sweep of the ledger, are equivalent to one that was, or are open.
package struct PlanCoverage {
  private enum State: String, CaseIterable {
    case run, equivalent, open, skipped
  }

  private let expanded: ExpandedSweep
  private let begun: [String: BegunVariant]
  /// The begun variants of all sweeps, then the points; and what is equivalent among them.
  private let joined: SweepPlan
  private let partners: [Equivalence.Partner?]
  private var earlier: Int { joined.variants.count - expanded.plan.variants.count }

  /// - Throws: `LedgerError`; that there is no ledger yet is none. `InputError` when a sweep's record is unreadable.
  package init(_ expanded: ExpandedSweep, in workspace: Workspace) throws {
    self.expanded = expanded
    begun = try BegunVariant.all(of: expanded, in: workspace)
    var (recorded, seen) = ([PlannedVariant](), Set<String>())
    for sweep in Set(begun.values.flatMap(\.sweeps)).sorted() {
      for var variant in try RecordedSweep.read(sweep, in: workspace).plan.variants
      where begun[variant.id] != nil && seen.insert(variant.id).inserted {
        variant.table = sweep + (variant.table.isEmpty ? "" : "/" + variant.table)
        variant.skip = nil
        recorded.append(variant)
      }
    }
    joined = SweepPlan(
      name: expanded.plan.name, seeds: expanded.plan.seeds, variants: recorded + expanded.plan.variants)
    partners = Equivalence(joined).partners
  }

  /// A row for each point, with its state, and the counts below.
  package var table: TextTable {
    let points = expanded.plan.variants
    let hasTables = points.contains { !$0.table.isEmpty }
    var (counted, counts, openFamilies) = (Set<String>(), [State: Int](), 0)
    let rows = points.indices.map { index -> [Cell] in
      let (point, id) = (points[index], expanded.ids[index])
      let known = begun[id]
      let partner = partners[earlier + index]
      let isRun = partner.map { $0.index < earlier } ?? false
      let state: State = known != nil ? .run : isRun ? .equivalent : point.skip != nil ? .skipped : .open
      if counted.insert(id).inserted {
        counts[state, default: 0] += 1
        if state == .open && partner == nil { openFamilies += 1 }
      }
      let reason: String? =
        switch state {
        case .run: nil
        case .skipped: point.skip
        case .equivalent, .open: partner.map { sentence($0, of: point) }
        }
      return (hasTables ? [.text(point.table)] : []) + [
        .text(point.label), .text(id), .text(expanded.names[index]), .text(state.rawValue),
        Cell(known?.runs.count), Cell(known?.furthest), .text(known?.sweeps.joined(separator: ", ") ?? ""),
        Cell(reason),
      ]
    }
    let columns: [Column] = [
      Column("Label", key: "label"), Column("Identity", key: "id"), Column("Name", key: "name"),
      Column("State", key: "state"), Column("Runs", key: "runs"), Column("Checkpoint", key: "last_checkpoint"),
      Column("In", key: "sweeps"), Column("Reason", key: "reason"),
    ]
    let parts = State.allCases.compactMap { state -> String? in
      guard let count = counts[state] else { return nil }
      return switch state {
      case .run, .skipped: "\(count) \(state.rawValue)"
      case .equivalent: "\(count) equivalent to one that was"
      case .open: "\(count) open (\(openFamilies) different families)"
      }
    }
    return TextTable(
      title: "Coverage of \(expanded.plan.name)", key: "points",
      columns: (hasTables ? [Column("Table", key: "table")] : []) + columns, rows: rows,
      notes: ["\(counted.count) different points: \(parts.joined(separator: ", "))."])
  }

  /// "computes the same family as table1/1: RZ is inert".
  private func sentence(_ partner: Equivalence.Partner, of point: PlannedVariant) -> String {
    let equal = Equivalence.sentence(partner, of: point, in: joined)
    return partner.index < earlier ? equal : equal + "; neither was run"
  }
}

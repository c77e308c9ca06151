import Experiment
import Foundation
package import Ledger
package import Reports
import Storage
package import Sweeps

/// A plan beside what the ledger knows of it.
package struct PlanListing {
  private(set) var expanded: ExpandedSweep
  private let equivalence: Equivalence
  var plan: SweepPlan { expanded.plan }
  /// What was begun of a variant, in any sweep.
  private let known: [String: BegunVariant]
  private let sources: PlanSources

  /// - Throws: `LedgerError`; that there is no ledger yet is none.
  package init(_ expanded: ExpandedSweep, sources: PlanSources, skipEquivalent: Bool, in workspace: Workspace) throws {
    self.sources = sources
    self.expanded = expanded
    equivalence = Equivalence(expanded.plan)
    if skipEquivalent { self.expanded.plan = equivalence.skipping(expanded.plan) }
    known = try BegunVariant.all(of: expanded, in: workspace)
  }

  /// Voxels per shower of a variant's data; what is expected of them as long as nothing has been seen of them.
  func voxels(_ request: DatasetRequest) -> Int { sources.voxels[request] ?? request.expectedVoxels }

  /// What is no error and yet hardly meant, a sentence each.
  package var remarks: [String] { expanded.remarks + plan.remarks }

  // MARK: A row

  struct Row {
    var id: String
    var status: String
    var reason: String?
    /// The identity of the earlier variant that computes the same family of functions.
    var sameAs: String?
    /// Trained numbers; nil where a skipped variant cannot be built.
    var parameters: (circuit: Int, generator: Int, discriminator: Int)?
  }

  func row(_ index: Int) -> Row {
    let (planned, id) = (plan.variants[index], expanded.ids[index])
    let known = known[id]
    let partner = equivalence.partners[index]
    let begun = known.map { known in
      counted(known.runs.count, "run") + " begun"
        + (known.furthest.map { ", up to checkpoint \($0)" } ?? "")
    }
    let equal = partner.map { Equivalence.sentence($0, of: planned, in: plan) }
    let reason = planned.skip ?? begun.map { $0 + (equal.map { "; " + $0 } ?? "") } ?? equal
    let sameAs = partner.map { expanded.ids[$0.index] }
    let status = planned.skip != nil ? "skipped" : known != nil ? "known" : "new"
    let (variant, request) = (planned.variant, planned.dataset)
    guard variant.flaw == nil else {
      return Row(id: id, status: status, reason: reason, sameAs: sameAs, parameters: nil)
    }
    let voxels = voxels(request)
    let geometry = request.kind.geometry(voxels: voxels)
    return Row(
      id: id, status: status, reason: reason, sameAs: sameAs,
      parameters: (
        variant.angleCount,
        variant.generatorParameters(voxels: voxels, energies: request.energies.count, geometry: geometry),
        variant.discriminatorParameters(voxels: voxels)
      ))
  }

  // MARK: For people

  /// A row for each variant, with a summary below.
  package var table: TextTable {
    let hasTables = plan.variants.contains { !$0.table.isEmpty }
    let networks = plan.variants.indices.filter { plan.variants[$0].variant.kind == .gan }
    let common = SweepPlan.commonDepartures(of: networks.map { expanded.names[$0] })
    let described = concurrentMap(plan.variants.indices) { index in
      let (planned, row) = (plan.variants[index], row(index))
      var cells: [Cell] = []
      cells.reserveCapacity(9)
      if hasTables { cells.append(.text(planned.table)) }
      cells += [.text(planned.label), .text(row.id), .text(expanded.names[index].dropping(common))]
      cells += [Cell(row.parameters?.circuit), Cell(row.parameters?.generator), Cell(row.parameters?.discriminator)]
      cells += [.text(row.status), Cell(row.reason)]
      return (status: row.status, cells: cells)
    }
    var counts: [String: Int] = [:]
    for row in described { counts[row.status, default: 0] += 1 }
    var columns: [Column] = [
      Column("Label", key: "label", importance: 9), Column("Identity", key: "id", importance: 5),
      Column("Name", key: "name", importance: 3), Column("Circuit", key: "circuit_parameters", importance: 4),
      Column("Generator", key: "generator_parameters", importance: 4),
      Column("Discriminator", key: "discriminator_parameters", importance: 4),
      Column("Status", key: "status", importance: 8), Column("Reason", key: "reason"),
    ]
    // A name that the label repeats is for programs.
    if described.allSatisfy({ row in row.cells[hasTables ? 1 : 0] == row.cells[hasTables ? 3 : 2] }) {
      columns[2] = Column(detail: "name")
    }
    return TextTable(
      title: "Plan of \(plan.name)", key: "variants",
      columns: (hasTables ? [Column("Table", key: "table")] : []) + columns, rows: described.map(\.cells),
      notes: [summary(counts), common.map { "All networks have: \(Self.spaced($0))." }, fits, families]
        .compactMap(\.self))
  }

  /// "kernels=glorotUniform, beta1=0.5" of "-kernels=glorotUniform-beta1=0.5".
  private static func spaced(_ departures: String) -> String {
    String(departures.dropFirst()).replacing(/-(?=[a-z_A-Z0-9.]+=)/, with: ", ")
  }

  /// "1 variant is fitted, not trained: checkpoint 1 is all of it, whatever the budget.".
  private var fits: String? {
    let count = plan.variants.count { $0.skip == nil && $0.variant.parametric != nil }
    guard count > 0 else { return nil }
    return "\(counted(count, "variant")) \(count == 1 ? "is" : "are") fitted, not trained: checkpoint 1 is all of it, "
      + "whatever the budget."
  }

  /// "They are 12 different families of functions: 2 variants compute the same as an earlier one.".
  private var families: String? {
    var repeated: Set<String> = []
    var all = Set<String>(minimumCapacity: expanded.ids.count)
    for (index, id) in expanded.ids.enumerated() {
      let isEquivalent = equivalence.partners[index] != nil
      guard isEquivalent || expanded.plan.variants[index].skip == nil else { continue }
      all.insert(id)
      if isEquivalent { repeated.insert(id) }
    }
    guard !repeated.isEmpty else { return nil }
    return "They are \(all.count - repeated.count) different families of functions: "
      + (repeated.count == 1 ? "1 variant computes" : "\(repeated.count) variants compute")
      + " the same as an earlier one."
  }

  /// "2040 h", "0.5 h": rounded up to a hundredth, but for what is a rounding's own.
  private static func hours(_ seconds: Double) -> String {
    let hundredths = Int(saturating: (seconds / 36 - 1e-6).rounded(.up))
    return "\(hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)") h"
  }

  /// "18 variants (17 new, 1 skipped) with 5 seeds: 85 runs, at most 2040 h of training.".
  private func summary(_ counts: [String: Int]) -> String {
    let kinds = ["new", "known", "skipped"].compactMap { kind in counts[kind].map { "\($0) \(kind)" } }
    var trained = Set<String>(minimumCapacity: expanded.ids.count)
    var seconds: Double? = 0
    for (index, id) in expanded.ids.enumerated()
    where plan.variants[index].skip == nil && trained.insert(id).inserted {
      let more = plan.variants[index].budget.trainingSeconds
      seconds = seconds.flatMap { sum in more.map { sum + $0 } }
    }
    let runs = trained.count * plan.seeds.count
    let time =
      seconds.map { ", at most \(Self.hours($0 * Double(plan.seeds.count))) of training" } ?? ""
    return "\(counted(plan.variants.count, "variant")) (\(kinds.joined(separator: ", "))) with "
      + "\(counted(plan.seeds.count, "seed")): \(counted(runs, "run"))\(time)."
  }
}

extension String {
  fileprivate func dropping(_ tail: String?) -> String {
    guard let tail, hasSuffix(tail) else { return self }
    return String(dropLast(tail.count))
  }
}

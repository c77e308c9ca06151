import Ledger

extension SweepResults {
  /// A sentence for each family of functions that several trained rows compute: how far apart they are, and whether that is
  /// noise.
  var familyNotes: [String] {
    var order: [String] = []
    var families: [String: [RowResult]] = [:]
    var seen: Set<String> = []
    // A row that stands in several tables has the same runs in each.
    for row in rows where seen.insert(row.row.id).inserted && row.runs.contains(where: { $0.curve.best != nil }) {
      let family = row.row.sameAs ?? row.row.id
      if families[family] == nil { order.append(family) }
      families[family, default: []].append(row)
    }
    let sentences = order.compactMap { families[$0].flatMap(sentence) }
    guard sentences.count > Self.shownFamilies else { return sentences }
    let more = sentences.count - Self.shownFamilies
    return sentences.prefix(Self.shownFamilies)
      + ["\(more) more \(more == 1 ? "family" : "families") of several rows: see same_family_as with --format csv."]
  }

  private static let shownFamilies = 6

  /// "1 and 3 compute the same family of functions (RZ is inert): their χ²/NDF, 45.9 and 54.1, differ by chance alone;
  /// all 2 runs: 50.0 ± 5.8.".
  ///
  /// Where later repetitions add angles to the first's, these start and move otherwise, which is no chance.
  private func sentence(_ family: [RowResult]) -> String? {
    guard family.count > 1 else { return nil }
    let samples = family.map { row in Sample(row.runs.compactMap(\.curve.best?.reduced)) }
    let together = Sample(samples.flatMap(\.values))
    let sameTable = Set(family.map(\.row.table)).count == 1
    let labels = family.map { sameTable || $0.row.table.isEmpty ? $0.row.label : "\($0.row.table)/\($0.row.label)" }
    var reasons: [String] = []
    for case let reason? in family.map(\.row.sameBecause) where !reasons.contains(reason) { reasons.append(reason) }
    let beginning =
      "\(Self.list(labels)) compute the same family of functions (\(reasons.joined(separator: "; "))): their χ²/NDF, "
      + "\(Self.list(samples.map { $0.cell().text })), "
    guard Set(family.map(\.row.repetitions)).count == 1 else {
      return beginning + "may differ by more than chance, for they start and move otherwise."
    }
    return beginning + "differ by chance alone; all \(together.values.count) runs: \(together.cell().text)."
  }

  private static func list(_ texts: [String]) -> String {
    texts.dropLast().joined(separator: ", ") + " and " + texts[texts.count - 1]
  }
}

extension SweepRow {
  /// The repetitions of the generator's and of the discriminator's circuit; the cosines that are one without CNOTs have one.
  fileprivate var repetitions: [Int] { [generatorCircuit, discriminatorCircuit].map { $0?.repetitions ?? 1 } }
}

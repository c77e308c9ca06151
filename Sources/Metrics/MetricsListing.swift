import Experiment
import Records

extension ShowerMetrics {
  /// The numbers as people read them: each metric beside its floor, then each observable beside its own.
  package var text: String {
    var text = head + "\n" + PlainTable.text([["metric", "value", "floor"]] + metricRows, left: 1)
    text += remarks.map { $0 + "\n" }.joined()
    if let observables, !observables.isEmpty {
      text += "\n" + PlainTable.text(Self.columns + observables.map(Self.cells), left: 1)
    }
    for matrix in correlations ?? [] { text += "\n" + Self.text(matrix) }
    return text
  }

  /// What was compared, and how large the samples were.
  private var head: String {
    let counts = samples.map { sample in
      "\(sample.events)" + (sample.incidentEnergy.map { " at \(energyName($0)) MeV" } ?? "")
    }.joined(separator: ", ")
    var lines = [
      record.heldOut
        ? "Generated events against as many of Geant4 that were not trained on: \(counts)."
        : "Generated events against as many of Geant4: \(counts).",
      floorOf == .trained
        ? "Floor: the events that were trained on against the same."
        : "Floor: the second half of Geant4's events against the first.",
      "Voxels below \(PlainTable.digits(voxelThreshold)) MeV are empty. Seed \(record.seed).",
    ]
    if let sizes {
      let floor = floorSizes.map { ", for the floor \($0.text)" } ?? ""
      lines.append("Samples of FPD and KPD, with replacement: \(sizes.text)\(floor).")
    }
    if let classifiers, let splits = classifiers.first?.areas.count {
      lines.append("AUC: mean and standard deviation of \(splits) splits, 60 % trained on and 20 % scored.")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var metricRows: [[String]] {
    Metric.allCases.compactMap { metric in
      guard let value = record.values[metric] else { return nil }
      func cell(_ value: Double?, _ error: Double?) -> String {
        guard let value else { return "" }
        return PlainTable.digits(value * metric.scale)
          + (error.map { " ± " + PlainTable.digits($0 * metric.scale) } ?? "")
      }
      return [metric.title, cell(value.value, value.error), cell(value.floor, value.floorError)]
    }
  }

  private static let columns = [
    ["observable", "layer", "E (MeV)", "separation", "floor", "χ²/NDF", "outside", "of Geant4"]
  ]

  private static func cells(_ entry: ObservableComparison.Entry) -> [String] {
    let reduced = entry.chi2.flatMap { chi2 in entry.ndf.map { chi2 / Double($0) } }
    return [
      entry.observable.rawValue, entry.layer.map { "\($0)" } ?? "", entry.incidentEnergy.map(energyName) ?? "",
      PlainTable.digits(entry.separationPower), entry.floor.map(PlainTable.digits) ?? "",
      reduced.map(PlainTable.digits) ?? "", percent(entry.outsideGenerated), percent(entry.outsideReference),
    ]
  }

  private static func percent(_ share: Double) -> String { share == 0 ? "" : PlainTable.digits(100 * share) + " %" }

  /// Generated below the diagonal, Geant4 above it.
  private static func text(_ matrix: LayerCorrelations) -> String {
    let energy = matrix.incidentEnergy.map { " at \(energyName($0)) MeV" } ?? ""
    let head = ["layer"] + matrix.layers.map { "\($0)" }
    let rows = matrix.layers.indices.map { row in
      ["\(matrix.layers[row])"]
        + matrix.layers.indices.map { column in
          guard row != column else { return "" }
          let value = row < column ? matrix.reference[row][column] : matrix.generated[row][column]
          return value.map { PlainTable.digits(($0 * 100).rounded() / 100) } ?? "–"
        }
    }
    return "Correlation of layer energies\(energy), Geant4's above the diagonal, generated below:\n"
      + PlainTable.text([head] + rows, left: 1)
  }
}

extension DistanceSizes {
  fileprivate var text: String { "\(frechet[0]) … \(frechet[frechet.count - 1]) and \(kernel)" }
}

/// A number that says how like Geant4's showers a generator's are, beyond the χ² that a run is chosen by.
///
/// Raw values are the columns of the ledger, the keys of journals and what `results --sort` and `compare --by` take.
package enum Metric: String, Codable, CodingKeyRepresentable, CaseIterable, Hashable, Sendable {
  /// χ²/NDF of E_tot against events that were not trained on.
  case heldOutChi2 = "held_out_chi2"
  /// The Fréchet physics distance.
  case fpd
  /// The kernel physics distance.
  case kpd
  /// The area under the curve of a classifier of voxels, the mean over splits.
  case aucLow = "auc_low"
  /// The same of a classifier of high-level features.
  case aucHigh = "auc_high"
  /// The mean separation power of the high-level observables.
  case separation
  /// χ²/NDF of the layers' energies.
  case layerChi2 = "layer_chi2"
  /// χ²/NDF of the layers' centres and widths.
  case shapeChi2 = "shape_chi2"
  /// The largest difference of a correlation of two layers' energies.
  case correlation
  /// The share of generated showers among Geant4's.
  case precision
  /// The share of Geant4's showers among the generated.
  case recall
  /// How dense Geant4's showers are about the generated.
  case density
  /// The share of Geant4's showers that have a generated one for a neighbour.
  case coverage
  /// The share of generated showers that are nearer to a trained than to a held-out one.
  case memorisation

  /// The heading of its column in tables.
  package var title: String {
    switch self {
    case .heldOutChi2: "held-out χ²"
    case .fpd: "FPD ×10³"
    case .kpd: "KPD ×10³"
    case .aucLow: "AUC low"
    case .aucHigh: "AUC high"
    case .layerChi2: "layer χ²"
    case .shapeChi2: "shape χ²"
    case .separation, .correlation, .precision, .recall, .density, .coverage, .memorisation: rawValue
    }
  }

  /// What it is, for a reader of the ledger: a clause.
  package var meaning: String {
    switch self {
    case .heldOutChi2: "χ²/NDF of E_tot against events that were not trained on"
    case .fpd: "Fréchet physics distance in CaloChallenge's high-level features"
    case .kpd: "kernel physics distance in the same"
    case .aucLow: "AUC of CaloChallenge's classifier on voxels, the mean over splits, calibrated"
    case .aucHigh: "AUC of the classifier on high-level features, alike"
    case .separation: "mean separation power of the high-level observables"
    case .layerChi2: "χ²/NDF of the layers' energies"
    case .shapeChi2: "χ²/NDF of the layers' centres and widths"
    case .correlation: "largest difference of a correlation of two layers' energies"
    case .precision: "share of generated showers in the manifold of Geant4's, five neighbours"
    case .recall: "share of Geant4's showers in the generated manifold"
    case .density: "how many balls of Geant4's showers a generated one lies in, over five"
    case .coverage: "share of Geant4's balls that hold a generated shower"
    case .memorisation: "share of generated showers nearer to a trained than to a held-out one; ½ for no memory"
    }
  }

  /// Tables show it times this, as it is quoted.
  package var scale: Double { self == .fpd || self == .kpd ? 1000 : 1 }

  /// Whether ½ is best: what a classifier scores that can tell nothing, and a generator that remembers nothing.
  package var isBestAtHalf: Bool { self == .aucLow || self == .aucHigh || self == .memorisation }

  /// How bad a value is: the lower, the better.
  package func badness(of value: Double) -> Double {
    isBestAtHalf ? abs(value - 0.5) : isBetterHigh ? -value : value
  }

  /// Whether more of it is better, however much there is.
  package var isBetterHigh: Bool {
    switch self {
    case .precision, .recall, .density, .coverage: true
    case .heldOutChi2, .fpd, .kpd, .aucLow, .aucHigh, .separation, .layerChi2, .shapeChi2, .correlation,
      .memorisation:
      false
    }
  }

  /// What is asked for together, since it is computed together: what `--metrics` and `evaluate.metrics` name.
  package enum Family: String, Codable, CaseIterable, Hashable, Sendable {
    case chi2, fpd, kpd, separation, layers, neighbours, auc

    /// What it gives.
    package var metrics: [Metric] {
      switch self {
      case .chi2: [.heldOutChi2]
      case .fpd: [.fpd]
      case .kpd: [.kpd]
      case .separation: [.separation]
      case .layers: [.layerChi2, .shapeChi2, .correlation]
      case .neighbours: [.precision, .recall, .density, .coverage, .memorisation]
      case .auc: [.aucLow, .aucHigh]
      }
    }

    /// All but the classifiers, which take a minute.
    package static let quick: [Family] = allCases.filter { $0 != .auc }
  }
}

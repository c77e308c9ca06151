import Storage

/// What is trained, whatever the seed and the data: a variant with its training settings.
package struct TrainedVariant: Hashable, Sendable {
  /// The two networks, or the parametric simulator.
  package var variant: Variant
  /// How they are trained.
  package var settings: TrainingSettings

  package init(variant: Variant, settings: TrainingSettings) {
    self.variant = variant
    self.settings = settings
  }

  /// The readable name: the variant's, and the settings that depart from the study's:
  /// `classical-50-200-batch_size=20`.
  package var name: String {
    var name = variant.name
    eachDeparture { key, value, _ in name += "-\(key)=\(value)" }
    return name
  }

  /// The description that the identity is a hash of: the variant's, and a line for each departure.
  package var canonical: String { canonical() }

  /// The identity: twelve hexadecimal digits of the SHA-256 of `canonical`.
  package var id: String { Self.hash(canonical) }

  /// The identity of a sweep's row: of what is trained and the selection of events.
  package func id(on dataset: DatasetRequest) -> String { Self.hash("\(canonical)\ndataset: \(dataset.canonical)") }

  /// A run's identity, also the name of its folder: `<variant's name>-s<seed>-<12 hex digits>`, the digits a hash of
  /// all that decides the trained numbers.
  ///
  /// The budget, what is kept and where the data lie decide none of them, so a longer budget continues the same run and
  /// sweeps share their baselines.
  package func runID(seed: UInt64, dataset: DatasetDescription) -> String {
    let canonical = canonical(on: "\ndataset: \(dataset.sha256)\nseed: \(seed)")
    return "\(variant.runName)-s\(seed)-\(Self.hash(canonical))"
  }

  /// What an identity is the hash of, with the lines of `data` between the variant's and the settings'.
  private func canonical(on data: String = "") -> String {
    var text = variant.canonical + data
    eachDeparture { key, value, _ in text += "\nsetting: \(key) \(value)" }
    return text
  }

  /// The settings that differ from the study's, `key value` each; of a parametric simulator none counts.
  package var departures: [String] {
    var parts: [String] = []
    eachDeparture { key, value, _ in parts.append(key + " " + value) }
    return parts
  }

  /// Calls `body` with each of `departures`: its key, its value, and whether that is a word and no number or flag.
  package func eachDeparture(_ body: (_ key: String, _ value: String, _ isWord: Bool) -> Void) {
    if variant.parametric == nil { settings.eachDeparture(body) }
  }

  /// Twelve digits: of eight, two of 100 000 variants would likely be the same.
  private static func hash(_ canonical: String) -> String { SHA256.hexDigest(of: canonical, digits: 12) }
}

extension PlannedVariant {
  /// What the row trains.
  package var trained: TrainedVariant { TrainedVariant(variant: variant, settings: settings) }

  /// The identity of what is trained: of the variant, the settings that depart from the study's, and the selection
  /// of events.
  package var id: String { trained.id(on: dataset) }

  /// The readable name of what is trained.
  package var name: String { trained.name }
}

extension JobDescription {
  /// What the run trains.
  package var trained: TrainedVariant { TrainedVariant(variant: variant, settings: settings) }
}

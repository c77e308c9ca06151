/// All that a worker needs to train one run: one variant with one seed on one dataset.
///
/// Complete: no default is implied.
package struct JobDescription: Codable, Hashable, Sendable {
  /// The version of this format.
  package static let currentSchema = 1

  /// The version of the format that it was written in.
  package var schema: Int
  /// The run's identity (see `TrainedVariant.runID`), also the name of its folder.
  package var run: String
  /// The networks to train.
  package var variant: Variant
  /// How they are trained.
  package var settings: TrainingSettings
  /// The seed that all random numbers of the run follow from.
  package var seed: UInt64
  /// The training events, and where they lie.
  package var dataset: DatasetDescription
  /// When the run is finished.
  package var budget: Budget
  /// Which checkpoints stay on disk.
  package var keep: Retention

  package init(
    variant: Variant, settings: TrainingSettings, seed: UInt64, dataset: DatasetDescription, budget: Budget,
    keep: Retention = .init()
  ) {
    self.schema = Self.currentSchema
    self.run = TrainedVariant(variant: variant, settings: settings).runID(seed: seed, dataset: dataset)
    self.variant = variant
    self.settings = settings
    self.seed = seed
    self.dataset = dataset
    self.budget = budget
    self.keep = keep
  }

  private enum CodingKeys: String, CodingKey { case schema, run, variant, settings, seed, dataset, budget, keep }

  /// Reads the schema first: what another one means is not known here.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    schema = try values.decode(Int.self, forKey: .schema)
    guard schema == Self.currentSchema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: values,
        debugDescription: "\(schema) is not \(Self.currentSchema), the one that this program knows")
    }
    run = try values.decode(String.self, forKey: .run)
    variant = try values.decode(Variant.self, forKey: .variant)
    settings = try values.decode(TrainingSettings.self, forKey: .settings)
    seed = try values.decode(UInt64.self, forKey: .seed)
    dataset = try values.decode(DatasetDescription.self, forKey: .dataset)
    budget = try values.decode(Budget.self, forKey: .budget)
    keep = try values.decode(Retention.self, forKey: .keep)
  }

  /// What must be the same for a checkpoint of another description to be resumed here: a clause for each difference.
  package func differences(from other: JobDescription) -> [String] {
    var parts: [String] = []
    if variant != other.variant { parts.append("variant: \(other.variant.canonical) there, \(variant.canonical) here") }
    if settings != other.settings {
      parts.append(
        "training settings: \(other.settings.departures) there, \(settings.departures) here (from the defaults)")
    }
    if seed != other.seed { parts.append("seed: \(other.seed) there, \(seed) here") }
    if dataset.sha256 != other.dataset.sha256 {
      parts.append("dataset: SHA-256 \(other.dataset.sha256) there, \(dataset.sha256) here")
    }
    return parts
  }
}

/// A prepared dataset: a file in the CaloChallenge layout, and what is in it.
package struct DatasetDescription: Codable, Hashable, Sendable {
  /// Where the file is; relative paths are relative to the job description's folder.
  package var path: String
  /// SHA-256 of the prepared content: incident energies and showers as little-endian float32, and the selection.
  package var sha256: String
  /// The incident energies (MeV), ascending; of bins their middles.
  package var energies: [Double]
  /// Training events per energy.
  package var eventsPerEnergy: Int
  /// Voxels per shower.
  package var voxels: Int
  /// What the showers are of; nil for pions, as in older descriptions.
  package var particle: Particle?
  /// How the voxels lie; nil for CaloChallenge's detector with so many.
  package var geometry: VoxelGeometry?
  /// The bins of incident energy; nil for discrete energies.
  package var energyBins: EnergyBins?
  /// Events without energy in any voxel; nil where there are none.
  ///
  /// See `oddities`.
  package var emptyEvents: Int?
  /// Voxels with negative energy; nil where there are none.
  package var negativeVoxels: Int?
  /// Incident energies that count as another one; nil where there are none.
  package var mergedEnergies: Int?

  /// - Parameters:
  ///   - path: Where the file is.
  ///   - sha256: Of the prepared content.
  ///   - energies: The incident energies (MeV), ascending; of bins their middles.
  ///   - eventsPerEnergy: Training events per energy.
  ///   - voxels: Voxels per shower.
  ///   - kind: What the showers are of, where, and at which energies; pions of discrete energies if not given.
  package init(
    path: String, sha256: String, energies: [Double], eventsPerEnergy: Int, voxels: Int, kind: ShowerKind = .init()
  ) {
    self.path = path
    self.sha256 = sha256
    self.energies = energies
    self.eventsPerEnergy = eventsPerEnergy
    self.voxels = voxels
    self.kind = kind
  }

  /// The events of all energies together.
  package var events: Int { energies.count * eventsPerEnergy }

  /// Why it can be no dataset, as a clause naming the key of a job description; nil when it can.
  package var flaw: String? {
    if energies.count > Bounds.energies { return "energies: \(energies.count) are more than \(Bounds.energies)" }
    if let geometry, geometry.voxels != voxels { return "geometry: it has \(geometry.voxels) voxels, not \(voxels)" }
    if let energyBins, energyBins.middles != energies { return "energyBins: they are not those of the energies" }
    return energies.lazy.compactMap { Bounds.flaw("energies", $0, Bounds.energy) }.first
      ?? Bounds.flaw("eventsPerEnergy", eventsPerEnergy, Bounds.events)
      ?? Bounds.flaw("voxels", voxels, Bounds.trainedVoxels)
  }
}

/// When a run is finished, whichever comes first.
///
/// Counted over all its attempts.
package struct Budget: Codable, Hashable, Sendable {
  /// The last checkpoint number, e.g.
  ///
  /// 125 for 125 000 iterations at the default interval.
  package var checkpoints: Int?
  /// Seconds of training (evaluation, set-up and checkpoint writing are not counted).
  package var trainingSeconds: Double?

  package init(checkpoints: Int? = nil, trainingSeconds: Double? = nil) {
    self.checkpoints = checkpoints
    self.trainingSeconds = trainingSeconds
  }

  /// The part of a budget that ends a run.
  package enum Part: Hashable, Sendable {
    case checkpoints(Int)
    case trainingSeconds(Double)
  }

  /// The part that is used by a run of so many checkpoints and seconds of training.
  /// - Parameters:
  ///   - checkpoint: The last one; nil before the first.
  ///   - seconds: The seconds of training.
  /// - Returns: The part; nil when none is used.
  package func use(checkpoint: Int?, trainingSeconds seconds: Double) -> Part? {
    if let last = checkpoints, let checkpoint, checkpoint >= last { return .checkpoints(last) }
    if let limit = trainingSeconds, seconds >= limit { return .trainingSeconds(limit) }
    return nil
  }

  /// Whether a run of so many checkpoints and seconds of training has nothing left to do.
  package func isUsed(checkpoint: Int?, trainingSeconds: Double) -> Bool {
    use(checkpoint: checkpoint, trainingSeconds: trainingSeconds) != nil
  }

  /// Whether a run that has used another budget may have something left to do by this one.
  package func isMore(than other: Budget) -> Bool {
    func isMore<Length: Comparable>(_ length: Length?, _ other: Length?) -> Bool {
      guard let other else { return false }
      return length.map { $0 > other } ?? true
    }
    return isMore(checkpoints, other.checkpoints) || isMore(trainingSeconds, other.trainingSeconds)
  }

  /// Why it is no budget, as a clause naming the key of a job description; nil when it is one.
  package var flaw: String? {
    // A job description may ask for checkpoint 0 alone, or for no time at all.
    checkpoints.flatMap { Bounds.flaw("checkpoints", $0, 0...Bounds.checkpoints.upperBound) }
      ?? trainingSeconds.flatMap { Bounds.flaw("trainingSeconds", $0, 0...Bounds.time.upperBound) }
  }
}

/// Which checkpoints stay on disk.
package struct Retention: Codable, Hashable, Sendable {
  /// How many full checkpoints (both networks, both optimisers, counters) stay, at least 2.
  package var full: Int = 2
  /// Every how many checkpoints the generator alone stays; 1 keeps every one, 0 only those in full checkpoints.
  package var generatorEvery: Int = 1

  package init(full: Int = 2, generatorEvery: Int = 1) {
    self.full = full
    self.generatorEvery = generatorEvery
  }

  /// Why it keeps too little or is none, as a clause naming the key of a job description; nil when it is one.
  package var flaw: String? {
    Bounds.flaw("full", full, Bounds.keptFull) ?? Bounds.flaw("generatorEvery", generatorEvery, Bounds.generatorEvery)
  }

  /// How many files of generators alone stay when this checkpoint is the last.
  package func generators(through last: Int) -> Int { generatorEvery == 0 ? 0 : last / generatorEvery + 1 }
}

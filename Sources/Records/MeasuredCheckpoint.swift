package import Experiment

/// What showers came out as whose circuit was measured, on a device or a model of one: a line of `devices.jsonl` in the
/// run's folder.
package struct MeasuredCheckpoint: Codable, Hashable, Sendable {
  /// One number of shots.
  package struct Setting: Codable, Hashable, Sendable {
    /// The shots for each circuit; nil for exact expectations.
    package var shots: Int?
    /// Whether noise had a part in it: not so in the first setting, the trained circuit itself.
    package var noisy: Bool
    /// The metrics.
    package var values: [Metric: MetricValue]
    /// The mean E_tot over Geant4's, the mean over the energies.
    package var response: MetricValue
    /// The seconds of device time for one shower; nil where nobody knows, or of exact expectations.
    package var seconds: Double?

    package init(
      shots: Int?, noisy: Bool, values: [Metric: MetricValue], response: MetricValue, seconds: Double? = nil
    ) {
      self.shots = shots
      self.noisy = noisy
      self.values = values
      self.response = response
      self.seconds = seconds
    }
  }

  /// The run's identity.
  package var run: String
  /// The checkpoint's number.
  package var checkpoint: Int
  /// Generator updates so far.
  package var iteration: Int
  /// SHA-256 of the arrays in the file that generated.
  package var sha256: String
  /// The worker's source commit, with a "+" for uncommitted changes; "" when unknown.
  package var commit: String
  /// Why this one: `best`, `last` or its number; nil where nobody said.
  package var chosen: String?
  /// Seconds since 1970-01-01 00:00 UTC; nil before it is recorded.
  package var time: Double?
  /// The device's name, `model` for a noise model, or `ideal` for shots without noise.
  package var device: String
  /// The device's qubits that the circuit was placed on, in the circuit's order; nil where there are none.
  package var chain: [Int]?
  /// Whether the read-out's confusion was undone.
  package var readoutCorrected: Bool
  /// Whether ⟨Z⟩ was extrapolated to no noise.
  package var extrapolated: Bool
  /// The seed of latents, shots and draws.
  package var seed: UInt64
  /// The generated events, of all energies together.
  package var events: Int
  /// Whether Geant4's events are ones that were not trained on.
  package var heldOut: Bool
  /// The trained circuit itself, then each number of shots.
  package var settings: [Setting]
  /// What the device's calibration lacks, and what could not be computed: sentences.
  package var remarks: [String]

  package init(
    run: String, checkpoint: Int, iteration: Int, sha256: String, commit: String, device: String, chain: [Int]?,
    readoutCorrected: Bool, extrapolated: Bool, seed: UInt64, events: Int, heldOut: Bool, settings: [Setting],
    remarks: [String] = []
  ) {
    self.run = run
    self.checkpoint = checkpoint
    self.iteration = iteration
    self.sha256 = sha256
    self.commit = commit
    self.device = device
    self.chain = chain
    self.readoutCorrected = readoutCorrected
    self.extrapolated = extrapolated
    self.seed = seed
    self.events = events
    self.heldOut = heldOut
    self.settings = settings
    self.remarks = remarks
  }

  /// The least of the numbers of shots from which on χ²/NDF stays within a tenth of that of exact expectations.
  ///
  /// Nil when no number does, or there is nothing to compare.
  package var shotsLikeExact: Int? {
    func score(_ setting: Setting) -> Double? { setting.values[.heldOutChi2]?.value }
    guard let exact = settings.last(where: { $0.noisy && $0.shots == nil }).flatMap(score), exact > 0 else {
      return nil
    }
    let finite = settings.compactMap { setting in
      setting.shots.flatMap { shots in score(setting).map { (shots, abs($0 / exact - 1) <= 0.1) } }
    }.sorted { $0.0 > $1.0 }
    return finite.prefix { $0.1 }.last?.0
  }

  /// Why a line of this run's file cannot be taken in, a clause; nil when nothing is wrong with it.
  package func flaw(run: String) -> String? {
    if run != self.run { return "it belongs to \(self.run)" }
    if settings.contains(where: { ($0.shots ?? 1) < 1 }) { return "shots are at least 1" }
    return checkpoint < 0 || iteration < 0 || events < 0 ? "checkpoint, iteration and events cannot be negative" : nil
  }
}

extension RunFolder {
  /// The path of the file with what devices made of the run's generators.
  package var devicesFile: String { path + "/" + Self.devicesName }

  /// The name of that file in the run's folder.
  package static let devicesName = "devices.jsonl"
}

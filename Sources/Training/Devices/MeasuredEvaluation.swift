package import Ansatz
package import Calorimetry
package import Experiment
import Metrics
import NeuralNetwork
package import Records
package import Simulator
import Storage

/// What is left of a trained generator whose circuit is measured: metrics for each number of shots.
package struct MeasuredEvaluation {
  /// Where the circuit is carried out.
  package enum Place: Sendable {
    /// The circuit's own gates, under noise; without any for shots alone.
    case model(NoiseModel)
    /// A device's qubits.
    case device(PlacedCircuit, name: String)
  }

  /// The numbers.
  package let record: MeasuredCheckpoint
  /// What the circuit costs on the device; nil without one.
  package let cost: PlacedCircuit.Cost?

  /// - Parameters:
  ///   - checkpoint: What has the generator.
  ///   - place: Where its circuit is carried out.
  ///   - shots: How many, or nil for exact expectations.
  ///   - mitigation: What is done about noise.
  ///   - trajectories: How many noise is simulated by for each event; nil for exactly where that can be done.
  ///   - events: At each energy.
  ///   - seed: Of latents, shots and draws.
  ///   - reference: Geant4's events that were trained on.
  ///   - heldOut: Those that were not; nil for none.
  ///   - geometry: How the voxels lie.
  ///   - families: What is computed.
  ///   - threshold: Voxels with less energy (MeV) count as empty; nil for what CaloChallenge takes.
  ///   - deviceRemarks: What the device's calibration lacks.
  /// - Throws: `InputError` when the generator has no circuit, or too many qubits; `HDF5Error`.
  package init(
    of checkpoint: Checkpoint, on place: Place, shots: [Int?], mitigation: MeasuredCircuit.Mitigation,
    trajectories: Int? = nil, events: Int,
    seed: UInt64, reference: ShowerSelection, heldOut: ShowerSelection?, geometry: VoxelGeometry,
    families: Set<Metric.Family>, threshold: Double? = nil, deviceRemarks: [String] = []
  ) throws {
    let (job, iteration) = (checkpoint.header.job, checkpoint.header.iteration)
    let incident = job.dataset.incidentEnergies(events: events, like: heldOut ?? reference)
    let feed = try CircuitFeed(of: checkpoint, incident: incident, latents: .metrics(seed))
    let method = trajectories.map(MeasuredCircuit.Method.trajectories) ?? .usual(qubits: feed.circuit.qubits)
    let measured = try Self.measured(feed.circuit, on: place, mitigation, method)
    let randomness = Randomness(seed: seed)
    let values = concurrentMap(0..<feed.inputs.count, grain: 4) { event in
      measured.expectations(
        inputs: feed.inputs[event], angles: feed.angles, shots: shots,
        seed: randomness.seed(.shots, iteration: iteration, index: event))
    }
    var remarks = deviceRemarks
    if case .trajectories(let number) = method {
      remarks.append(
        "Noise by \(number) trajectories with errors for each event and the one without; relaxation as its Pauli twirl."
      )
    }
    func setting(_ latents: ShowerGeneration.Latents, shots: Int?, noisy: Bool) throws -> MeasuredCheckpoint.Setting {
      let generated = try ShowerGeneration(checkpoint: checkpoint, incident: incident, latents: latents)
        .selection().binned(reference.kind.bins)
      let compared = try ComparedShowers(reference: reference, heldOut: heldOut, generated: generated)
      let metrics = try ShowerMetrics(
        compared, geometry: geometry, families: families, seed: seed, threshold: threshold)
      for remark in metrics.remarks where !remarks.contains(remark) { remarks.append(remark) }
      var values = metrics.record.values
      if values[.heldOutChi2] == nil && families.contains(.chi2) {
        values[.heldOutChi2] = try Self.chi2(compared, seed)
      }
      return .init(
        shots: shots, noisy: noisy, values: values, response: try Self.response(compared),
        seconds: shots.flatMap { Self.seconds($0, circuits: measured.circuitsPerSample, place, feed) })
    }
    // Of a generator that was trained under noise too: the circuit alone.
    let ideal = feed.expectations.flatMap { $0.map(Float.init) }
    var settings = [try setting(.expectations(ideal), shots: nil, noisy: false)]
    for (index, number) in shots.enumerated() {
      let flat = values.flatMap { $0[index].map(Float.init) }
      settings.append(try setting(.expectations(flat), shots: number, noisy: true))
    }
    var (name, chain): (String, [Int]?) = ("ideal", nil)
    switch place {
    // One model is told from another by its content.
    case .model(let noise): if noise != NoiseModel() { name = CircuitMeasurement(noise: noise).noiseName ?? name }
    case .device(let placed, let device): (name, chain) = (device, placed.chain)
    }
    record = MeasuredCheckpoint(
      run: job.run, checkpoint: checkpoint.header.checkpoint, iteration: iteration, sha256: checkpoint.sha256,
      commit: BuildInfo.commit, device: name, chain: chain, readoutCorrected: mitigation.readout,
      extrapolated: mitigation.extrapolation, seed: seed, events: feed.inputs.count, heldOut: heldOut != nil,
      settings: settings, remarks: remarks)
    if case .device(let placed, _) = place, let first = feed.inputs.first {
      cost = placed.cost(inputs: first, angles: feed.angles)
    } else {
      cost = nil
    }
  }

  /// The circuit as it is measured.
  /// - Throws: `InputError` when it cannot be.
  private static func measured(
    _ circuit: Circuit, on place: Place, _ mitigation: MeasuredCircuit.Mitigation, _ method: MeasuredCircuit.Method
  ) throws -> MeasuredCircuit {
    if method != .exact && mitigation.extrapolation {
      throw InputError(
        "\(circuit.name): ⟨Z⟩ is extrapolated from exact noise alone, which is up to \(NoisySimulator.qubitLimit) qubits and "
          + "without --trajectories")
    }
    let noise: NoiseModel =
      switch place {
      case .model(let noise): noise
      case .device(let placed, _): placed.noise
      }
    if mitigation.readout, let qubit = (0..<circuit.qubits).first(where: { !noise.qubit($0).readout.isInvertible }) {
      throw InputError(
        "qubit \(qubit): P(1|0) and P(0|1) of its read-out add up to 1 or more, so it cannot be corrected")
    }
    return switch place {
    case .model(let noise): MeasuredCircuit(circuit, noise: noise, mitigation: mitigation, method: method)
    case .device(let placed, _): MeasuredCircuit(placed, mitigation: mitigation, method: method)
    }
  }

  private static func seconds(_ shots: Int, circuits: Int, _ place: Place, _ feed: CircuitFeed) -> Double? {
    guard case .device(let placed, _) = place, let first = feed.inputs.first else { return nil }
    return Double(shots * circuits) * placed.cost(inputs: first, angles: feed.angles).shot / 1e6
  }

  /// χ²/NDF of E_tot with its uncertainty, against whatever Geant4 events there are.
  private static func chi2(_ showers: ComparedShowers, _ seed: UInt64) throws -> MetricValue {
    let reference = try EvaluationReference(ShowerTotals(showers.geant4))
    let totals = try ShowerTotals(showers.generated)
    return MetricValue(
      value: try reference.evaluate(totals).reduced,
      error: try reference.bootstrap(totals, resamples: 100, seed: seed).total.standardDeviation)
  }

  /// Mean E_tot over Geant4's, the mean over energies, with its standard error.
  private static func response(_ showers: ComparedShowers) throws -> MetricValue {
    let (geant4, generated) = (try ShowerTotals(showers.geant4), try ShowerTotals(showers.generated))
    func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count / max(count - 1, 1))
    }
    var (sum, variance, count) = (0.0, 0.0, 0.0)
    for (ours, theirs) in zip(generated.totals, geant4.totals) where !ours.isEmpty && !theirs.isEmpty {
      let (a, b) = (moments(ours), moments(theirs))
      guard b.mean != 0 else { continue }
      let ratio = a.mean / b.mean
      sum += ratio
      variance += (a.variance + ratio * ratio * b.variance) / (b.mean * b.mean)
      count += 1
    }
    return MetricValue(value: sum / max(count, 1), error: variance.squareRoot() / max(count, 1))
  }

  /// The numbers as people read them.
  package var text: String {
    var lines: [String] = []
    if let cost {
      let chain = (record.chain ?? []).map { "\($0)" }.joined(separator: ", ")
      lines.append("On \(record.device), qubits \(chain): \(cost.pairs) gates of two qubits, \(cost.sx) SX.")
    }
    lines.append(
      "\(record.events) events\(record.heldOut ? " against ones that were not trained on" : ""), seed \(record.seed)."
        + (record.readoutCorrected ? " Read-out corrected." : "")
        + (record.extrapolated ? " Extrapolated to no noise." : ""))
    if let shots = record.shotsLikeExact {
      lines.append("χ²/NDF is within 10 % of that of exact expectations from \(shots) shots on.")
    }
    return lines.map { $0 + "\n" }.joined() + "\n" + PlainTable.text(record.table, left: 1)
      + record.remarks.map { $0 + "\n" }.joined()
  }
}

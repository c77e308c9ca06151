import CKernels
package import Experiment
package import NeuralNetwork

/// A trained generator alone, as a checkpoint holds it.
package final class Generator {
  /// What an affine multiplies its input with besides γ: 1 / √(1 + 0.001).
  package static let normalisation = GeneratorNetwork.normalisation

  /// The network's architecture.
  package let architecture: GeneratorArchitecture
  private let settings: TrainingSettings
  private let network: GeneratorNetwork

  /// - Throws: `InputError` if an array is missing or has another shape.
  package init(
    architecture: GeneratorArchitecture, settings: TrainingSettings, voxels: Int, state: [NamedArray]
  ) throws(InputError) {
    self.architecture = architecture
    self.settings = settings
    network = GeneratorNetwork(architecture, affine: settings.affine, voxels: voxels, capacity: 50, team: Team())
    let arrays = try NamedArrays(state)
    try network.parameters.check(arrays, moments: false)
    network.parameters.restore(arrays, moments: false)
  }

  /// Latents `[events, latent]` for a user's seed.
  package func latents(events: Int, seed: UInt64) -> [Float] {
    Self.latents(
      events: events, architecture: architecture, settings: settings, Randomness(seed: seed), .generation,
      iteration: 0)
  }

  /// The latents `[events, latent]` of the evaluation of the run with this seed after so many iterations.
  package func evaluationLatents(events: Int, seed: UInt64, iteration: Int) -> [Float] {
    Self.latents(
      events: events, architecture: architecture, settings: settings, Randomness(seed: seed), .evaluationLatents,
      iteration: iteration)
  }

  /// Fresh latents `[events, latent]` for the metrics of a checkpoint: of a stream that nothing else is drawn from.
  package func metricLatents(events: Int, seed: UInt64, iteration: Int) -> [Float] {
    Self.latents(
      events: events, architecture: architecture, settings: settings, Randomness(seed: seed), .metricLatents,
      iteration: iteration)
  }

  static func latents(
    events: Int, architecture: GeneratorArchitecture, settings: TrainingSettings, _ randomness: Randomness,
    _ purpose: Randomness.Purpose, iteration: Int
  ) -> [Float] {
    var latents = [Float](repeating: 0, count: events * architecture.latent)
    latents.withUnsafeMutableBufferPointer {
      randomness.fill($0, mean: settings.latentMean, spread: settings.latentSpread, purpose, iteration: iteration)
    }
    return latents
  }

  /// Showers `[events, voxels]` from latents `[events, latent]` and labels `[events]`.
  /// - Parameters:
  ///   - latents: What they are made from.
  ///   - labels: Looked at only when conditioned.
  ///   - draws: What trajectories and shots are drawn by, where the circuit is measured.
  ///   - first: The number of the first event among those of the draws.
  ///   - energies: The kinetic energy of each event; nil for 1.
  /// - Returns: The showers, in the energies' unit, or fractions of the kinetic energy.
  package func generate(
    latents: [Float], labels: [Float], draws: EventDraws = .usual, from first: Int = 0,
    energies: ArraySlice<Double>? = nil
  ) -> [Float] {
    network.generate(latents: latents, labels: labels, draws: draws, from: first, energies: energies)
  }

  /// The angles of its simulated circuit, in the circuit's numbering; nil for a generator without one.
  package var circuitAngles: [Float]? { network.circuitAngles }

  /// What its circuit takes in for each event: latents `[events, latent]`, and the label where it is told.
  /// - Returns: One list per event, of as many numbers as there are qubits.
  package func circuitInputs(latents: [Float], labels: [Float]) -> [[Float]] {
    let latent = architecture.latent
    return labels.enumerated().map { event, label in
      Array(latents[event * latent..<(event + 1) * latent]) + (architecture.conditioned ? [label] : [])
    }
  }

  /// Showers `[events, voxels]` from ⟨Z⟩ `[events, qubits]` of its circuit, wherever that was carried out, in the unit of the
  /// events' kinetic energies.
  /// - Precondition: It has a simulated circuit.
  package func generate(expectations: [Float], energies: ArraySlice<Double>) -> [Float] {
    network.generate(events: expectations.count / architecture.inputs, energies: energies) { row, event in
      expectations.withUnsafeBufferPointer {
        network.setFeatures(row, $0.baseAddress! + event * architecture.inputs)
      }
    } forward: {
      network.forwardLayers(count: $0)
    }
  }
}

/// What the trajectories and shots of generated events are drawn by: of a stream beside that of their latents.
package struct EventDraws: Sendable {
  private let randomness: Randomness
  private let purpose: Randomness.Purpose
  private let iteration: Int

  /// - Parameters:
  ///   - randomness: That of the latents.
  ///   - latents: What these are for.
  ///   - iteration: After which they are drawn.
  package init(_ randomness: Randomness, _ latents: Randomness.Purpose, iteration: Int) {
    (self.randomness, purpose, self.iteration) = (randomness, latents.measurements, iteration)
  }

  /// Those of latents that somebody brings.
  package static let usual = EventDraws(Randomness(seed: 0), .generation, iteration: 0)

  func seed(_ event: Int) -> UInt64 { randomness.seed(purpose, iteration: iteration, index: event) }
}

extension GeneratorNetwork {
  /// Showers `[events, voxels]`, in portions of the network's capacity; fractions of the kinetic energy without energies.
  func generate(
    latents: [Float], labels: [Float], draws: EventDraws, from first: Int = 0, energies: ArraySlice<Double>? = nil
  ) -> [Float] {
    let latent = architecture.latent
    precondition(
      latents.count == labels.count * latent, "\(latents.count) latent values for \(labels.count) events of \(latent)")
    return generate(events: labels.count, energies: energies) { row, event in
      latents.withUnsafeBufferPointer {
        setInput(row, latents: $0.baseAddress! + event * latent, label: labels[event])
      }
      setSeed(row, draws.seed(first + event))
    } forward: {
      forward(count: $0)
    }
  }

  /// Showers of events that `set` puts into rows and `forward` takes on to voxels, in portions.
  ///
  /// Energies are multiplied in as the voxels are copied: another pass over all of them would come from memory.
  fileprivate func generate(
    events: Int, energies: ArraySlice<Double>?, set: (_ row: Int, _ event: Int) -> Void,
    forward: (_ count: Int) -> Void
  ) -> [Float] {
    precondition(energies.map { $0.count == events } ?? true, "energies of \(energies?.count ?? 0) of \(events) events")
    let voxels = self.voxels.columns
    return [Float](unsafeUninitializedCapacity: events * voxels) { showers, count in
      for first in stride(from: 0, to: events, by: self.voxels.rows) {
        let events = first..<min(first + self.voxels.rows, events)
        for (row, event) in events.enumerated() { set(row, event) }
        forward(events.count)
        for (row, event) in events.enumerated() {
          let energy = energies.map { $0[$0.startIndex + event] } ?? 1
          dense_scale(voxels, energy, self.voxels[row], showers.baseAddress! + event * voxels)
        }
      }
      count = events * voxels
    }
  }
}

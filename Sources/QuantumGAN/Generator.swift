package import Experiment
import NeuralNetwork

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

  /// Showers `[events, voxels]`, fractions of the kinetic energy, from latents `[events, latent]` and labels `[events]`.
  package func generate(latents: [Float], labels: [Float]) -> [Float] {
    network.generate(latents: latents, labels: labels)
  }
}

extension GeneratorNetwork {
  /// Showers `[events, voxels]`, in portions of the network's capacity.
  func generate(latents: [Float], labels: [Float]) -> [Float] {
    let events = labels.count
    let (latent, voxels) = (architecture.latent, self.voxels.columns)
    precondition(latents.count == events * latent, "\(latents.count) latent values for \(events) events of \(latent)")
    var showers: [Float] = []
    showers.reserveCapacity(events * voxels)
    for first in stride(from: 0, to: events, by: self.voxels.rows) {
      let events = first..<min(first + self.voxels.rows, events)
      latents.withUnsafeBufferPointer {
        for (row, event) in events.enumerated() {
          setInput(row, latents: $0.baseAddress! + event * latent, label: labels[event])
        }
      }
      forward(count: events.count)
      for row in 0..<events.count { showers += UnsafeBufferPointer(start: self.voxels[row], count: voxels) }
    }
    return showers
  }
}

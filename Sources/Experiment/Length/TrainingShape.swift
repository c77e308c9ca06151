package import Ansatz

/// What decides how long a training takes: not what is learnt, nor how fast.
package struct TrainingShape: Codable, Hashable, Sendable {
  /// The two networks.
  package var variant: Variant
  /// Events per mini-batch.
  package var batchSize: Int
  /// Discriminator steps per iteration.
  package var discriminatorSteps: Int
  /// Voxels per shower.
  package var voxels: Int
  /// Training events, over all energies: as many are generated for an evaluation.
  package var events: Int

  package init(variant: Variant, settings: TrainingSettings, voxels: Int, events: Int) {
    self.variant = variant
    batchSize = settings.batchSize
    discriminatorSteps = settings.discriminatorSteps
    self.voxels = voxels
    self.events = events
  }

  /// The shape of the training that a job describes.
  package init(_ job: JobDescription) {
    self.init(
      variant: job.variant, settings: job.settings, voxels: job.dataset.voxels, events: job.dataset.events)
  }

  /// The trained numbers of both networks, angles included.
  package var parameterCount: Int {
    variant.generator.parameterCount(voxels: voxels) + variant.generator.angleCount
      + variant.discriminator.parameterCount(voxels: voxels)
  }
}

extension TrainingShape {
  /// Multiplications of the Dense layers' products in an iteration: a discriminator step has eight passes over the
  /// discriminator's weights and one over the generator's, a generator step two and three.
  package var multiplications: Double {
    let generator = Double(variant.generator.parameterCount(voxels: voxels))
    let discriminator = Double(variant.discriminator.parameterCount(voxels: voxels))
    let steps = Double(discriminatorSteps)
    return Double(batchSize) * (steps * (generator + 8 * discriminator) + 3 * generator + 2 * discriminator)
  }

  /// Amplitudes that the rotations of the generator's circuits change, for one event.
  package var generatorAmplitudes: Double { variant.generator.circuits.reduce(0) { $0 + Self.amplitudes($1) } }

  /// Amplitudes that the rotations of a circuit change, for one event.
  package static func amplitudes(_ circuit: Circuit?) -> Double {
    circuit.map { Double((1 << $0.qubits) * $0.angleCount) } ?? 0
  }

  /// Circuits that are simulated for each generated event: one, and under noise its trajectories.
  private var circuitsPerEvent: Double {
    variant.generator.measurement.map { $0.isNoisy ? Double(1 + $0.trajectories) : 1 } ?? 1
  }

  /// Amplitudes that the circuits' rotations change in an iteration.
  package var amplitudes: Double {
    let steps = Double(discriminatorSteps)
    return Double(batchSize)
      * ((steps + 4) * circuitsPerEvent * generatorAmplitudes + (8 * steps + 2)
        * Self.amplitudes(variant.discriminator.circuit))
  }
}

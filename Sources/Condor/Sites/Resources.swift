package import Experiment

/// What one job of a sweep needs on an execution point: an estimate from its description, rounded up.
package struct Resources: Codable, Hashable, Sendable {
  /// The memory (MB).
  package var memoryMB: Int
  /// The disk of the scratch folder (MB), the state, the dataset and the package included.
  package var diskMB: Int
  /// The folders that HTCondor copies at evictions, at the end of the run.
  package var stateMB: Int

  package init(memoryMB: Int, diskMB: Int, stateMB: Int) {
    self.memoryMB = memoryMB
    self.diskMB = diskMB
    self.stateMB = stateMB
  }

  /// The needs of one run.
  ///
  /// - Parameters:
  ///   - job: The run.
  ///   - packageMB: The worker's package, in MB; it stands unpacked beside its archive, about four times its size.
  ///   - cores: Those that it trains on.
  package init(of job: JobDescription, packageMB: Int, cores: Int = 1) {
    let voxels = job.dataset.voxels
    let numbers = job.variant.generatorParameters(
      voxels: voxels, energies: job.dataset.energies.count, geometry: job.dataset.kind.geometry(voxels: voxels))
    let generator = numbers + job.variant.generator.angleCount
    let parameters = generator + job.variant.discriminatorParameters(voxels: voxels)
    // Weights and Adam's two moments in a checkpoint; in memory the gradients too.
    let checkpoint = 4 * 3 * parameters
    let qubits = max(
      job.variant.generator.qubits,
      job.variant.discriminator.circuit == nil ? 0 : job.variant.discriminator.hidden.last ?? 0)
    // Two planes, the adjoint's two more, in double precision at the most, for a batch.
    let states = qubits == 0 ? 0 : (1 << qubits) * max(job.settings.batchSize, 16) * 8 * 4
    // Training events, their generated counterparts at an evaluation, and the activations between them.
    let events = 3 * 4 * job.dataset.events * voxels
    let generators = job.keep.generators(through: job.lastCheckpoint(cores: cores))
    // So many checkpoints of so large networks need not fit an Int's bytes.
    let state = Double(job.keep.full) * Double(checkpoint) + Double(generators) * Double(4 * generator)
    let dataset = 4 * job.dataset.events * voxels
    memoryMB = Self.megabytes(2 * 4 * 4 * parameters + states + events) + 150
    stateMB = Int(saturating: state / 1e6) + 1
    diskMB = stateMB + Self.megabytes(dataset) + 5 * packageMB + 50
  }

  /// The needs of the largest of several runs, each number by itself.
  /// - Parameters:
  ///   - jobs: The runs.
  ///   - packageMB: The worker's package, in MB.
  ///   - cores: Those of each job.
  ///   - pack: How many runs a job has; they are trained one after the other, and the folders of all are there.
  package init(ofAll jobs: [JobDescription], packageMB: Int, cores: Int, pack: Int = 1) {
    let each = jobs.map { Resources(of: $0, packageMB: packageMB, cores: cores) }
    let state = each.map(\.stateMB).max() ?? 0
    self.init(
      memoryMB: each.map(\.memoryMB).max() ?? 0, diskMB: (each.map(\.diskMB).max() ?? 0) + (pack - 1) * state,
      stateMB: pack * state)
  }

  private static func megabytes(_ bytes: Int) -> Int { bytes / 1_000_000 + 1 }
}

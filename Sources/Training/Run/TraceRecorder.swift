import Experiment
import HDF5
import QuantumGAN
import Storage

/// Everything random of a run's first iterations, as a file: what an independent implementation needs to replay them.
///
/// Datasets, n iterations, s discriminator steps, b events a batch: `indices` [n, s, b] into the dataset's events,
/// `discriminator/latents` [n, s, b, latent], `discriminator/mixing` [n, s, b], `discriminator/loss` and `…/penalty`
/// [n, s] (the loss contains the penalty), `generator/latents` [n, b, latent], `generator/labels` [n, b],
/// `generator/loss` [n].
package final class TraceRecorder {
  private let path: String
  private let iterations: Int
  private let job: String
  private let shape: (steps: Int, batch: Int, latent: Int)
  private var traces: [IterationTrace] = []

  /// - Parameters:
  ///   - path: The place of the file that `write` makes.
  ///   - iterations: Recorded, from the run's first on.
  ///   - job: The run's identity, which the file's attribute `job` gets.
  ///   - steps: The discriminator steps of an iteration.
  ///   - batch: The events of a batch.
  ///   - latent: The latent values of an event.
  package init(path: String, iterations: Int, job: String, steps: Int, batch: Int, latent: Int) {
    self.path = path
    self.iterations = iterations
    self.job = job
    shape = (steps, batch, latent)
  }

  /// Whether an iteration, counted from 0, is to be added.
  func wants(iteration: Int) -> Bool { iteration < iterations && iteration == traces.count }

  func add(_ trace: IterationTrace) { traces.append(trace) }

  /// The iterations that were added.
  package var count: Int { traces.count }

  /// Writes the file.
  /// - Throws: `StorageError`.
  package func write() throws {
    let (n, s, b, latent) = (traces.count, shape.steps, shape.batch, shape.latent)
    try DurableFile.write(to: path) { aside in
      let file = try HDF5File(creating: aside)
      try file.write(traces.flatMap { $0.indices.map { Int64($0) } }, to: "indices", shape: [n, s, b])
      try file.write(traces.flatMap(\.discriminatorLatents), to: "discriminator/latents", shape: [n, s, b, latent])
      try file.write(traces.flatMap(\.mixing), to: "discriminator/mixing", shape: [n, s, b])
      try file.write(traces.flatMap(\.discriminatorLosses), to: "discriminator/loss", shape: [n, s])
      try file.write(traces.flatMap(\.penalties), to: "discriminator/penalty", shape: [n, s])
      try file.write(traces.flatMap(\.generatorLatents), to: "generator/latents", shape: [n, b, latent])
      try file.write(traces.flatMap(\.generatorLabels), to: "generator/labels", shape: [n, b])
      try file.write(traces.map(\.generatorLoss), to: "generator/loss", shape: [n])
      try file.setAttribute("job", .string(job))
      try file.close()
    }
  }
}

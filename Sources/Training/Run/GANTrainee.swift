package import Calorimetry
package import Experiment
package import QuantumGAN
package import Records

/// The GAN on a prepared dataset, as a run trains it.
package final class GANTrainee: Trainee {
  /// The GAN trainer's version: raised whenever the same job would train other numbers.
  package static var numericsVersion: Int { GANTrainer.numericsVersion }
  /// The instruction set that the kernels chose on this machine.
  package static var kernelName: String { GANTrainer.kernelName }

  private let trainer: GANTrainer
  private let set: TrainingSet
  private let evaluation: RunEvaluation
  private let trace: TraceRecorder?

  /// The untrained state.
  /// - Parameters:
  ///   - job: What is trained, and from which seed.
  ///   - dataset: The events that are trained on and compared with.
  ///   - trace: Told everything random of the first iterations; nil for nobody.
  ///   - threads: The threads that may share a product, this one included.
  /// - Throws: `InputError` when the dataset cannot be compared with.
  package init(job: JobDescription, dataset: PreparedDataset, trace: TraceRecorder? = nil, threads: Int = 1) throws {
    trainer = GANTrainer(
      variant: job.variant, settings: job.settings, voxels: dataset.voxels, seed: job.seed, threads: threads)
    set = TrainingSet(voxels: dataset.voxels, showers: dataset.fractions, labels: dataset.labels)
    evaluation = try RunEvaluation(on: dataset, seed: job.seed)
    self.trace = trace
  }

  /// The threads that may share a product, this one included.
  package var threads: Int { trainer.threads }
  /// The iterations done since the start from nothing.
  package var iteration: Int { trainer.iteration }
  /// Both networks with both moments of Adam.
  package var state: [NamedArray] { trainer.state }
  /// The generator's parameters, without Adam's moments.
  package var generatorState: [NamedArray] { trainer.generatorState }
  /// Whether every parameter of both networks is finite, with both moments of Adam.
  package var isFinite: Bool { trainer.isFinite }

  /// Goes on from where `state` was read, after so many iterations.
  /// - Throws: `InputError` when an array is missing or has another shape.
  package func restore(_ state: [NamedArray], iteration: Int) throws {
    try trainer.restore(state, iteration: iteration)
  }

  /// One iteration: the discriminator steps, then the generator step; recorded where the trace wants it.
  /// - Parameter norms: Whether to measure the gradients' norms; else they are 0.
  /// - Returns: The losses, and the norms.
  package func iterate(norms: Bool) -> IterationLosses? {
    var one = trace?.wants(iteration: iteration) == true ? IterationTrace() : nil
    let losses = trainer.iterate(on: set, norms: norms, trace: &one)
    if let one { trace?.add(one) }
    return losses
  }

  /// Generates one shower for each event of the dataset, at its energy, and compares E_tot with Geant4's.
  /// - Returns: The comparison with its bootstrap, and the share, 0 … 1, of voxels that fired in no generated event.
  /// - Throws: `NotFinite` when an event is not of finite numbers, which a comparison would count as any other.
  package func evaluate() throws -> (evaluation: Evaluation, deadVoxels: Double) {
    let fractions = trainer.generate(latents: trainer.evaluationLatents(events: set.events), labels: set.labels)
    return try evaluation.compare(fractions: fractions, iteration: iteration)
  }
}

package import Calorimetry
package import Experiment
package import QuantumGAN
package import Records

/// The GAN on a prepared dataset, as a run trains it.
package final class GANTrainee: Trainee {
  package static var numericsVersion: Int { GANTrainer.numericsVersion }
  package static var kernelName: String { GANTrainer.kernelName }

  private let trainer: GANTrainer
  private let set: TrainingSet
  private let reference: EvaluationReference
  private let energyIndex: [Int]
  private let kineticEnergies: [Double]
  private let trace: TraceRecorder?
  private let seed: UInt64

  /// Of an evaluation's bootstrap: the standard deviation to about 7 %.
  static let resamples = 100

  /// The untrained state.
  /// - Parameter trace: Told everything random of the first iterations.
  /// - Throws: `InputError` when the dataset cannot be compared with.
  package init(job: JobDescription, dataset: PreparedDataset, trace: TraceRecorder? = nil, threads: Int = 1) throws {
    trainer = GANTrainer(
      variant: job.variant, settings: job.settings, voxels: dataset.voxels, seed: job.seed, threads: threads)
    set = TrainingSet(voxels: dataset.voxels, showers: dataset.fractions, labels: dataset.labels)
    reference = try EvaluationReference(dataset)
    energyIndex = dataset.energyIndex
    kineticEnergies = dataset.kineticEnergies
    self.trace = trace
    seed = job.seed
  }

  package var threads: Int { trainer.threads }
  package var iteration: Int { trainer.iteration }
  package var state: [NamedArray] { trainer.state }
  package var generatorState: [NamedArray] { trainer.generatorState }
  package var isFinite: Bool { trainer.isFinite }

  package func restore(_ state: [NamedArray], iteration: Int) throws {
    try trainer.restore(state, iteration: iteration)
  }

  package func iterate(norms: Bool) -> IterationLosses {
    var one = trace?.wants(iteration: iteration) == true ? IterationTrace() : nil
    let losses = trainer.iterate(on: set, norms: norms, trace: &one)
    if let one { trace?.add(one) }
    return losses
  }

  package func evaluate() -> (evaluation: Evaluation, deadVoxels: Double) {
    let fractions = trainer.generate(latents: trainer.evaluationLatents(events: set.events), labels: set.labels)
    // In float32 MeV, as files hold them: evaluating one would give the same χ² to the last bit.
    let showers = ShowerGeneration.energies(ofFractions: fractions, kineticEnergies: kineticEnergies)
    let totals = ShowerTotals.totals(of: showers, voxels: set.voxels)
    // Apart from the training's random numbers, and another for each checkpoint.
    let resampling = seed << 32 ^ UInt64(iteration)
    return (
      reference.evaluate(totals: totals, energyIndex: energyIndex, resamples: Self.resamples, seed: resampling),
      ShowerGeneration.deadVoxels(showers, voxels: set.voxels)
    )
  }
}

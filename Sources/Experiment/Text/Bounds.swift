/// What the numbers of sweep files and job descriptions may be: wide enough for any training, narrow enough that nothing
/// computed of them overflows.
package enum Bounds {
  /// Latent values per event.
  package static let latent = 1...1024
  /// Values of a Dense layer.
  package static let layer = 1...16384
  /// Hidden layers of a network, at most.
  package static let layers = 32
  /// Layers of a QINN stage's block.
  package static let qinnLayers = 1...64
  /// Blocks of a QINN stage.
  package static let qinnBlocks = 1...16
  /// Discriminator steps per iteration.
  package static let discriminatorSteps = 1...1000
  /// Events of a mini-batch.
  package static let batchSize = 1...4096
  /// Iterations between checkpoints.
  package static let checkpointInterval = 1...10_000_000
  /// The last checkpoint.
  package static let checkpoints = 1...100_000_000
  /// Full checkpoints that stay.
  package static let keptFull = 2...1_000_000
  /// Checkpoints from one kept generator to the next; 0 for none.
  package static let generatorEvery = 0...100_000_000
  /// Events of each energy.
  package static let events = 1...100_000_000
  /// Events of a file of showers, and of a comparison: their energies are held in memory.
  package static let fileEvents = 1...10_000_000
  /// Voxels of a shower.
  package static let voxels = 1...1_000_000
  /// The voxels of a shower that is trained on: a layer's lists of its inputs are on the stack of a thread.
  package static let trainedVoxels = 1...65_536
  /// Incident energies of a dataset, at most.
  package static let energies = 1000
  /// MeV.
  package static let energy = 1e-3...1e9
  /// What may be the most variants of a sweep.
  package static let variants = 1...10_000_000
  /// Seeds of a sweep, at most.
  package static let seeds = 10_000
  /// A seed's value: what SQLite's INTEGER holds.
  package static let seed = UInt64(0)...UInt64(Int64.max)
  /// Seconds: ten years.
  package static let time = 1e-3...315_360_000
  /// Seconds from one look to the next: up to a day.
  package static let pause = 1...86_400
  /// Threads of one training.
  package static let threads = 1...256
  /// Seconds since 1970-01-01 00:00 UTC: until the year 9999.
  package static let date = 0...253_402_300_799.0
  /// The attempts of a run.
  package static let attempts = 1...Int(Int32.max)
  /// Characters of a text, at most.
  package static let text = 4000

  /// The mean of the latent distribution.
  package static let latentMean = -1e6...1e6
  /// The standard deviation of the latent distribution.
  package static let latentSpread = 0...1e6
  /// λ of the gradient penalty.
  package static let penaltyWeight = 0...1e9
  /// Adam's learning rate of either network.
  package static let learningRate = 1e-30...1e30
  /// Adam's β1 and β2.
  package static let beta = 0...0.999999
  /// Adam's ε.
  package static let epsilon = 1e-30...1e3
  /// The factor on the start of the kernel before a discriminator's circuit.
  package static let inputScale = 1e-6...1e6
  /// The factor on a discriminator's output; 0 is refused elsewhere.
  package static let outputScale = -1e6...1e6
  /// Bins of a parametric simulator's leading component.
  package static let parametricBins = 1...1000
  /// Principal components of a parametric simulator's quantities.
  package static let components = 0...1000
  /// Points of a parametric simulator's tables of quantiles.
  package static let quantiles = 2...1000
  /// Blocks of a QINN by itself.
  package static let innBlocks = 1...16
  /// Layers of rotations in each of them.
  package static let innLayers = 1...64
  /// Events of its mini-batches: between two there is a distance.
  package static let innBatch = 2...4096
  /// Blocks of a coupling model.
  package static let couplingBlocks = 1...64
  /// Shots of a circuit for one event.
  package static let shots = 1...1_000_000
  /// Trajectories of a noisy circuit for one event.
  package static let trajectories = 1...10_000
  /// Numbers nearer to 0 than this are not told from it by what is trained with them.
  package static let least = 1e-30

  /// A range as sentences say it: `1 … 1024`.
  package static func text(_ range: ClosedRange<some Comparable>) -> String {
    "\(number(range.lowerBound)) … \(number(range.upperBound))"
  }

  private static func number(_ value: some Comparable) -> String {
    (value as? Double).map(energyName) ?? "\(value)"
  }
}

extension Bounds {
  /// Why a value is out of a range, as a clause; nil when it is in it.
  package static func flaw(_ key: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
    range.contains(value) ? nil : "\(key): \(value) is not in \(text(range))"
  }

  /// What is wrong with a number, as a clause that names the key; nil when it is in the range.
  package static func flaw(_ key: String, _ value: Double, _ range: ClosedRange<Double>) -> String? {
    range.contains(value) ? nil : "\(key): \(value) is not in \(text(range))"
  }

  /// Settings are Float: their range's ends are compared as such, and what is too near to 0 is out of it.
  package static func flaw(_ key: String, _ value: Float, _ range: ClosedRange<Double>) -> String? {
    guard (Float(range.lowerBound)...Float(range.upperBound)).contains(value) else {
      return "\(key): \(value) is not in \(text(range))"
    }
    return value == 0 || abs(value) >= Float(least) ? nil : "\(key): \(value) is neither 0 nor at least \(least)"
  }
}

extension Int {
  /// The whole part of a number, at most 10^15 from 0; 0 for what is no number.
  package init(saturating value: Double) { self = value.isNaN ? 0 : Int(Swift.max(-1e15, Swift.min(1e15, value))) }
}

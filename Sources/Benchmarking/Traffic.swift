import Experiment

/// The bytes that an iteration moves between a core's second-level cache and what is beyond, and no implementation can do
/// without.
///
/// A set of numbers that is gone through again brings at least what the cache does not hold, whatever the order. In a
/// discriminator step the weights are gone through three times (forward, backward, the penalty's tangents) and once with
/// both moments, which are written back. Activations, errors and events are left out: they are few.
struct Traffic {
  /// Bytes of a discriminator step, of the weights alone.
  let weights: Double
  /// Bytes of a discriminator step, there and back, of the weights with their moments.
  let moments: Double
  /// Bytes of an iteration that are read and not changed.
  let reads: Double
  /// Bytes of an iteration, there and back, of what is changed.
  let updates: Double
  /// Bytes of all weights and moments, which an iteration goes through.
  let set: Double

  /// - Parameters:
  ///   - variant: The networks.
  ///   - settings: How they are trained.
  ///   - voxels: Of a shower.
  ///   - cache: Bytes of the second-level cache.
  init(_ variant: Variant, _ settings: TrainingSettings, voxels: Int, cache: Int) {
    func bytes(_ sizes: [Int]) -> Double { zip(sizes, sizes.dropFirst()).reduce(0) { $0 + Double(4 * $1.0 * $1.1) } }
    let judge = bytes([voxels + 1] + variant.discriminator.hidden + [1])
    let make = bytes([variant.generator.featureCount] + variant.generator.hidden + [voxels])
    let steps = Double(settings.discriminatorSteps)
    func beyond(_ bytes: Double) -> Double { max(0, bytes - Double(cache)) }
    set = 3 * (judge + make)
    weights = 3 * beyond(judge)
    moments = 2 * beyond(3 * judge)
    // The generator's step asks the discriminator, there and back. The generator's own come from beyond where those of the
    // discriminator have taken their place: to make the events of all steps, and with their moments.
    let isAway = beyond(set) > 0 ? 1.0 : 0
    reads = steps * weights + 2 * beyond(judge) + isAway * make
    updates = steps * moments + isAway * 2 * 3 * make
  }

  /// The seconds that a core needs for it at least.
  func seconds(_ bandwidths: [Bandwidth]) -> Double {
    let speed = bandwidths.at(Int(set))
    return (reads / speed.reads + updates / speed.updates) * 1e-9
  }
}

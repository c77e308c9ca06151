import Experiment

/// The floating-point operations of an iteration's matrix products: what no implementation can do without.
///
/// Counted are multiplications and additions; the first layer's products of interpolated rows are not, being mixed
/// from those of real and generated ones, nor are circuits, activations and Adam.
struct Arithmetic {
  let discriminatorStep: Double
  let generatorStep: Double
  let generation: Double
  let iteration: Double

  init(_ variant: Variant, _ settings: TrainingSettings, voxels: Int) {
    func weights(_ sizes: [Int]) -> [Double] { zip(sizes, sizes.dropFirst()).map { Double($0 * $1) } }
    let judge = weights([voxels + 1] + variant.discriminator.hidden + [1])
    let make = weights([variant.generator.featureCount] + variant.generator.hidden + [voxels])
    let (all, first, made) = (judge.reduce(0, +), judge[0], make.reduce(0, +))
    let (batch, steps) = (Double(settings.batchSize), Double(settings.discriminatorSteps))
    // Forward 2 or 3 rows an event, backward 3 or 1 (down to the voxels), the tangents 1, the gradient 3.
    discriminatorStep = 2 * batch * ((2 * first + 3 * (all - first)) + (first + 3 * (all - first)) + all + 3 * all)
    generation = 2 * batch * steps * made
    // The generator forward and its gradient, the errors down to its first layer; the discriminator there and back.
    generatorStep =
      2 * batch * (2 * made + made - (variant.generator.circuit == nil ? make[0] : 0) + 2 * all)
    iteration = generation + steps * discriminatorStep + generatorStep
  }
}

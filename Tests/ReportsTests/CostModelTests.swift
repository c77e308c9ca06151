import Ansatz
import Experiment
import Records
import Testing

@testable import Reports

@Suite struct CostModelTests {
  private func shape(hidden: [Int], repetitions: Int? = nil, batch: Int = 10) -> TrainingShape {
    var settings = TrainingSettings()
    settings.batchSize = batch
    let circuit = repetitions.map { Circuit(cnot: [1], repetitions: $0) }
    return TrainingShape(
      variant: Variant(generator: .init(circuit: circuit, hidden: hidden)), settings: settings, voxels: 533,
      events: 1000)
  }

  private func rate(_ iteration: Double, evaluation: Double = 0.1) -> TrainingRate {
    TrainingRate(
      iteration: iteration, evaluation: evaluation, checkpointing: 0.02, fullBytes: 11_000_000, generatorBytes: 500_000)
  }

  @Test("A known shape has the mean of what was measured of it")
  func known() throws {
    let shape = shape(hidden: [50, 200])
    let model = CostModel([.init(shape: shape, rate: rate(0.01)), .init(shape: shape, rate: rate(0.03))])
    #expect(model.isKnown(shape))
    let mean = try #require(model.rate(of: shape))
    #expect(abs(mean.iteration - 0.02) < 1e-15)
    #expect(mean.perCheckpoint(interval: 1000) == 1000 * mean.iteration + 0.1 + 0.02)
  }

  @Test("Of what is no GAN only a known shape has a rate, and it tells nothing of GANs")
  func otherKinds() {
    func coupling(_ blocks: Int) -> TrainingShape {
      TrainingShape(
        variant: Variant(coupling: CouplingSettings(blocks: blocks)), settings: .init(), voxels: 533, events: 1000)
    }
    let (gan, other) = (shape(hidden: [50, 200]), shape(hidden: [50, 100]))
    let both = CostModel([.init(shape: coupling(4), rate: rate(0.5)), .init(shape: gan, rate: rate(0.01))])
    #expect(both.rate(of: coupling(4))?.iteration == 0.5 && both.rate(of: coupling(5)) == nil)
    #expect(both.rate(of: other) == CostModel([.init(shape: gan, rate: rate(0.01))]).rate(of: other))
    let alone = CostModel([.init(shape: coupling(4), rate: rate(0.5))])
    #expect(alone.rate(of: gan) == nil && alone.rate(of: coupling(4))?.iteration == 0.5)
    #expect(CostModel([]).rate(of: gan) == nil)
  }

  @Test("Factors that a sum was made with are found again, and one that has no share is zero")
  func factors() {
    let rows: [[Double]] = [[1e9, 0, 1], [2e9, 3e6, 1], [1e8, 1e6, 1], [5e9, 9e6, 1]]
    let made = rows.map { 1e-11 * $0[0] + 2e-9 * $0[1] }
    let found = CostModel.factors(rows, made)
    #expect(abs(found[0] / 1e-11 - 1) < 1e-6)
    #expect(abs(found[1] / 2e-9 - 1) < 1e-6)
    #expect(found[2] < 1e-9)
  }

  @Test("From one shape, another takes as much longer as it has more arithmetic")
  func proportion() throws {
    let one = CostModel([.init(shape: shape(hidden: [50, 200]), rate: rate(0.01))])
    let double = try #require(one.rate(of: shape(hidden: [50, 200], batch: 20)))
    #expect(abs(double.iteration - 0.02) < 1e-6)
    #expect(!one.isKnown(shape(hidden: [50, 200], batch: 20)))
    // The discriminator has most of it.
    let wider = try #require(one.rate(of: shape(hidden: [100, 400]))).iteration
    #expect(wider > 0.0101 && wider < 0.013)
  }

  @Test("What a circuit adds is seen in its repetitions")
  func circuits() throws {
    let model = CostModel([
      .init(shape: shape(hidden: [50, 200]), rate: rate(0.010)),
      .init(shape: shape(hidden: [50, 200], repetitions: 1), rate: rate(0.011)),
      .init(shape: shape(hidden: [50, 200], repetitions: 4), rate: rate(0.014)),
    ])
    let two = try #require(model.rate(of: shape(hidden: [50, 200], repetitions: 2)))
    #expect(abs(two.iteration - 0.012) < 1e-5)
  }

  @Test("All shapes are measured where they are few, else such as lie apart, the largest circuit among them")
  func representatives() {
    let few = [shape(hidden: [5]), shape(hidden: [6]), shape(hidden: [5])]
    #expect(Set(CostModel.representatives(of: few, limit: 6)) == Set(few))
    let many = (1...40).map { shape(hidden: [10 * $0]) } + [shape(hidden: [70], repetitions: 9)]
    let chosen = CostModel.representatives(of: many, limit: 6)
    #expect(chosen.count == 6)
    #expect(chosen.contains(shape(hidden: [10])) && chosen.contains(shape(hidden: [400])))
    #expect(chosen.contains(shape(hidden: [70], repetitions: 9)))
    #expect(CostModel.representatives(of: many.reversed(), limit: 6) == chosen)
  }
}

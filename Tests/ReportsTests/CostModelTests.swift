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
  func known() {
    let shape = shape(hidden: [50, 200])
    let model = CostModel([.init(shape: shape, rate: rate(0.01)), .init(shape: shape, rate: rate(0.03))])
    #expect(model.isKnown(shape))
    #expect(abs(model.rate(of: shape).iteration - 0.02) < 1e-15)
    #expect(model.rate(of: shape).perCheckpoint(interval: 1000) == 1000 * model.rate(of: shape).iteration + 0.1 + 0.02)
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
  func proportion() {
    let one = CostModel([.init(shape: shape(hidden: [50, 200]), rate: rate(0.01))])
    let double = one.rate(of: shape(hidden: [50, 200], batch: 20))
    #expect(abs(double.iteration - 0.02) < 1e-6)
    #expect(!one.isKnown(shape(hidden: [50, 200], batch: 20)))
    // The discriminator has most of it.
    let wider = one.rate(of: shape(hidden: [100, 400])).iteration
    #expect(wider > 0.0101 && wider < 0.013)
  }

  @Test("What a circuit adds is seen in its repetitions")
  func circuits() {
    let model = CostModel([
      .init(shape: shape(hidden: [50, 200]), rate: rate(0.010)),
      .init(shape: shape(hidden: [50, 200], repetitions: 1), rate: rate(0.011)),
      .init(shape: shape(hidden: [50, 200], repetitions: 4), rate: rate(0.014)),
    ])
    #expect(abs(model.rate(of: shape(hidden: [50, 200], repetitions: 2)).iteration - 0.012) < 1e-5)
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

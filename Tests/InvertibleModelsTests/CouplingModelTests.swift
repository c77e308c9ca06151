import Experiment
import Glibc
import NeuralNetwork
import ParametricSimulation
import Testing

@testable import InvertibleModels

@Suite struct CouplingModelTests {
  private static let quantities = ShowerQuantities(layers: [0..<2, 2..<5, 5..<6])
  private static let energies = [1000.0, 64000]
  private static let perEnergy = 300

  /// Showers with a tail in the total, the last layer often empty; deeper at the higher energy.
  private static let sample: (showers: [Float], index: [Int]) = {
    var showers: [Float] = []
    for energy in 0..<2 {
      for event in 0..<perEnergy {
        func draw(_ part: Int) -> Float {
          Randomness(seed: 7).uniform(.tieOrder, iteration: energy * 100 + part, index: event)
        }
        let depth = draw(0)
        let total = 0.9 - 0.3 * draw(1) * draw(2) - 0.2 * Float(1 - energy)
        let last = depth < (energy == 0 ? 0.7 : 0.3) ? 0 : depth * 0.3
        let shares = [(1 - last) * (0.3 + 0.2 * draw(3)), 0, last]
        for (layer, range) in quantities.layers.enumerated() {
          let weights = range.map { 0.2 + draw(20 + $0) }
          let share = layer == 1 ? 1 - shares[0] - shares[2] : shares[layer]
          showers += weights.map { total * share * $0 / weights.reduce(0, +) }
        }
      }
    }
    return (showers, (0..<2).flatMap { [Int](repeating: $0, count: perEnergy) })
  }()

  private static func model(_ settings: CouplingSettings = .init(batchSize: 64, learningRate: 0.01)) -> CouplingModel {
    CouplingModel(
      fitting: sample.showers, labels: sample.index.map(Float.init), energyIndex: sample.index, energies: energies,
      quantities: quantities, settings: settings, seed: 4)
  }

  /// The total and the layers of generated showers.
  private static func values(_ model: CouplingModel, energy: Int, events: Int = 2000) -> [[Double]] {
    let showers = model.showers(
      incident: .init(repeating: energies[energy], count: events),
      labels: .init(repeating: Float(energy), count: events),
      from: 0, seed: 3, .generation, iteration: 0)
    return (0..<events).map { quantities.values(of: showers[$0 * 6..<($0 + 1) * 6]) }
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func `it learns totals and empty layers of each energy`() {
    let model = Self.model()
    func misses() -> [Double] {
      (0..<2).flatMap { energy in
        let made = Self.values(model, energy: energy)
        let real = (energy * Self.perEnergy..<(energy + 1) * Self.perEnergy).map {
          Self.quantities.values(of: Self.sample.showers[$0 * 6..<($0 + 1) * 6])
        }
        return [
          abs(Self.mean(made.map { $0[0] }) - Self.mean(real.map { $0[0] })),
          abs(Self.mean(made.map { $0[3] > 0 ? 1 : 0 }) - Self.mean(real.map { $0[3] > 0 ? 1 : 0 })),
        ]
      }
    }
    let before = misses()
    #expect(before[0] > 0.05 && before[1] > 0.1, "\(before)")
    var losses: [Double] = []
    for iteration in 0..<800 { losses.append(model.step(iteration: iteration, norm: false).loss) }
    #expect(Self.mean(Array(losses.suffix(50))) < losses[0] - 0.5)
    let after = misses()
    #expect(after[0] < 0.02 && after[2] < 0.02 && after[1] < 0.12 && after[3] < 0.14, "\(after)")
  }

  @Test func `a shower has the total and the layers of its numbers`() {
    let model = Self.model()
    let showers = model.showers(
      incident: [1000, 64000], labels: [0, 1], from: 0, seed: 3, .generation, iteration: 0)
    for event in 0..<2 {
      let values = Self.quantities.values(of: showers[event * 6..<(event + 1) * 6])
      #expect(values[0] > 0 && abs(values[1...3].reduce(0, +) - values[0]) < 1e-6)
    }
    // Each is a function of its number, whatever is made with it.
    let many = model.showers(
      incident: .init(repeating: 1000, count: 600), labels: .init(repeating: 0, count: 600), from: 0, seed: 3,
      .generation, iteration: 0)
    let some = model.showers(
      incident: .init(repeating: 1000, count: 300), labels: .init(repeating: 0, count: 300), from: 299, seed: 3,
      .generation, iteration: 0)
    #expect(Array(many[(299 * 6)..<(599 * 6)]) == some)
    #expect(Array(many[..<6]) == Array(showers[..<6]))
  }

  @Test func `an empty layer's score is drawn anew for each iteration, below that of any other`() {
    let model = Self.model()
    let empty = Self.sample.index.indices.first { Self.sample.showers[$0 * 6 + 5] == 0 }!
    let full = Self.sample.index.indices.first { Self.sample.showers[$0 * 6 + 5] > 0 }!
    let scores = (0..<200).map { model.numbers(of: [empty, full], iteration: $0) }
    let (low, high) = (scores.map { $0[3] }, scores.map { $0[7] })
    #expect(Set(low).count == 200 && low.max()! < high.max()!)
    #expect(low.max()! - low.min()! > 1 && high.max()! - high.min()! < 8 * ShowerNumbers.blur)
    #expect(Set(scores.map { $0[0] }).count == 1, "the total is not blurred")
  }

  @Test func `a state that is read generates and trains to the same bits`() throws {
    let (model, other) = (Self.model(), Self.model())
    for iteration in 0..<5 { _ = model.step(iteration: iteration, norm: false) }
    try other.restore(model.state)
    let read = try CouplingModel(
      state: model.generatorState, energies: Self.energies, quantities: Self.quantities,
      settings: .init(batchSize: 64, learningRate: 0.01))
    #expect(Self.values(read, energy: 1, events: 50) == Self.values(model, energy: 1, events: 50))
    for iteration in 5..<8 {
      #expect(model.step(iteration: iteration, norm: true) == other.step(iteration: iteration, norm: true))
    }
    #expect(model.state == other.state)
    let lacking = model.generatorState.filter { $0.name != "numbers/scale" }
    let error = #expect(throws: InputError.self) {
      try CouplingModel(
        state: lacking, energies: Self.energies, quantities: Self.quantities, settings: .init(batchSize: 64))
    }
    #expect(error?.description == "the state has no array 'numbers/scale'")
  }
}

import Experiment
import Glibc
import NeuralNetwork
import Testing

@testable import ParametricSimulation

@Suite struct ParametricModelTests {
  private static let layers = [0..<2, 2..<5, 5..<6]
  private static let quantities = ShowerQuantities(layers: layers)
  private static let energies = [1000.0, 4000, 64000]
  private static let perEnergy = 400

  /// Showers that begin early or late, some layers and voxels empty; deeper at higher energies.
  private static let sample: (showers: [Float], index: [Int]) = {
    var showers: [Float] = []
    for energy in 0..<3 {
      for event in 0..<perEnergy {
        func draw(_ part: Int) -> Float {
          Randomness(seed: 7).uniform(.shuffle, iteration: energy * 100 + part, index: event)
        }
        let depth = draw(0)
        let total = 0.6 + 0.1 * Float(energy) + 0.1 * draw(1)
        let shares = [(1 - depth) * (1 - depth), 0.3 + 0.2 * draw(2), depth > 0.6 ? depth - 0.5 : 0]
        let sum = shares.reduce(0, +)
        for (layer, range) in layers.enumerated() {
          let weights = range.map { draw(10 + $0) < 0.3 ? 0 : 0.2 + draw(20 + $0) }
          let all = weights.reduce(0, +)
          showers += weights.enumerated().map { number, weight in
            let share = all > 0 ? weight / all : number == 0 ? 1 : 0
            return total * shares[layer] / sum * share
          }
        }
      }
    }
    return (showers, (0..<3).flatMap { [Int](repeating: $0, count: perEnergy) })
  }()

  private static func fitted(
    _ settings: ParametricSettings = .init(bins: 4, components: 4, quantiles: 9), seed: UInt64 = 1
  )
    -> ParametricModel
  {
    ParametricModel(
      fitting: sample.showers, energyIndex: sample.index, energies: energies, quantities: quantities,
      settings: settings, seed: seed)
  }

  private static func simulated(
    _ model: ParametricModel, at energy: Double, events: Int = 4000, from first: Int = 0
  ) -> [[Double]] {
    let showers = model.showers(
      incident: [Double](repeating: energy, count: events), from: first, seed: 3, .generation, iteration: 0)
    return (0..<events).map { quantities.values(of: showers[$0 * 6..<($0 + 1) * 6]) }
  }

  private static func geant4(_ energy: Int) -> [[Double]] {
    (energy * perEnergy..<(energy + 1) * perEnergy).map { quantities.values(of: sample.showers[$0 * 6..<($0 + 1) * 6]) }
  }

  private static func mean(_ events: [[Double]], _ value: ([Double]) -> Double) -> Double {
    events.reduce(0) { $0 + value($1) } / Double(events.count)
  }

  @Test func `a shower's quantities are its total, its layers and its voxels`() {
    #expect(Self.quantities.count == 10)
    #expect(
      Self.quantities.values(of: [1, 2, 0, 4, -9, 0.5][...]) == [7.5, 3, 4, 0.5, 1, 2, 0, 4, 0, 0.5])
  }

  @Test(arguments: 0..<3) func `simulated showers are like the fitted ones`(energy: Int) {
    let (geant4, simulated) = (Self.geant4(energy), Self.simulated(Self.fitted(), at: Self.energies[energy]))
    for quantity in 0..<Self.quantities.count {
      let (a, b) = (Self.mean(geant4) { $0[quantity] }, Self.mean(simulated) { $0[quantity] })
      #expect(abs(a - b) < 0.015, "mean of \(quantity): \(a) and \(b)")
      let (empty, simulatedEmpty) = (
        Self.mean(geant4) { $0[quantity] > 0 ? 0 : 1 }, Self.mean(simulated) { $0[quantity] > 0 ? 0 : 1 }
      )
      #expect(abs(empty - simulatedEmpty) < 0.06, "empty \(quantity): \(empty) and \(simulatedEmpty)")
    }
    // The first and the last layer go against each other: a simulator without components would have them apart.
    func covariance(_ events: [[Double]]) -> Double {
      Self.mean(events) { $0[1] * $0[3] } - Self.mean(events) { $0[1] } * Self.mean(events) { $0[3] }
    }
    #expect(covariance(geant4) < -0.005)
    #expect(abs(covariance(simulated) / covariance(geant4) - 1) < 0.2)
  }

  @Test func `a shower's layers sum to its total, and voxels to their layer`() {
    let model = Self.fitted()
    let showers = model.showers(
      incident: [Double](repeating: 4000, count: 200), from: 0, seed: 3, .generation, iteration: 0)
    let totals = (0..<200).map { event in showers[event * 6..<(event + 1) * 6].reduce(0, +) }
    // Within the totals that were fitted.
    let fitted = Self.geant4(1).map { Float($0[0]) }
    #expect(totals.allSatisfy { $0 > fitted.min()! - 1e-5 && $0 < fitted.max()! + 1e-5 })
    #expect(showers.allSatisfy { $0.isFinite && $0 >= 0 })
  }

  @Test func `a shower depends on its number alone, not on the portion that it is made in`() {
    let model = Self.fitted()
    let all = Self.simulated(model, at: 1000, events: 30)
    #expect(Self.simulated(model, at: 1000, events: 10, from: 20) == Array(all[20...]))
    #expect(Set(all).count == 30)
  }

  @Test func `a fit read back from its arrays simulates the same bits`() throws {
    let model = Self.fitted()
    let again = try ParametricModel(
      state: model.state, energies: Self.energies, quantities: Self.quantities, settings: model.settings)
    #expect(again.state == model.state)
    #expect(Self.simulated(again, at: 2000, events: 50) == Self.simulated(model, at: 2000, events: 50))
    #expect(Self.fitted().state == model.state)
    #expect(Self.fitted(seed: 2).state != model.state)
    var short = model.state
    short[0].shape[2] -= 1
    short[0].values.removeLast(12)
    #expect(throws: InputError.self) {
      try ParametricModel(
        state: short, energies: Self.energies, quantities: Self.quantities, settings: model.settings)
    }
    #expect(throws: InputError.self) {
      try ParametricModel(
        state: Array(model.state.dropFirst()), energies: Self.energies, quantities: Self.quantities,
        settings: model.settings)
    }
  }

  @Test func `it has as many numbers as it says`() {
    let settings = ParametricSettings(bins: 3, components: 2, quantiles: 5)
    let numbers = Self.fitted(settings).state.reduce(0) { $0 + $1.values.count }
    #expect(numbers == settings.parameterCount(voxels: 6, layers: 3, energies: 3))
  }

  @Test func `between two energies showers are between theirs, in log E`() {
    let model = Self.fitted()
    for (energy, number) in [(4000.0, 1), (500, 0), (1e6, 2)] {
      let (low, high, weight) = model.neighbours(of: energy)
      #expect([low, high] == [number, number] && weight == 0)
    }
    let (low, high, weight) = model.neighbours(of: 16000)
    #expect([low, high] == [1, 2] && abs(weight - 0.5) < 1e-12)
    let total = Self.mean(Self.simulated(model, at: 16000)) { $0[0] }
    let expected = (Self.mean(Self.geant4(1)) { $0[0] } + Self.mean(Self.geant4(2)) { $0[0] }) / 2
    #expect(abs(total - expected) < 0.005)
  }

  @Test func `between two energies quantities go together as at the nearer one, for the most part`() {
    // Two voxels against each other at the first energy, with each other at the second.
    let sample = (0..<2).flatMap { energy in
      (0..<Self.perEnergy).flatMap { event in
        let draws = (0..<2).map { Randomness(seed: 7).uniform(.shuffle, iteration: energy * 10 + $0, index: event) }
        let with = energy == 0 ? 0.5 - 0.15 * draws[0] : 0.35 + 0.15 * draws[0]
        return [0.3 + 0.2 * draws[0], with + 0.05 * draws[1]]
      }
    }
    let model = ParametricModel(
      fitting: sample, energyIndex: (0..<2 * Self.perEnergy).map { $0 / Self.perEnergy }, energies: [1000, 10000],
      quantities: ShowerQuantities(layers: [0..<1, 1..<2]), settings: .init(bins: 1, components: 2, quantiles: 9),
      seed: 1)
    func covariance(_ energy: Double) -> Float {
      let events = 2000
      let showers = model.showers(
        incident: [Double](repeating: energy, count: events), from: 0, seed: 3, .generation, iteration: 0)
      func mean(_ value: (Int) -> Float) -> Float { (0..<events).reduce(0) { $0 + value($1) } / Float(events) }
      return mean { showers[2 * $0] * showers[2 * $0 + 1] } - mean { showers[2 * $0] } * mean { showers[2 * $0 + 1] }
    }
    let (first, second) = (covariance(1000), covariance(10000))
    #expect(first < -5e-4 && second > 5e-4)
    #expect(covariance(1200) < 0.5 * first && covariance(8300) > 0.5 * second)
  }

  @Test func `classes go from early to late showers at every energy`() {
    // The first layer has less and the last layer is empty more rarely from class to class, in the fit's tables.
    let state = Self.fitted().state
    let (empty, quantiles) = (state[0], state[1])
    for energy in 0..<3 {
      func first(_ bin: Int) -> Int { (energy * 4 + bin) * Self.quantities.count }
      #expect(empty.values[first(0) + 3] > empty.values[first(3) + 3])
      #expect(quantiles.values[(first(0) + 1) * 9 + 4] > quantiles.values[(first(3) + 1) * 9 + 4])
    }
  }

  @Test func `before the fit showers are empty`() {
    let model = ParametricModel(unfittedAt: Self.energies, quantities: Self.quantities, settings: .init())
    #expect(Self.simulated(model, at: 2000, events: 5).allSatisfy { $0.allSatisfy { $0 == 0 } })
  }
}

import Ansatz
import Experiment
import Testing

@testable import QuantumGAN

/// What the losses cannot depend on does not move by a single bit: Adam would make a drift of a rounding error.
@Suite struct StillParameterTests {
  /// A discriminator and, by array, the elements that stay; `nil` for all of them.
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var discriminator: DiscriminatorArchitecture
    var still: [String: [Int]?]
  }

  /// The energy's row of the first kernel: one energy has the label 0.
  private static func label(width: Int) -> [Int] { (0..<width).map { 7 * width + $0 } }

  /// The columns of inputs 2 and 3 in a kernel of [9, 4].
  private static let unread: [Int] = (0..<9).flatMap { (row: Int) -> [Int] in [4 * row + 2, 4 * row + 3] }

  static let cases = [
    Case(
      testDescription: "Dense head", discriminator: .init(hidden: [12, 8]),
      still: ["discriminator/dense_2/bias": nil, "discriminator/dense_0/kernel": label(width: 12)]),
    // Z_0 comes before the last rotations as Z_0 and X_0, and before the first CNOTs as Z_0 and X_0 X_1. What is flat
    // in [repetition, θ or φ, qubit]: φ_2, φ_3, θ_2, θ_3 of the first repetition, all of the second but θ_0. Inputs 2
    // and 3 are not read, so that no error reaches their columns of the last kernel.
    Case(
      testDescription: "circuit head, one qubit read",
      discriminator: .init(hidden: [9, 4], circuit: Circuit(qubits: 4, cnot: [1], repetitions: 2)),
      still: [
        "discriminator/circuit/angles": [2, 3, 6, 7, 9, 10, 11, 12, 13, 14, 15],
        "discriminator/dense_1/kernel": unread,
        "discriminator/dense_1/bias": [2, 3], "discriminator/dense_0/kernel": label(width: 9),
      ]),
    Case(
      testDescription: "circuit head with a final Dense",
      discriminator: .init(
        hidden: [9, 4], circuit: Circuit(qubits: 4, cnot: [1, 2], repetitions: 2), readout: [0, 1, 3],
        finalDense: true),
      still: ["discriminator/final/bias": nil, "discriminator/circuit/angles": Array(12..<16)]),
  ]

  @Test(arguments: cases, [true, false])
  func `what the loss does not depend on stays where it is`(one: Case, norms: Bool) throws {
    var settings = TrainingSettings()
    settings.angles = .uniform
    settings.discriminatorLearningRate = 0.01
    let trainer = GANTrainer(
      variant: Variant(generator: .init(latent: 4, hidden: [6]), discriminator: one.discriminator), settings: settings,
      voxels: 7, seed: 1)
    let set = TrainingSet(
      voxels: 7, showers: numbers(50 * 7, seed: 9, in: 0, 1).map(Float.init), labels: .init(repeating: 0, count: 50))
    // A bias of its own, so that staying is not the same as being zero.
    var start = trainer.state
    for index in start.indices where one.still.keys.contains(start[index].name) && start[index].shape == [1] {
      start[index].values = [0.7]
    }
    try trainer.restore(start, iteration: 0)
    for _ in 0..<30 { _ = trainer.iterate(on: set, norms: norms) }
    for (before, after) in zip(start, trainer.state) {
      guard let elements = one.still[before.name] else { continue }
      for element in elements ?? Array(before.values.indices) {
        #expect(after.values[element] == before.values[element], "\(before.name)[\(element)]")
      }
      let moved = before.values.indices.filter { after.values[$0] != before.values[$0] }
      if let elements { #expect(!moved.isEmpty && Set(moved).isDisjoint(with: elements), "\(before.name)") }
    }
  }

  @Test(arguments: [1, 2, 3])
  func `the last repetition's RZ of a generator stays where it is`(repetitions: Int) {
    let circuit = Circuit(qubits: 4, cnot: [1, 2], repetitions: repetitions)
    let trainer = GANTrainer(
      variant: Variant(generator: .init(circuit: circuit, latent: 4, hidden: [6]), discriminator: .init(hidden: [8])),
      settings: .init(), voxels: 7, seed: 1)
    let set = TrainingSet(
      voxels: 7, showers: numbers(50 * 7, seed: 9, in: 0, 1).map(Float.init), labels: .init(repeating: 0, count: 50))
    let before = trainer.generatorState[0].values
    for _ in 0..<10 { _ = trainer.iterate(on: set) }
    let after = trainer.generatorState[0].values
    #expect(before.suffix(4) == after.suffix(4))
    #expect(zip(before, after).filter { $0 != $1 }.count == 8 * repetitions - 4, "all others move")
  }
}

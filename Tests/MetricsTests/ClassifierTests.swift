import Glibc
import NeuralNetwork
import Testing

@testable import Metrics

@Suite struct ClassifierTests {
  /// The scores and classes of the reference.
  private static let scores = (0..<200).map {
    ((sin(Double($0) * 1.7) + Double($0) / 150) * 20).rounded(.toNearestOrEven) / 20
  }
  private static let classes = (0..<200).map { cos(Double($0) * 0.9) + Double($0) / 100 - 0.8 > 0 }

  @Test func `the area under the curve and the calibration are scikit-learn's`() {
    let (scores, classes) = (Self.scores, Self.classes)
    #expect(abs(RankingScore.area(scores, isReference: classes) - Reference.shared.auc) < 1e-12)
    let calibration = IsotonicCalibration(scores, isReference: classes)
    for (number, expected) in Reference.shared.isotonic.enumerated() {
      let probe = -1.5 + Double(number) * 0.1
      #expect(abs(calibration(probe) - expected) < 1e-12, "at \(probe)")
    }
    let part = RankingScore.area(scores[..<120].map { calibration($0) }, isReference: Array(classes[..<120]))
    #expect(abs(part - Reference.shared.aucCalibrated) < 1e-12)
  }

  @Test func `the area is that of the definition, ties counting half`() {
    #expect(RankingScore.area([1, 2, 3, 4], isReference: [false, false, true, true]) == 1)
    #expect(RankingScore.area([1, 1, 1], isReference: [false, true, false]) == 0.5)
    #expect(RankingScore.area([3, 1, 2, 2], isReference: [false, true, true, false]) == 0.125)
  }

  @Test(.timeLimit(.minutes(1))) func `showers of absurd energies come to their end, and have no area`() {
    func table(_ value: Double) -> FeatureTable {
      FeatureTable(columns: 3, values: (0..<120).map { Double($0) * value })
    }
    let test = ClassifierTest(.low, reference: table(1e36), generated: table(2e36), seed: 1, splits: 1)
    #expect(test.area.isNaN)
  }

  /// The same network in plain loops and double precision, from the same start.
  private struct PlainNetwork {
    var widths: [Int]
    var weights: [[Double]]
    var biases: [[Double]]
    var moments: [[(m: Double, v: Double)]]
    var step = 0

    func activations(_ x: [Double]) -> [[Double]] {
      var all = [x]
      for (l, weight) in weights.enumerated() {
        all.append(
          (0..<widths[l + 1]).map { j in
            let z = (0..<widths[l]).reduce(biases[l][j]) { $0 + all[l][$1] * weight[$1 * widths[l + 1] + j] }
            return l == weights.count - 1 || z > 0 ? z : 0.01 * z
          })
      }
      return all
    }

    mutating func train(_ rows: [(x: [Double], isReference: Bool)]) {
      step += 1
      var gradients = zip(weights, biases).map { [Double](repeating: 0, count: $0.count + $1.count) }
      for row in rows {
        let values = activations(row.x)
        var error = [(1 / (1 + exp(-values.last![0])) - (row.isReference ? 1 : 0)) / Double(rows.count)]
        for l in weights.indices.reversed() {
          for j in error.indices {
            for i in 0..<widths[l] { gradients[l][i * widths[l + 1] + j] += values[l][i] * error[j] }
            gradients[l][weights[l].count + j] += error[j]
          }
          error = (0..<widths[l]).map { i in
            let sum = error.indices.reduce(0.0) { $0 + weights[l][i * widths[l + 1] + $1] * error[$1] }
            return values[l][i] > 0 ? sum : 0.01 * sum
          }
        }
      }
      // PyTorch's Adam.
      for l in weights.indices {
        for p in gradients[l].indices {
          let g = gradients[l][p]
          let (m, v) = (0.9 * moments[l][p].m + 0.1 * g, 0.999 * moments[l][p].v + 0.001 * g * g)
          moments[l][p] = (m, v)
          let root = (v / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-8
          let change = 0.01 * m / (1 - pow(0.9, Double(step))) / root
          if p < weights[l].count { weights[l][p] -= change } else { biases[l][p - weights[l].count] -= change }
        }
      }
    }
  }

  @Test func `the network trains as plain loops in double precision do`() {
    let network = ClassifierNetwork(inputs: 3, hidden: 6, depth: 2, batch: 8, randomness: Randomness(seed: 1), split: 0)
    let arrays = network.weights
    var plain = PlainNetwork(
      widths: [3, 6, 6, 6, 1], weights: arrays.map { $0.kernel.map { Double($0) } },
      biases: arrays.map { $0.bias.map { Double($0) } },
      moments: arrays.map { [(m: Double, v: Double)](repeating: (0, 0), count: $0.kernel.count + $0.bias.count) })
    #expect(arrays[1].kernel.allSatisfy { abs($0) <= 1 / Float(6).squareRoot() } && Set(arrays[1].kernel).count > 30)
    let table = (0..<24).map { Float(sin(Double($0) * 2.3)) }
    let classes = (0..<8).map { $0 % 3 == 0 }
    for _ in 0..<30 {
      network.train(table, isReference: classes, [0, 1, 2, 3, 4, 5, 6, 7], learningRate: 0.01)
      plain.train((0..<8).map { row in (table[3 * row..<3 * row + 3].map { Double($0) }, classes[row]) })
    }
    let logits = network.logits(table, [5, 0, 7])
    for (logit, event) in zip(logits, [5, 0, 7]) {
      let expected = plain.activations(table[3 * event..<3 * event + 3].map { Double($0) }).last![0]
      #expect(abs(Double(logit) - expected) < 1e-3 * max(1, abs(expected)), "\(logit), \(expected)")
    }
  }

  private func table(_ events: Range<Int>, shift: Double) -> FeatureTable {
    FeatureTable(columns: 2, values: events.flatMap { [sin(Double($0) * 1.7) + shift, cos(Double($0 * $0))] })
  }

  @Test func `what differs is told apart, what does not is not, and the seed decides`() {
    let one = table(0..<100, shift: 0)
    let apart = ClassifierTest(.high, reference: one, generated: table(100..<200, shift: 3), seed: 1, splits: 2)
    #expect(
      apart.area > 0.99 && apart.areas.count == 2 && apart.uncalibrated.count == 2 && apart.epochs.allSatisfy { $0 > 0 }
    )
    let same = ClassifierTest(.high, reference: one, generated: table(100..<200, shift: 0), seed: 1, splits: 2)
    #expect((0.3...0.7).contains(same.area), "\(same)")
    #expect(ClassifierTest(.high, reference: one, generated: table(100..<200, shift: 0), seed: 1, splits: 2) == same)
    #expect(ClassifierTest(.high, reference: one, generated: table(100..<200, shift: 0), seed: 2, splits: 2) != same)
  }
}

import Glibc
import NeuralNetwork

/// Whether a classifier can tell generated showers from Geant4's, as CaloChallenge asks.
///
/// Both sets are split into 60 % to train on, 20 % to choose the epoch by accuracy and to calibrate on, and 20 % to
/// score: 50 epochs of batches of 1000, Adam with 2e-4. With some thousand events the score depends on the split much,
/// so several are drawn.
/// - Source: Krause and Shih, arXiv:2106.05285; CaloChallenge's public code, evaluate.py.
package struct ClassifierTest: Codable, Hashable, Sendable {
  /// What the classifier is shown of a shower.
  package enum Input: String, Codable, Hashable, Sendable {
    /// E_inc and the voxels over it.
    case low
    /// The high-level features.
    case high
  }

  /// What the classifier was shown.
  package var input: Input
  /// The area under the curve of each split, calibrated; ½ where it cannot tell.
  package var areas: [Double]
  /// The same without calibration.
  package var uncalibrated: [Double]
  /// The epoch, from 1, that each split's score is of.
  package var epochs: [Int]

  /// Splits for each kind of input.
  package static let splits = 5
  /// The fewest events of a side that can be split.
  static let leastEvents = 20

  private static let hidden = 512
  private static let depth = 2
  private static let epochs = 50
  private static let batch = 1000
  private static let learningRate: Float = 2e-4

  /// - Parameters:
  ///   - input: What the tables are.
  ///   - reference: Geant4's events.
  ///   - generated: As many events.
  ///   - seed: Of the splits, the start and the order.
  ///   - splits: How many.
  init(_ input: Input, reference: FeatureTable, generated: FeatureTable, seed: UInt64, splits: Int = Self.splits) {
    precondition(
      reference.rows == generated.rows && reference.columns == generated.columns,
      "\(reference.rows) and \(generated.rows) events of \(reference.columns) and \(generated.columns)")
    self.input = input
    (areas, uncalibrated, epochs) = ([], [], [])
    let events = reference.rows
    let table = (reference.values + generated.values).map { Float($0) }
    let isReference = [Bool](repeating: true, count: events) + [Bool](repeating: false, count: events)
    let randomness = Randomness(seed: seed)
    for split in 0..<splits {
      // As numpy's astype: towards zero.
      let (first, second) = (events * 6 / 10, events * 6 / 10 + events * 2 / 10)
      let one = randomness.permutation(events, .classifierSplit, iteration: 2 * split)
      let other = randomness.permutation(events, .classifierSplit, iteration: 2 * split + 1).map { events + $0 }
      func part(_ range: Range<Int>) -> [Int] { Array(one[range] + other[range]) }
      let network = ClassifierNetwork(
        inputs: reference.columns, hidden: Self.hidden, depth: Self.depth, batch: Self.batch, randomness: randomness,
        split: split)
      let score = Self.score(
        network, table, isReference, train: part(0..<first), choose: part(first..<second),
        rest: part(second..<events)
      ) { randomness.permutation($1, .classifierShuffle, iteration: split * Self.epochs + $0) }
      areas.append(score.calibrated)
      uncalibrated.append(score.plain)
      epochs.append(score.epoch)
    }
  }

  /// The mean over the splits; NaN where a network diverged.
  package var area: Double { areas.reduce(0, +) / Double(areas.count) }

  /// The standard deviation of one split; 0 of a single one.
  package var spread: Double {
    let (mean, count) = (area, Double(areas.count))
    guard count > 1 else { return 0 }
    return (areas.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
  }

  /// Trains, and scores the epoch that was most accurate in the part to choose by, the first of equals.
  private static func score(
    _ network: ClassifierNetwork, _ table: [Float], _ isReference: [Bool], train: [Int], choose: [Int], rest: [Int],
    order: (_ epoch: Int, _ count: Int) -> [Int]
  ) -> (calibrated: Double, plain: Double, epoch: Int) {
    func probabilities(_ logits: [Float]) -> [Double] { logits.map { 1 / (1 + exp(-Double($0))) } }
    let (chosenClasses, restClasses) = (choose.map { isReference[$0] }, rest.map { isReference[$0] })
    var best: (accuracy: Double, epoch: Int, chosen: [Double], rest: [Double]) = (-1, 0, [], [])
    for epoch in 0..<epochs {
      let events = order(epoch, train.count).map { train[$0] }
      for start in stride(from: 0, to: events.count, by: network.batch) {
        network.train(
          table, isReference: isReference, events[start..<min(start + network.batch, events.count)],
          learningRate: learningRate)
      }
      let logits = network.logits(table, choose[...])
      let accuracy = Double(zip(logits, chosenClasses).count { ($0 > 0) == $1 }) / Double(choose.count)
      if accuracy > best.accuracy {
        best = (accuracy, epoch + 1, probabilities(logits), probabilities(network.logits(table, rest[...])))
      }
      if accuracy == 1 { break }
    }
    // Showers of energies that overflow leave a network without weights that are numbers.
    guard (best.chosen + best.rest).allSatisfy(\.isFinite) else { return (.nan, .nan, best.epoch) }
    let calibration = IsotonicCalibration(best.chosen, isReference: chosenClasses)
    return (
      RankingScore.area(best.rest.map { calibration($0) }, isReference: restClasses),
      RankingScore.area(best.rest, isReference: restClasses), best.epoch
    )
  }
}

/// Fidelity and diversity of generated showers by nearest neighbours.
///
/// Around each event of a sample lies the ball that reaches to its k-th nearest neighbour of the same sample; the balls
/// together are the sample's manifold. Precision: the share of generated events in the reference's manifold. Recall:
/// the share of reference events in the generated one's. Density: how many of the reference's balls a generated event
/// lies in, on average, over k. Coverage: the share of the reference's balls that hold a generated event.
/// - Source: Kynkäänniemi et al., arXiv:1904.06991; Naeem et al., arXiv:2002.09797 and its package prdc.
struct Manifolds: Equatable {
  /// k, as CaloChallenge has it.
  static let neighbours = 5

  var precision: Double
  var recall: Double
  var density: Double
  var coverage: Double

  /// - Parameters:
  ///   - reference: Geant4's events; more than k.
  ///   - generated: As many numbers of each; more than k events.
  ///   - neighbours: k.
  init(reference: FeatureTable, generated: FeatureTable, neighbours: Int = Self.neighbours) {
    func radii(_ table: FeatureTable) -> [Double] {
      NearestNeighbours(of: table, count: neighbours).squares.map { $0[neighbours - 1] }
    }
    let (real, made) = (radii(reference), radii(generated))
    var balls = [Int](repeating: 0, count: generated.rows)
    var (recalled, covered) = (0, 0)
    for row in 0..<reference.rows {
      var (isRecalled, isCovered) = (false, false)
      for other in 0..<generated.rows {
        let square = squaredDistance(reference, row, generated, other)
        if square < real[row] {
          balls[other] += 1
          isCovered = true
        }
        if square < made[other] { isRecalled = true }
      }
      if isRecalled { recalled += 1 }
      if isCovered { covered += 1 }
    }
    precision = Double(balls.count { $0 > 0 }) / Double(generated.rows)
    density = Double(balls.reduce(0, +)) / Double(neighbours * generated.rows)
    recall = Double(recalled) / Double(reference.rows)
    coverage = Double(covered) / Double(reference.rows)
  }
}

/// Whether generated showers are copies of those that were trained on.
enum Memorisation {
  /// The share of generated events that are nearer to an event that was trained on than to any of as many held-out
  /// ones: ½ for none memorised, 1 for all; ties count half.
  static func share(generated: FeatureTable, trained: FeatureTable, heldOut: FeatureTable) -> Double {
    precondition(trained.rows == heldOut.rows, "\(trained.rows) and \(heldOut.rows) events")
    let near = NearestNeighbours(of: generated, among: trained).squares
    let far = NearestNeighbours(of: generated, among: heldOut).squares
    return zip(near, far).reduce(0) { $0 + ($1.0[0] < $1.1[0] ? 1 : $1.0[0] == $1.1[0] ? 0.5 : 0) }
      / Double(generated.rows)
  }
}

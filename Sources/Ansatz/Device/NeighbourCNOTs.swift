/// CNOTs of a repetition as CNOTs between neighbours on a chain.
///
/// What a control does to the qubits up to distance d on one side is a ladder of 2d − 1 CNOTs, down and up again, that
/// leaves every qubit where it is: no SWAPs.
enum NeighbourCNOTs {
  /// - Parameter cnots: In order.
  /// - Returns: CNOTs of neighbours that do the same, in order.
  static func chain(_ cnots: [(control: Int, target: Int)]) -> [(control: Int, target: Int)] {
    var chain: [(control: Int, target: Int)] = []
    var start = 0
    while start < cnots.count {
      let control = cnots[start].control
      var (up, down): (Set<Int>, Set<Int>) = ([], [])
      while start < cnots.count, cnots[start].control == control {
        let distance = cnots[start].target - control
        if distance > 0 { up.formSymmetricDifference([distance]) } else { down.formSymmetricDifference([-distance]) }
        start += 1
      }
      chain += fan(control, 1, up) + fan(control, -1, down)
    }
    return withoutPairs(chain)
  }

  /// CNOTs from a control to the qubits at these distances on one side.
  private static func fan(_ control: Int, _ side: Int, _ distances: Set<Int>) -> [(control: Int, target: Int)] {
    guard let last = distances.max() else { return [] }
    let rungs = (1..<last).map { (control: control + side * $0, target: control + side * ($0 + 1)) }
    // What the ladder does to the qubits between, where it should not, is undone by a shorter one.
    return rungs.reversed() + [(control, control + side)] + rungs
      + fan(control, side, Set(1..<last).subtracting(distances))
  }

  /// The same without CNOTs that meet their like again with nothing between that minds.
  private static func withoutPairs(_ cnots: [(control: Int, target: Int)]) -> [(control: Int, target: Int)] {
    var cnots = cnots
    var index = 0
    while index < cnots.count {
      let (control, target) = cnots[index]
      var later = index + 1
      while later < cnots.count, cnots[later] != cnots[index],
        cnots[later].control != target, cnots[later].target != control
      {
        later += 1
      }
      if later < cnots.count, cnots[later] == cnots[index] {
        cnots.remove(at: later)
        cnots.remove(at: index)
        // What stood before may have met its like by now.
        index = 0
      } else {
        index += 1
      }
    }
    return cnots
  }
}

/// Angles of one kind and one repetition that are inert for the same reason.
struct InertGroup {
  var symbol: String
  var repetition: Int
  var reason: InertReason
  /// Ascending.
  var qubits: [Int]

  static func groups(of angles: [CircuitAnalysis.InertAngle]) -> [InertGroup] {
    var groups: [InertGroup] = []
    for angle in angles {
      if let last = groups.indices.last, groups[last].symbol == angle.symbol,
        groups[last].repetition == angle.repetition, groups[last].reason == angle.reason
      {
        groups[last].qubits.append(angle.qubit)
      } else {
        groups.append(
          InertGroup(symbol: angle.symbol, repetition: angle.repetition, reason: angle.reason, qubits: [angle.qubit]))
      }
    }
    return groups
  }
}

extension CircuitAnalysis {
  /// The inert angles in brief: "φ0 … φ9 of repetition 2"; empty where there are none.
  package var inertText: String {
    InertGroup.groups(of: inert).map { group in
      CircuitExplanation.ranges(group.symbol, group.qubits)
        + (circuit.repetitions > 1 ? " of repetition \(group.repetition + 1)" : "")
    }.joined(separator: "; ")
  }
}

/// The functions of the inputs that a circuit computes as its angles vary, in a normal form.
///
/// Equal values are proven to be the same functions. Unequal ones are proven different for one repetition, and where
/// light cones differ.
package struct CircuitFamily: Hashable, Sendable {
  let steps: [Propagation.Step]
}

/// Which of many circuits compute the same, or part of what another does.
package enum CircuitFamilies {
  /// The circuits by what they compute.
  ///
  /// - Parameters:
  ///   - circuits: The circuits to group.
  ///   - readouts: One read-out per circuit; all qubits where it is nil.
  /// - Returns: The indices of each family, in order of first appearance.
  /// - Complexity: Linear in the number of circuits, well under a millisecond each.
  package static func group(_ circuits: [Circuit], readouts: [[Int]?]? = nil) -> [[Int]] {
    var groups: [[Int]] = []
    var places: [Key: Int] = [:]
    for (index, circuit) in circuits.enumerated() {
      let key = Key(circuit, readout: readouts?[index])
      if let place = places[key] {
        groups[place].append(index)
      } else {
        places[key] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  /// The containers of each circuit: those that can do all that it can and more, as zero angles show it.
  ///
  /// - Parameters:
  ///   - circuits: The circuits to compare.
  ///   - readouts: One read-out per circuit; all qubits where it is nil.
  /// - Returns: The indices of each circuit's containers.
  /// - Complexity: Linear in the number of circuits, a few milliseconds each.
  package static func containers(_ circuits: [Circuit], readouts: [[Int]?]? = nil) -> [[Int]] {
    let own = circuits.indices.map { Key(circuits[$0], readout: readouts?[$0]) }
    var containers: [Key: [Int]] = [:]
    for (index, circuit) in circuits.enumerated() {
      for part in circuit.parts(readout: readouts?[index]) where part != own[index].family {
        containers[Key(qubits: circuit.qubits, family: part), default: []].append(index)
      }
    }
    return own.map { containers[$0] ?? [] }
  }

  /// Circuits of different sizes have different inputs, whatever they do with them.
  private struct Key: Hashable {
    var qubits: Int
    var family: CircuitFamily

    init(qubits: Int, family: CircuitFamily) { (self.qubits, self.family) = (qubits, family) }

    init(_ circuit: Circuit, readout: [Int]?) {
      self.init(qubits: circuit.qubits, family: circuit.family(readout: readout))
    }
  }

  /// Why two circuits of one family compute the same, as a clause: "RZ is inert".
  ///
  /// - Precondition: `group` has them together.
  package static func reason(_ first: Circuit, _ second: Circuit) -> String {
    var reasons: [String] = []
    let cnots = [first, second].map { $0.parityMap.rows }
    if first.repetitions != second.repetitions { reasons.append("without CNOTs, later repetitions add nothing") }
    if first.rotations.filter({ $0 != .z }) == second.rotations.filter({ $0 != .z }) {
      if first.rz != second.rz { reasons.append("RZ is inert") }
    } else {
      reasons.append("the rotations that differ are inert")
    }
    if cnots[0] != cnots[1] {
      reasons.append("the CNOTs differ only where nothing is read")
    } else if first.cnots.map(\.control) != second.cnots.map(\.control)
      || first.cnots.map(\.target) != second.cnots.map(\.target)
    {
      reasons.append("the CNOTs amount to the same")
    }
    if first.reupload != second.reupload { reasons.append("one repetition has nothing to re-upload into") }
    return reasons.isEmpty ? "they are the same circuit" : reasons.joined(separator: "; ")
  }
}

extension Circuit {
  func family(readout: [Int]? = nil, withoutRZ: Bool = false, zeroAfter: Int? = nil) -> CircuitFamily {
    CircuitFamily(
      steps: Propagation(
        self, readout: readout ?? Array(0..<qubits), withoutRZ: withoutRZ, zeroAfter: zeroAfter
      ).steps)
  }

  /// The families of the circuit with some angles at zero: without RZ, and with only the first repetitions' angles.
  ///
  /// Re-uploaded inputs stay where they are, so those circuits lose their RZ only, as do inverse ones.
  fileprivate func parts(readout: [Int]?) -> Set<CircuitFamily> {
    let lengths = reupload || inverse ? [stages.count] : Array(1...repetitions)
    return Set(
      lengths.flatMap { length in
        [false, true].map { family(readout: readout, withoutRZ: $0, zeroAfter: length) }
      })
  }
}

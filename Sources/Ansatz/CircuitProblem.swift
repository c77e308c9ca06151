/// A circuit with numbers to evaluate it at, as a JSON file gives them.
package struct CircuitProblem: Decodable, Hashable, Sendable {
  /// The circuit to evaluate.
  package var circuit: Circuit
  /// x: one list per sample, each of one number per qubit.
  package var inputs: [[Double]]
  /// θ: one list per repetition, each of one number per qubit.
  package var theta: [[Double]]
  /// φ: as θ; empty without RZ.
  package var phi: [[Double]]
  /// The angles in place of both, and the only ones for rotations other than the study's: one list per repetition, of one
  /// list per rotation; empty if not given.
  package var lists: [[[Double]]]
  /// w of Σ w_i⟨Z_i⟩, one number per qubit; nil when no gradients are asked for.
  package var weights: [Double]?

  package init(
    circuit: Circuit, inputs: [[Double]], theta: [[Double]], phi: [[Double]] = [], lists: [[[Double]]] = [],
    weights: [Double]? = nil
  ) {
    self.circuit = circuit
    self.inputs = inputs
    self.theta = theta
    self.phi = phi
    self.lists = lists
    self.weights = weights
  }

  private enum Key: String, CodingKey, CaseIterable {
    case qubits, cnot, rz, rotations, repetitions, order, ring, reupload, encoding
    case inputShift = "input_shift"
    case inverse, x, theta, phi
    case lists = "angles"
    case w
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// - Throws: `DecodingError`, also for a key that has no meaning here. Lengths and values are left to `flaw`.
  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    if let unknown = keys.first(where: { Key(rawValue: $0) == nil }) {
      let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "unknown key '\(unknown)'; the keys are \(known)"))
    }
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      circuit: try Circuit(from: decoder),
      inputs: try values.decodeIfPresent([[Double]].self, forKey: .x) ?? [],
      theta: try values.decodeIfPresent([[Double]].self, forKey: .theta) ?? [],
      phi: try values.decodeIfPresent([[Double]].self, forKey: .phi) ?? [],
      lists: try values.decodeIfPresent([[[Double]]].self, forKey: .lists) ?? [],
      weights: try values.decodeIfPresent([Double].self, forKey: .w))
  }

  /// Why this cannot be evaluated, as a clause naming the key; nil when it can.
  package var flaw: String? {
    if let flaw = circuit.flaw ?? angleFlaw { return flaw }
    if inputs.isEmpty { return "x: missing; give one list per sample, each of \(circuit.qubits) numbers" }
    for (sample, list) in inputs.enumerated() {
      if let flaw = flaw("x[\(sample)]", list) { return flaw }
    }
    return weights.flatMap { flaw("w", $0) }
  }

  /// Why the angles are not this circuit's, as a clause naming the key; nil when they are.
  ///
  /// - Precondition: The circuit has no flaw.
  package var angleFlaw: String? {
    if !lists.isEmpty || !circuit.hasStudyRotations { return listFlaw }
    for (key, lists, wanted) in [("theta", theta, true), ("phi", phi, circuit.rz)] {
      if lists.isEmpty && !wanted { continue }
      if !wanted { return "\(key): the circuit has no RZ; leave \(key) out" }
      if lists.count != circuit.repetitions {
        return "\(key): \(lists.count) lists; give \(circuit.repetitions), one per repetition"
      }
      for (repetition, list) in lists.enumerated() {
        if let flaw = flaw("\(key)[\(repetition)]", list) { return flaw }
      }
    }
    return nil
  }

  private var listFlaw: String? {
    if !theta.isEmpty || !phi.isEmpty { return "angles: theta and phi are the study's; give either them or angles" }
    if lists.count != circuit.repetitions {
      return "angles: \(lists.count) lists; give \(circuit.repetitions), one per repetition"
    }
    for (repetition, rotations) in lists.enumerated() {
      if rotations.count != circuit.rotations.count {
        return
          "angles[\(repetition)]: \(rotations.count) lists; give \(circuit.rotations.count), one per rotation"
      }
      for (rotation, list) in rotations.enumerated() {
        if let flaw = flaw("angles[\(repetition)][\(rotation)]", list) { return flaw }
      }
    }
    return nil
  }

  /// Whether there are any angles.
  package var hasAngles: Bool { !theta.isEmpty || !lists.isEmpty }

  private func flaw(_ name: String, _ list: [Double]) -> String? {
    if list.count != circuit.qubits {
      return "\(name): \(list.count) numbers for \(circuit.qubits) qubits; give one per qubit"
    }
    // Single precision is what most users of these numbers have.
    return list.firstIndex { !Float($0).isFinite }.map { "\(name)[\($0)]: \(list[$0]) is not a finite number" }
  }

  /// The angles in the circuit's flat numbering.
  ///
  /// - Precondition: `flaw == nil`.
  package var angles: [Double] {
    lists.isEmpty
      ? (0..<circuit.repetitions).flatMap { theta[$0] + (circuit.rz ? phi[$0] : []) } : lists.flatMap { $0.joined() }
  }
}

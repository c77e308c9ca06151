/// All that the analysis says about a circuit, for people and for programs.
package struct CircuitExplanation: Encodable, Sendable {
  /// One ⟨Z⟩.
  package struct Readout: Encodable, Sendable {
    /// The qubit that is read.
    package var qubit: Int
    /// The inputs it depends on.
    package var lightCone: [Int]
    /// The qubits j of ∏ cos x_j cos θ_j; nil where there is no such form.
    package var closedForm: [Int]?
    /// How its gradients spread.
    package var estimate: GradientEstimate
  }

  /// The circuit's readable name.
  package var name: String
  /// The circuit explained.
  package var circuit: Circuit
  /// The depth in gates.
  package var depth: Int
  /// The depth in CNOTs alone.
  package var cnotDepth: Int
  /// The number of CNOTs, over all repetitions.
  package var cnotCount: Int
  /// The number of angles.
  package var angleCount: Int
  /// The number of angles that are neither inert nor redundant.
  package var effectiveAngleCount: Int
  /// The angles whose gradient is zero for all inputs and angles.
  package var inert: [CircuitAnalysis.InertAngle]
  /// The flat numbers of angles that later ones can stand in for, ascending.
  package var redundant: [Int]
  /// The inputs that no read-out depends on, ascending.
  package var unreadInputs: [Int]
  /// What is known of each read-out.
  package var readouts: [Readout]
  /// The name of the plainest circuit that computes the same functions, if it is another.
  package var sameAs: String?
  /// Why it does.
  package var sameBecause: String?
  /// The names of like circuits, with and without RZ (of the study's rotations) and with up to one repetition more, that can
  /// do all that this one can and more; and of those that can do a part of it.
  package var containedIn: [String]
  /// The names of circuits whose functions are among this one's.
  package var contains: [String]

  /// - Precondition: One estimate per read-out.
  package init(_ analysis: CircuitAnalysis, estimates: [GradientEstimate]) {
    precondition(estimates.count == analysis.readout.count, "\(estimates.count) estimates")
    circuit = analysis.circuit
    name = circuit.name
    depth = circuit.depth
    cnotDepth = circuit.cnotDepth
    cnotCount = circuit.cnotCount
    angleCount = circuit.angleCount
    effectiveAngleCount = analysis.effectiveAngleCount
    inert = analysis.inert
    redundant = analysis.redundant.sorted()
    unreadInputs = analysis.unreadInputs
    readouts = analysis.readout.indices.map {
      Readout(
        qubit: analysis.readout[$0], lightCone: analysis.lightCones[$0], closedForm: analysis.closedForms?[$0],
        estimate: estimates[$0])
    }
    let like = circuit.withOtherLengths
    let containers = CircuitFamilies.containers(
      [circuit] + like, readouts: Array(repeating: analysis.readout, count: like.count + 1))
    containedIn = containers[0].map { like[$0 - 1].name }
    contains = like.indices.filter { containers[$0 + 1].contains(0) }.map { like[$0].name }
    let plainest = circuit.plainestAlike(readout: analysis.readout)
    if plainest != circuit {
      sameAs = plainest.name
      sameBecause = CircuitFamilies.reason(circuit, plainest)
    }
  }

  /// Drawing, counts, and a line per read-out.
  package func text(width: Int) -> String {
    let drawing = CircuitDrawing(
      circuit, readout: readouts.map(\.qubit), inert: Set(inert.map(\.angle)), width: width)
    var lines = [name, "", drawing.text, ""]
    lines.append(
      "gates       \(circuit.gates.count), of them \(cnotCount) CNOT; depth \(depth), of CNOTs alone \(cnotDepth)")
    lines.append("angles      \(angleCount), of them \(effectiveAngleCount) effective")
    for group in InertGroup.groups(of: inert) {
      lines.append(
        "  inert     ┊\(Self.ranges(group.symbol, group.qubits))┊"
          + (circuit.repetitions > 1 ? " of repetition \(group.repetition + 1)" : "") + ": \(group.reason.text)")
    }
    if !redundant.isEmpty {
      lines.append("  redundant \(redundant.count): on qubits without CNOTs, later rotations can do what they do")
    }
    if let sameAs, let sameBecause { lines.append("same as     \(sameAs): \(sameBecause)") }
    if !containedIn.isEmpty { lines.append("part of     \(containedIn.joined(separator: ", "))") }
    if !contains.isEmpty { lines.append("contains    \(contains.joined(separator: ", "))") }
    if !unreadInputs.isEmpty {
      lines.append("unread      no read-out depends on \(Self.ranges("x", unreadInputs))")
    }
    lines += ["", "read-out  variance  over inputs  (∂/∂angle)²  depends on"]
    for readout in readouts {
      let estimate = readout.estimate
      let what =
        readout.closedForm.map { "= " + CircuitAnalysis.text(closedForm: $0) } ?? Self.ranges("x", readout.lightCone)
      lines.append(
        Self.padded("⟨Z_\(readout.qubit)⟩", 10) + Self.padded(Self.short(estimate.variance), 10)
          + Self.padded(Self.short(estimate.inputVariance), 13) + Self.padded(Self.short(estimate.gradientSquare), 13)
          + what)
    }
    lines.append(
      readouts.first?.estimate.samples.map { "(variances estimated from \($0) random sets of angles)" }
        ?? "(variances exact)")
    return lines.joined(separator: "\n")
  }

  /// "x0 … x3, x5" from ascending numbers.
  static func ranges(_ symbol: String, _ numbers: [Int]) -> String {
    var runs: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = runs.indices.last, runs[last].last + 1 == number {
        runs[last].last = number
      } else {
        runs.append((number, number))
      }
    }
    return runs.map { run in
      switch run.last - run.first {
      case 0: "\(symbol)\(run.first)"
      case 1: "\(symbol)\(run.first), \(symbol)\(run.last)"
      default: "\(symbol)\(run.first) … \(symbol)\(run.last)"
      }
    }.joined(separator: ", ")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// Three significant digits: 0.123, 0.00123, 1.23e-5.
  private static func short(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    let digits = Int((mantissa * 100).rounded())
    if exponent < -3 || exponent > 2 {
      let rest = digits % 100
      return "\(digits / 100).\(rest < 10 ? "0" : "")\(rest)e\(exponent)"
    }
    // Three digits behind the leading one.
    var scale = 1.0
    for _ in 0..<(2 - exponent) { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}

extension Circuit {
  /// The same with and without RZ, and with one repetition to one more than it has.
  fileprivate var withOtherLengths: [Circuit] {
    (1...repetitions + 1).flatMap { repetitions in
      likeRotations.map { rotations in
        var other = self
        (other.repetitions, other.rotations) = (repetitions, rotations)
        return other
      }
    }.filter { $0 != self }
  }

  /// The study's rotations without and with RZ; others alone.
  private var likeRotations: [[Axis]] { hasStudyRotations ? [[.y], [.y, .z]] : [rotations] }

  /// The circuit of the template with the fewest options that computes the same functions.
  func plainestAlike(readout: [Int]) -> Circuit {
    let family = family(readout: readout)
    for repetitions in 1...self.repetitions {
      for (reupload, rotations) in [false, true].flatMap({ reupload in likeRotations.map { (reupload, $0) } })
      where !(inverse && reupload) {
        for (ring, order) in [(false, Order.interleaved), (false, .blocked), (true, .interleaved), (true, .blocked)] {
          var other = self
          (other.repetitions, other.rotations, other.reupload, other.ring, other.order) = (
            repetitions, rotations, reupload, ring, order
          )
          if other.family(readout: readout) == family { return other }
        }
      }
    }
    return self
  }
}

extension Circuit {
  /// The readable name of the template's point: `ry-rz-cnot12-x2`, with what departs from the study's defaults
  /// spelled out (`q4`, `blocked`, `ring`, `reupload`, `ency`, `shift2`, `inverse`).
  package var name: String { name(usualQubits: 10) }

  /// The readable name where another number of qubits goes without saying: 11 where a variant is conditioned.
  package func name(usualQubits: Int) -> String {
    var name =
      switch rotations {
      case [.y, .z]: "ry-rz"
      case [.y]: "ry"
      default: rotations.map { "r" + $0.rawValue }.joined(separator: "-")
      }
    name += cnot.isEmpty ? "-nocnot" : "-cnot"
    // Distances are one digit each in the study; from 10 on they need separating.
    let separator = cnot.contains { $0 > 9 } ? "_" : ""
    for (index, distance) in cnot.enumerated() {
      if index > 0 { name += separator }
      name += distance.description
    }
    // A distance by itself does not read as two: 12 is not 1 and 2.
    if cnot.count == 1, cnot[0] / 10 > 0, cnot[0] / 10 < cnot[0] % 10 { name += separator }
    name += "-x"
    name += repetitions.description
    if qubits != usualQubits { name += "-q\(qubits)" }
    if order != .interleaved { name += "-" + order.rawValue }
    if ring { name += "-ring" }
    if reupload { name += "-reupload" }
    if encoding != .x { name += "-enc" + encoding.rawValue }
    if inputShift != 0 { name += "-shift\(inputShift)" }
    if inverse { name += "-inverse" }
    return name
  }

  /// The circuit of a readable name such as `ry-rz-cnot12-x2` or `ry-cnot1-x1-q6-ring`; nil where none is spelled so.
  ///
  /// A variant's name also says whether it is conditioned, and the sizes of Dense layers, which are passed over:
  /// `ry-rz-cnot1-x2-cond-50-200`.
  package init?(name: String) {
    var parts = name.split(separator: "-").map(String.init)[...]
    var behind = ""
    while let last = parts.last, let size = Int(last), size > 0 {
      behind = "-\(size)\(behind)"
      parts.removeLast()
    }
    var usualQubits = 10
    if parts.last == "cond" {
      // The label's qubit.
      usualQubits = 11
      behind = "-cond" + behind
      parts.removeLast()
    }
    var rotations: [Axis] = []
    while let first = parts.first, first.hasPrefix("r"), let axis = Axis(rawValue: String(first.dropFirst())) {
      rotations.append(axis)
      parts.removeFirst()
    }
    self.init(qubits: usualQubits, rotations: rotations)
    guard let cnots = parts.popFirst(), let times = parts.popFirst(), times.hasPrefix("x"),
      let repetitions = Int(times.dropFirst())
    else { return nil }
    self.repetitions = repetitions
    if cnots == "nocnot" {
      cnot = []
    } else {
      guard cnots.hasPrefix("cnot") else { return nil }
      cnot = Self.distances(cnots.dropFirst(4))
    }
    for part in parts {
      if part.hasPrefix("q"), let count = Int(part.dropFirst()) {
        qubits = count
      } else if let order = Order(rawValue: part) {
        self.order = order
      } else if part == "ring" {
        ring = true
      } else if part == "reupload" {
        reupload = true
      } else if part.hasPrefix("enc"), let encoding = Encoding(rawValue: String(part.dropFirst(3))) {
        self.encoding = encoding
      } else if part.hasPrefix("shift"), let shift = Int(part.dropFirst(5)) {
        inputShift = shift
      } else if part == "inverse" {
        inverse = true
      } else {
        return nil
      }
    }
    // Whatever was read, only what is spelled so has the name.
    guard flaw == nil, self.name(usualQubits: usualQubits) + behind == name else { return nil }
  }

  /// The distances of a name, as far as they are any.
  private static func distances(_ text: Substring) -> [Int] {
    if text.contains("_") { return text.split(separator: "_").compactMap { Int($0) } }
    let digits = text.compactMap(\.wholeNumberValue)
    // What does not ascend is one distance of two digits.
    return zip(digits, digits.dropFirst()).allSatisfy { $0 < $1 } ? digits : Int(text).map { [$0] } ?? []
  }
}

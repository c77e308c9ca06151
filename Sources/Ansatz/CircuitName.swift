extension Circuit {
  /// The readable name of the template's point: `ry-rz-cnot12-x2`, with what departs from the study's defaults
  /// spelled out (`q4`, `blocked`, `ring`, `reupload`, `ency`, `shift2`, `inverse`).
  package var name: String {
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
    name += "-x"
    name += repetitions.description
    if qubits != 10 { name += "-q\(qubits)" }
    if order != .interleaved { name += "-" + order.rawValue }
    if ring { name += "-ring" }
    if reupload { name += "-reupload" }
    if encoding != .x { name += "-enc" + encoding.rawValue }
    if inputShift != 0 { name += "-shift\(inputShift)" }
    if inverse { name += "-inverse" }
    return name
  }

  /// The circuit of a readable name such as `ry-rz-cnot12-x2` or `ry-cnot1-x1-q6-ring`; nil when it is not one.
  ///
  /// A variant's name also says the sizes of Dense layers, which are passed over: `ry-rz-cnot1-x2-50-200`.
  package init?(name: String) {
    var parts = name.split(separator: "-").map(String.init)[...]
    while let last = parts.last, Int(last) != nil { parts.removeLast() }
    var rotations: [Axis] = []
    while let first = parts.first, first.hasPrefix("r"), let axis = Axis(rawValue: String(first.dropFirst())) {
      rotations.append(axis)
      parts.removeFirst()
    }
    self.init(rotations: rotations)
    guard let cnots = parts.popFirst(), let times = parts.popFirst(), times.hasPrefix("x"),
      let repetitions = Int(times.dropFirst())
    else { return nil }
    self.repetitions = repetitions
    if cnots == "nocnot" {
      cnot = []
    } else {
      guard cnots.hasPrefix("cnot") else { return nil }
      let digits = cnots.dropFirst(4)
      let distances = digits.contains("_") ? digits.split(separator: "_").map(String.init) : digits.map { String($0) }
      // One distance of two digits reads as two of one, which are never in falling order.
      let numbers = distances.compactMap { Int($0) }
      guard numbers.count == distances.count else { return nil }
      cnot = numbers == numbers.sorted() ? numbers : Int(digits).map { [$0] } ?? []
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
      } else if part == "cond" {
        // The label's qubit.
        qubits = 11
      } else {
        return nil
      }
    }
    guard flaw == nil else { return nil }
  }
}

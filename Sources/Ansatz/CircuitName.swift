extension Circuit {
  /// The circuit of a readable name such as `ry-rz-cnot12-x2` or `ry-cnot1-x1-q6-ring`; nil when it is not one.
  ///
  /// A variant's name also says the sizes of Dense layers, which are passed over: `ry-rz-cnot1-x2-50-200`.
  package init?(name: String) {
    var parts = name.split(separator: "-").map(String.init)[...]
    while let last = parts.last, Int(last) != nil { parts.removeLast() }
    guard parts.popFirst() == "ry" else { return nil }
    self.init(rz: parts.first == "rz")
    if rz { parts.removeFirst() }
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

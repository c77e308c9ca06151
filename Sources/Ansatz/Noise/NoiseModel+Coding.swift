/// The form in files: `qubit` and `pair` for all, and `qubits` and `pairs` for single ones, which have the numbers of all
/// where they say nothing else.
extension NoiseModel: Codable {
  private struct Key: CodingKey, ExpressibleByStringLiteral {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral: String) { stringValue = stringLiteral }
    init?(intValue: Int) { nil }
  }

  private static let gateKeys = ["depolarizing", "duration", "over_rotation"]
  private static let qubitKeys = gateKeys + ["t1", "t2", "prob_meas1_prep0", "prob_meas0_prep1"]

  /// - Throws: `DecodingError`, also for a key that has no meaning here; values are left to `flaw`.
  package init(from decoder: any Decoder) throws {
    let values = try Self.container(decoder.container(keyedBy: Key.self), ["qubit", "pair", "qubits", "pairs"])
    self.init()
    if values.contains("qubit") { everyQubit = try Self.qubit(values, "qubit", over: everyQubit) }
    if values.contains("pair") { everyPair = try Self.pair(values, "pair", over: everyPair) }
    if values.contains("qubits") {
      let own = try values.nestedContainer(keyedBy: Key.self, forKey: "qubits")
      for key in own.allKeys {
        guard let number = Self.number(key.stringValue) else {
          throw Self.unknown(key, own, "qubits are numbers from 0 on, such as 3")
        }
        guard qubits.updateValue(try Self.qubit(own, key, over: everyQubit), forKey: number) == nil else {
          throw Self.unknown(key, own, "the qubit stands there twice")
        }
      }
    }
    if values.contains("pairs") {
      let own = try values.nestedContainer(keyedBy: Key.self, forKey: "pairs")
      for key in own.allKeys {
        let ends = key.stringValue.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let one = Self.number(ends[0]), let other = Self.number(ends[1]) else {
          throw Self.unknown(key, own, "pairs are like 2-3")
        }
        guard pairs.updateValue(try Self.pair(own, key, over: everyPair), forKey: Pair(one, other)) == nil else {
          throw Self.unknown(key, own, "the pair stands there twice")
        }
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try Self.encode(everyQubit, into: &values, "qubit")
    try Self.encode(everyPair, into: &values, "pair")
    if !qubits.isEmpty {
      var own = values.nestedContainer(keyedBy: Key.self, forKey: "qubits")
      for (number, qubit) in qubits { try Self.encode(qubit, into: &own, Key(stringValue: "\(number)")) }
    }
    if !pairs.isEmpty {
      var own = values.nestedContainer(keyedBy: Key.self, forKey: "pairs")
      for (pair, gate) in pairs { try Self.encode(gate, into: &own, Key(stringValue: "\(pair.low)-\(pair.high)")) }
    }
  }

  /// The number that a text spells; nil for anything else, and for a second spelling of one, such as 01.
  private static func number(_ text: some StringProtocol) -> Int? {
    Int(text).flatMap { $0.description == text ? $0 : nil }
  }

  private static func unknown(
    _ key: Key, _ container: KeyedDecodingContainer<Key>, _ what: String
  ) -> DecodingError {
    .dataCorrupted(.init(codingPath: container.codingPath, debugDescription: "'\(key.stringValue)': \(what)"))
  }

  private static func container(
    _ values: KeyedDecodingContainer<Key>, _ known: [String]
  ) throws -> KeyedDecodingContainer<Key> {
    if let key = values.allKeys.filter({ !known.contains($0.stringValue) }).min(by: { $0.stringValue < $1.stringValue })
    {
      throw unknown(key, values, "unknown; the keys are \(known.joined(separator: ", "))")
    }
    return values
  }

  private static func pair(
    _ values: KeyedDecodingContainer<Key>, _ key: Key, over all: GateNoise
  ) throws -> GateNoise {
    try gate(container(values.nestedContainer(keyedBy: Key.self, forKey: key), gateKeys), over: all)
  }

  private static func gate(_ values: KeyedDecodingContainer<Key>, over all: GateNoise) throws -> GateNoise {
    func number(_ key: Key, _ usual: Double) throws -> Double {
      try values.decodeIfPresent(Double.self, forKey: key) ?? usual
    }
    return GateNoise(
      depolarizing: try number("depolarizing", all.depolarizing), duration: try number("duration", all.duration),
      overRotation: try number("over_rotation", all.overRotation))
  }

  private static func qubit(
    _ values: KeyedDecodingContainer<Key>, _ key: Key, over all: QubitNoise
  ) throws -> QubitNoise {
    let values = try container(values.nestedContainer(keyedBy: Key.self, forKey: key), qubitKeys)
    var qubit = all
    qubit.gate = try gate(values, over: all.gate)
    let t1 = try values.decodeIfPresent(Double.self, forKey: "t1") ?? all.relaxation?.t1
    let t2 = try values.decodeIfPresent(Double.self, forKey: "t2") ?? all.relaxation?.t2
    switch (t1, t2) {
    case (nil, nil): qubit.relaxation = nil
    case (let t1?, let t2?): qubit.relaxation = Relaxation(t1: t1, t2: t2)
    default: throw unknown(t1 == nil ? "t1" : "t2", values, "missing; T1 and T2 (µs) belong together")
    }
    if let p = try values.decodeIfPresent(Double.self, forKey: "prob_meas1_prep0") { qubit.readout.oneGivenZero = p }
    if let p = try values.decodeIfPresent(Double.self, forKey: "prob_meas0_prep1") { qubit.readout.zeroGivenOne = p }
    return qubit
  }

  private static func encode(_ gate: GateNoise, _ values: inout KeyedEncodingContainer<Key>) throws {
    try values.encode(gate.depolarizing, forKey: "depolarizing")
    try values.encode(gate.duration, forKey: "duration")
    try values.encode(gate.overRotation, forKey: "over_rotation")
  }

  private static func encode(
    _ gate: GateNoise, into values: inout KeyedEncodingContainer<Key>, _ key: Key
  ) throws {
    var own = values.nestedContainer(keyedBy: Key.self, forKey: key)
    try encode(gate, &own)
  }

  private static func encode(
    _ qubit: QubitNoise, into values: inout KeyedEncodingContainer<Key>, _ key: Key
  ) throws {
    var own = values.nestedContainer(keyedBy: Key.self, forKey: key)
    try encode(qubit.gate, &own)
    try own.encodeIfPresent(qubit.relaxation?.t1, forKey: "t1")
    try own.encodeIfPresent(qubit.relaxation?.t2, forKey: "t2")
    try own.encode(qubit.readout.oneGivenZero, forKey: "prob_meas1_prep0")
    try own.encode(qubit.readout.zeroGivenOne, forKey: "prob_meas0_prep1")
  }
}

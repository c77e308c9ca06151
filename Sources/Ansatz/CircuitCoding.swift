/// The form in files: `rz` for the study's rotations, `rotations` for others, and what departs from the study's circuits only
/// where it does.
extension Circuit {
  private enum CodingKeys: String, CodingKey {
    case qubits, cnot, rz, rotations, repetitions, order, ring, reupload, encoding, inverse
    case inputShift = "input_shift"
  }

  /// Decodes one; what is optional may be missing.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let rotations = try values.decodeIfPresent([Axis].self, forKey: .rotations)
    if rotations != nil && values.contains(.rz) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "rz and rotations both say what turns; give one of them"))
    }
    self.init(
      qubits: try values.decode(Int.self, forKey: .qubits),
      cnot: try values.decode([Int].self, forKey: .cnot),
      rz: rotations == nil ? try values.decode(Bool.self, forKey: .rz) : false,
      repetitions: try values.decode(Int.self, forKey: .repetitions),
      order: try values.decodeIfPresent(Order.self, forKey: .order) ?? .interleaved,
      ring: try values.decodeIfPresent(Bool.self, forKey: .ring) ?? false,
      reupload: try values.decodeIfPresent(Bool.self, forKey: .reupload) ?? false,
      rotations: rotations,
      encoding: try values.decodeIfPresent(Encoding.self, forKey: .encoding) ?? .x,
      inputShift: try values.decodeIfPresent(Int.self, forKey: .inputShift) ?? 0,
      inverse: try values.decodeIfPresent(Bool.self, forKey: .inverse) ?? false)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(qubits, forKey: .qubits)
    try values.encode(cnot, forKey: .cnot)
    if hasStudyRotations {
      try values.encode(rz, forKey: .rz)
    } else {
      try values.encode(rotations, forKey: .rotations)
    }
    try values.encode(repetitions, forKey: .repetitions)
    try values.encode(order, forKey: .order)
    try values.encode(ring, forKey: .ring)
    try values.encode(reupload, forKey: .reupload)
    if encoding != .x { try values.encode(encoding, forKey: .encoding) }
    if inputShift != 0 { try values.encode(inputShift, forKey: .inputShift) }
    if inverse { try values.encode(inverse, forKey: .inverse) }
  }
}

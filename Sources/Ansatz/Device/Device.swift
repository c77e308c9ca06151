import Glibc

/// The gate of two qubits that a device has; every one of them makes a CNOT with rotations before and after it.
package enum PairGate: String, CaseIterable, Codable, Hashable, Sendable {
  /// The CNOT itself.
  case cx
  /// The echoed cross-resonance gate, exp(−iπ/4 Z ⊗ X) and then X on the first qubit.
  case ecr
  /// The controlled Z, which has no direction.
  case cz
}

/// A device as its calibration has it: qubits, their read-out, SX and couplings; RZ is virtual.
package struct Device: Hashable, Sendable {
  /// A gate's calibration.
  package struct Calibration: Hashable, Sendable {
    /// The average gate error r = 1 − F, relaxation included.
    package var error: Double
    /// The duration in ns.
    package var duration: Double

    package init(error: Double, duration: Double) {
      self.error = error
      self.duration = duration
    }
  }

  /// One qubit.
  package struct Qubit: Hashable, Sendable {
    /// The relaxation; nil where the calibration does not say.
    package var relaxation: NoiseModel.Relaxation?
    /// The confusion of the read-out.
    package var readout: NoiseModel.Readout
    /// The duration of the read-out in ns.
    package var readoutDuration: Double
    /// SX, and X, which is as long a pulse; nil for a qubit that cannot be used.
    package var sx: Calibration?

    package init(
      relaxation: NoiseModel.Relaxation? = nil, readout: NoiseModel.Readout = .init(), readoutDuration: Double = 0,
      sx: Calibration? = nil
    ) {
      self.relaxation = relaxation
      self.readout = readout
      self.readoutDuration = readoutDuration
      self.sx = sx
    }
  }

  /// The device's name.
  package var name: String
  /// The qubits, by their number.
  package var qubits: [Qubit]
  /// The gate of two qubits.
  package var pairGate: PairGate
  /// The couplings that can be used, by the gate's first and second qubit: `couplings[control]![target]`.
  package var couplings: [Int: [Int: Calibration]]
  /// The time between two shots besides the circuit and its read-out, in µs; 0 where nobody says.
  package var repetitionDelay: Double
  /// What the calibration lacks or cannot be right about: sentences.
  package var remarks: [String]

  package init(
    name: String, qubits: [Qubit], pairGate: PairGate, couplings: [Int: [Int: Calibration]],
    repetitionDelay: Double = 0, remarks: [String] = []
  ) {
    self.name = name
    self.qubits = qubits
    self.pairGate = pairGate
    self.couplings = couplings
    self.repetitionDelay = repetitionDelay
    self.remarks = remarks
  }

  /// Whether the gate is native from the first qubit to the second; nil for qubits that are not coupled.
  func isNative(_ first: Int, _ second: Int) -> Bool? {
    if couplings[first]?[second] != nil { return true }
    return couplings[second]?[first] != nil ? false : nil
  }

  /// The calibration of a coupling in the direction in which it is used: as given where that is native.
  func coupling(_ one: Int, _ other: Int) -> Calibration? { couplings[one]?[other] ?? couplings[other]?[one] }

  /// The noise of a chain of qubits, whose places are the noise's qubits: of SX, and of the couplings between neighbours.
  ///
  /// Of a gate's error relaxation during the gate comes first, and depolarising is what is left of it.
  /// - Source: Qiskit Aer's NoiseModel.from_backend.
  /// - Precondition: The qubits have SX.
  package func noise(on chain: [Int]) -> NoiseModel {
    var noise = NoiseModel()
    for (place, number) in chain.enumerated() {
      let qubit = qubits[number]
      let strength = Self.depolarizing(qubit.sx!, [qubit.relaxation])
      noise.qubits[place] = .init(
        gate: .init(depolarizing: strength, duration: qubit.sx!.duration), relaxation: qubit.relaxation,
        readout: qubit.readout)
      guard place > 0, let coupling = coupling(chain[place - 1], number) else { continue }
      let pair = Self.depolarizing(coupling, [qubits[chain[place - 1]].relaxation, qubit.relaxation])
      noise.pairs[.init(place - 1, place)] = .init(depolarizing: pair, duration: coupling.duration)
    }
    return noise
  }

  /// The depolarising strength that a gate's error leaves beside relaxation.
  private static func depolarizing(_ gate: Calibration, _ relaxations: [NoiseModel.Relaxation?]) -> Double {
    let d = Double(1 << relaxations.count)
    // The trace of relaxation's transfer matrix is d² times its process fidelity.
    let trace = relaxations.reduce(1.0) { product, relaxation in
      guard let relaxation else { return product * 4 }
      let coherent = exp(-gate.duration / (1000 * relaxation.t2))
      return product * (1 + 2 * coherent + exp(-gate.duration / (1000 * relaxation.t1)))
    }
    let fidelity = (trace / d + 1) / (d + 1)
    let error = min(gate.error, d / (d + 1))
    guard error > 1 - fidelity else { return 0 }
    return min(d * (error - (1 - fidelity)) / (d * fidelity - 1), d * d / (d * d - 1))
  }
}

/// The noise of a device, or of a model of one: what its gates do beside what they should, and its read-out.
///
/// Noise follows RX, RY and CNOT; RZ is virtual, takes no time and has none. Numbers stand for all qubits and pairs, and
/// those in `qubits` and `pairs` in their place for single ones. Qubits that wait do not decay.
/// - Source: conventions as Qiskit Aer's: depolarising with p is (1 − p) ρ + p 𝟙/d.
package struct NoiseModel: Hashable, Sendable {
  /// What comes with one gate.
  package struct GateNoise: Hashable, Sendable {
    /// The depolarising strength p of (1 − p) ρ + p 𝟙/d, 0 … d²/(d² − 1).
    package var depolarizing: Double
    /// The gate's duration in ns, for which its qubits relax.
    package var duration: Double
    /// The relative over-rotation ε: a gate exp(−i t G) is exp(−i (1 + ε) t G), a CNOT being e^{−iπΠ}.
    package var overRotation: Double

    package init(depolarizing: Double = 0, duration: Double = 0, overRotation: Double = 0) {
      self.depolarizing = depolarizing
      self.duration = duration
      self.overRotation = overRotation
    }
  }

  /// The relaxation of a qubit towards |0⟩.
  package struct Relaxation: Hashable, Sendable {
    /// The decay time of the excited state in µs.
    package var t1: Double
    /// The decay time of coherences in µs, at most 2 T1.
    package var t2: Double

    package init(t1: Double, t2: Double) {
      self.t1 = t1
      self.t2 = t2
    }
  }

  /// The read-out's confusion.
  package struct Readout: Hashable, Sendable {
    /// P(1 | 0), the calibration files' prob_meas1_prep0.
    package var oneGivenZero: Double
    /// P(0 | 1), the calibration files' prob_meas0_prep1.
    package var zeroGivenOne: Double

    package init(oneGivenZero: Double = 0, zeroGivenOne: Double = 0) {
      self.oneGivenZero = oneGivenZero
      self.zeroGivenOne = zeroGivenOne
    }

    /// The measured ⟨Z⟩ of a qubit whose ⟨Z⟩ is this.
    package func measured(_ z: Double) -> Double {
      (zeroGivenOne - oneGivenZero) + (1 - zeroGivenOne - oneGivenZero) * z
    }

    /// Whether what was prepared can be told from what is measured.
    package var isInvertible: Bool { zeroGivenOne + oneGivenZero < 1 }

    /// The ⟨Z⟩ of a qubit whose measured ⟨Z⟩ is this; with shots it may lie beyond −1 … 1, and is unbiased for it.
    /// - Precondition: `isInvertible`.
    package func prepared(_ measured: Double) -> Double {
      (measured - (zeroGivenOne - oneGivenZero)) / (1 - zeroGivenOne - oneGivenZero)
    }
  }

  /// The noise of a qubit: of its RX and RY, its relaxation (none if nil) and its read-out.
  package struct QubitNoise: Hashable, Sendable {
    /// The noise of its RX and RY.
    package var gate: GateNoise
    /// Its relaxation, during its gates; nil for none.
    package var relaxation: Relaxation?
    /// Its read-out.
    package var readout: Readout

    package init(gate: GateNoise = GateNoise(), relaxation: Relaxation? = nil, readout: Readout = Readout()) {
      self.gate = gate
      self.relaxation = relaxation
      self.readout = readout
    }
  }

  /// A pair of qubits, whichever controls.
  package struct Pair: Hashable, Sendable {
    /// The lower qubit.
    package let low: Int
    /// The higher qubit.
    package let high: Int

    package init(_ one: Int, _ other: Int) {
      low = min(one, other)
      high = max(one, other)
    }
  }

  /// The noise of every qubit that `qubits` does not name.
  package var everyQubit: QubitNoise
  /// The noise of every CNOT that `pairs` does not name.
  package var everyPair: GateNoise
  /// Single qubits' own noise.
  package var qubits: [Int: QubitNoise]
  /// Single pairs' own noise.
  package var pairs: [Pair: GateNoise]

  package init(
    everyQubit: QubitNoise = QubitNoise(), everyPair: GateNoise = GateNoise(), qubits: [Int: QubitNoise] = [:],
    pairs: [Pair: GateNoise] = [:]
  ) {
    self.everyQubit = everyQubit
    self.everyPair = everyPair
    self.qubits = qubits
    self.pairs = pairs
  }

  /// The noise of one qubit.
  package func qubit(_ qubit: Int) -> QubitNoise { qubits[qubit] ?? everyQubit }
  /// The noise of a CNOT between two qubits.
  package func pair(_ one: Int, _ other: Int) -> GateNoise { pairs[Pair(one, other)] ?? everyPair }

  /// The highest qubit that has numbers of its own, by itself or in a pair; nil where none has.
  package var highestQubit: Int? { (qubits.keys + pairs.keys.map(\.high)).max() }

  /// Why this is no noise, as a clause that names the place; nil when it is one.
  package var flaw: String? {
    flaw(everyQubit, "every qubit") ?? flaw(everyPair, "every pair", dimension: 4)
      ?? qubits.keys.sorted().lazy.compactMap { key in
        key < 0 ? "qubit \(key) is not a qubit" : flaw(qubits[key]!, "qubit \(key)")
      }.first
      ?? pairs.keys.sorted { ($0.low, $0.high) < ($1.low, $1.high) }.lazy.compactMap { pair in
        pair.low < 0 || pair.low == pair.high
          ? "\(pair.low) and \(pair.high) are no pair of qubits"
          : flaw(pairs[pair]!, "qubits \(pair.low) and \(pair.high)", dimension: 4)
      }.first
  }

  private func flaw(_ qubit: QubitNoise, _ place: String) -> String? {
    if let flaw = flaw(qubit.gate, place, dimension: 2) { return flaw }
    if let relaxation = qubit.relaxation {
      let (t1, t2) = (relaxation.t1, relaxation.t2)
      if !(t1 > 0 && t1.isFinite) { return "\(place): T1 is \(t1) µs, which is no decay time" }
      if !(t2 > 0 && t2.isFinite) { return "\(place): T2 is \(t2) µs, which is no decay time" }
      if t2 > 2 * t1 { return "\(place): T2 is \(t2) µs, more than twice T1 (\(t1) µs), which no qubit has" }
    }
    for (name, p) in [("P(1|0)", qubit.readout.oneGivenZero), ("P(0|1)", qubit.readout.zeroGivenOne)]
    where !(0...1).contains(p) {
      return "\(place): \(name) is \(p), not in 0 … 1"
    }
    return nil
  }

  private func flaw(_ gate: GateNoise, _ place: String, dimension: Double) -> String? {
    let most = dimension * dimension / (dimension * dimension - 1)
    if !(0...most).contains(gate.depolarizing) {
      return "\(place): a depolarising strength of \(gate.depolarizing) is not in 0 … \(most)"
    }
    if !(gate.duration >= 0 && gate.duration.isFinite) { return "\(place): a gate cannot last \(gate.duration) ns" }
    if !((-1)...1).contains(gate.overRotation) {
      return "\(place): an over-rotation of \(gate.overRotation) is not in −1 … 1"
    }
    return nil
  }
}

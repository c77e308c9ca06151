/// The qubits of a device that a circuit is given, with all of the device that decides what becomes of it there.
package struct DeviceChain: Codable, Hashable, Sendable {
  /// The device's name.
  package var device: String
  /// The device's qubits, place by place.
  package var qubits: [Int]
  /// The device's gate of two qubits.
  package var gate: PairGate
  /// Whether the gate between places i and i + 1 is native from i to i + 1.
  package var ascending: [Bool]
  /// The noise of SX, of the gates of two qubits and of the read-out, by place.
  package var noise: NoiseModel
  /// The duration of the longest read-out in ns.
  package var readoutDuration: Double
  /// The time between two shots besides, in µs.
  package var repetitionDelay: Double

  /// - Precondition: The qubits are the device's and have SX.
  package init(_ qubits: [Int], of device: Device) {
    self.device = device.name
    self.qubits = qubits
    gate = device.pairGate
    ascending = zip(qubits, qubits.dropFirst()).map { device.isNative($0, $1) ?? true }
    noise = device.noise(on: qubits)
    readoutDuration = qubits.map { device.qubits[$0].readoutDuration }.max() ?? 0
    repetitionDelay = device.repetitionDelay
  }

  /// Why a circuit cannot be carried out on it, as a clause; nil when it can.
  package func flaw(for circuit: Circuit) -> String? {
    if circuit.inverse { return "an inverse circuit is not carried out on a device" }
    if qubits.count != circuit.qubits {
      return "\(qubits.count) of a device's qubits for the circuit's \(circuit.qubits)"
    }
    if ascending.count != qubits.count - 1 { return "\(ascending.count) couplings between \(qubits.count) qubits" }
    return noise.flaw
  }
}

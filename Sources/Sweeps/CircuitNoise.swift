import Ansatz
import Experiment
import Synchronization

/// What `circuit.noise` names, by its content.
enum CircuitNoise: Equatable, Sendable {
  /// The circuit's own gates have it.
  case model(NoiseModel)
  /// A device has it, on the chain of qubits that errs least.
  case device(PlacedDevice)

  /// - Parameter path: A model of noise (YAML or JSON), or a device's properties as IBM publishes them (JSON).
  /// - Throws: A sentence when it is neither.
  init(readingFrom path: String) throws {
    if !SweepFile.isMeant(by: path), DeviceFile.isMeant(by: path) {
      self = .device(PlacedDevice(try DeviceFile.device(path)))
    } else if SweepFile.isMeant(by: path) {
      self = .model(try NoiseDocument.noise(of: path))
    } else {
      self = .model(try NoiseFile.noise(path))
    }
  }

  /// The noise of a circuit's own gates; nil on a device.
  var model: NoiseModel? { if case .model(let noise) = self { noise } else { nil } }

  /// A circuit's qubits on the device; nil without one, or where it has no such chain.
  func chain(for circuit: Circuit) -> DeviceChain? {
    if case .device(let placed) = self { placed.chain(for: circuit) } else { nil }
  }

  /// Why the circuit cannot be carried out there, as a clause; nil when it can.
  func flaw(for circuit: Circuit) -> String? {
    switch self {
    case .model(let noise): return noise.flaw(for: circuit)
    case .device(let placed):
      if placed.chain(for: circuit) != nil { return nil }
      return "\(placed.device.name) has no \(circuit.qubits) usable qubits in a row, which \(circuit.name) takes"
    }
  }
}

/// A device with the chains of circuits that were looked for on it: a sweep asks for the same ones again and again.
final class PlacedDevice: Equatable, Sendable {
  let device: Device
  private let chains = Mutex<[Circuit: DeviceChain?]>([:])

  init(_ device: Device) { self.device = device }

  /// The chain that errs least, as calibrated; nil where there is none.
  func chain(for circuit: Circuit) -> DeviceChain? {
    chains.withLock { chains in
      if let known = chains[circuit] { return known }
      let found = circuit.flaw == nil ? device.place(circuit)?.place : nil
      chains[circuit] = .some(found)
      return found
    }
  }

  static func == (one: PlacedDevice, other: PlacedDevice) -> Bool { one === other || one.device == other.device }
}

extension ValueType where Value == CircuitNoise? {
  /// A file's path, or none.
  static let noise = Self(
    takes:
      "none, or the path of a noise model (YAML, JSON) or of a device's properties (JSON), relative to the sweep file",
    bound: ValueType<String>.text("a path").bound
  ) { (node, file) throws(Flaw) in
    if node.isNone { return nil }
    let path = try ValueType<String>.path.read(node, file)
    do {
      return try CircuitNoise(readingFrom: path)
    } catch {
      throw Flaw("\(error)")
    }
  }
}

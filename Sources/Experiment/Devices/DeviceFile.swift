package import Ansatz
import FoundationEssentials

/// A device from IBM's calibration files: properties, and beside them the configuration.
package enum DeviceFile {
  /// Reads a device.
  ///
  /// What the files lack, or cannot be right about, is among the device's remarks, and what needs it is not used.
  /// - Parameter paths: The properties' file (JSON), and after a comma the configuration's; without one, that which has
  ///   `conf` for `props` in its name, if it is there.
  /// - Returns: The device, with its remarks.
  /// - Throws: `InputError` when a file is not there or none of the kind, or nothing of it can be used.
  package static func device(_ paths: String) throws -> Device {
    let parts = paths.split(separator: ",", maxSplits: 1).map(String.init)
    guard let path = parts.first else { throw InputError("--device: name a device's properties (JSON)") }
    let properties: Properties = try value(in: path, "a device's properties, as IBM publishes them")
    let beside = parts.count > 1 ? parts[1] : configuration(beside: path)
    let configuration: Configuration? = try beside.map { try value(in: $0, "a device's configuration") }
    return try DeviceReading(properties, configuration, path: path).device
  }

  /// Whether a file has gates, as a device's properties do and no model of noise does.
  package static func isMeant(by path: String) -> Bool {
    struct Outline: Decodable { var gates: [Gate] }
    struct Gate: Decodable {}
    return (try? CanonicalJSON.value(Outline.self, from: InputFile.data(of: path))) != nil
  }

  private static func value<Value: Decodable>(in path: String, _ what: String) throws -> Value {
    do {
      return try CanonicalJSON.value(from: InputFile.data(of: path))
    } catch let error as DecodingError {
      throw InputError("\(path): not \(what): \(error.explanation)")
    }
  }

  private static func configuration(beside path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, let range = name.firstRange(of: "props") else { return nil }
    let other = (parts.dropLast() + [Substring(name[..<range.lowerBound] + "conf" + name[range.upperBound...])]).joined(
      separator: "/")
    return FileManager.default.fileExists(atPath: other) ? other : nil
  }

  /// The properties' file, as far as it is looked at.
  struct Properties: Decodable {
    struct Item: Decodable {
      var name: String
      var unit: String?
      var value: Double?
    }
    struct Gate: Decodable {
      var gate: String
      var qubits: [Int]
      var parameters: [Item]
    }
    var backend_name: String?
    var qubits: [[Item]]
    var gates: [Gate]
  }

  /// The configuration's file, as far as it is looked at.
  struct Configuration: Decodable {
    var n_qubits: Int
    var basis_gates: [String]?
    var coupling_map: [[Int]]?
    var default_rep_delay: Double?
  }
}

/// The making of a device from calibration files, with what is to be remarked.
private struct DeviceReading {
  private let properties: DeviceFile.Properties
  private var remarks: [String] = []
  /// Numbers of what a remark of one kind is about, by the remark's words.
  private var noted: [(what: String, of: [String])] = []
  private(set) var device: Device

  init(_ properties: DeviceFile.Properties, _ configuration: DeviceFile.Configuration?, path: String) throws {
    self.properties = properties
    let count = properties.qubits.count
    device = Device(name: properties.backend_name ?? path, qubits: [], pairGate: .cx, couplings: [:])
    guard (1...10_000).contains(count) else { throw InputError("\(path): it has \(count) qubits") }
    if let configuration, configuration.n_qubits != count {
      throw InputError(
        "\(path): \(count) qubits, but the configuration has \(configuration.n_qubits): of another device")
    }
    let present = PairGate.allCases.filter { gate in properties.gates.contains { $0.gate == gate.rawValue } }
    let native = present.first { configuration?.basis_gates?.contains($0.rawValue) ?? true }
    guard let native else {
      throw InputError(
        "\(path): no calibrated gate of two qubits among cx, ecr and cz, which is what CNOTs are made of")
    }
    device.pairGate = native
    device.qubits = properties.qubits.indices.map { qubit($0) }
    readGates()
    if let map = configuration?.coupling_map {
      for pair in map where pair.count == 2 && device.couplings[pair[0]]?[pair[1]] == nil {
        let isKnown = properties.gates.contains { $0.gate == native.rawValue && $0.qubits == pair }
        if !isKnown { note("has no calibration and is not used", "\(native.rawValue) \(pair[0])–\(pair[1])") }
      }
    }
    if let delay = configuration?.default_rep_delay, delay >= 0, delay.isFinite { device.repetitionDelay = delay }
    device.remarks = noted.map { what, of in
      let shown = of.prefix(6).joined(separator: ", ") + (of.count > 6 ? " and \(of.count - 6) more" : "")
      return "\(device.name): \(shown) \(what)"
    }
    guard device.qubits.contains(where: { $0.sx != nil }) else {
      throw InputError("\(path): no qubit has a calibrated sx, which is what rotations are made of")
    }
  }

  private mutating func note(_ what: String, _ of: String) {
    if let index = noted.firstIndex(where: { $0.what == what }) {
      noted[index].of.append(of)
    } else {
      noted.append((what, [of]))
    }
  }

  private mutating func qubit(_ number: Int) -> Device.Qubit {
    let items = properties.qubits[number]
    func value(_ name: String) -> DeviceFile.Properties.Item? { items.first { $0.name == name } }
    func time(_ name: String) -> Double? { value(name).flatMap(Self.nanoseconds) }
    var qubit = Device.Qubit()
    let name = "qubit \(number)"
    switch (time("T1").map { $0 / 1000 }, time("T2").map { $0 / 1000 }) {
    case (let t1?, let t2?) where t1 > 0 && t2 > 0:
      if t2 > 2 * t1 { note("has T2 > 2 T1, which no qubit has: T2 = 2 T1 is taken", name) }
      qubit.relaxation = .init(t1: t1, t2: min(t2, 2 * t1))
    case (let t1?, nil) where t1 > 0:
      note("has T1 but no T2: no dephasing beside it is taken", name)
      qubit.relaxation = .init(t1: t1, t2: 2 * t1)
    default: note("has no T1 and T2: no relaxation is taken", name)
    }
    func probability(_ name: String) -> Double? {
      value(name)?.value.flatMap { (0...1).contains($0) ? $0 : nil }
    }
    let both = probability("readout_error")
    if let one = probability("prob_meas1_prep0") ?? both, let zero = probability("prob_meas0_prep1") ?? both {
      qubit.readout = .init(oneGivenZero: one, zeroGivenOne: zero)
    } else {
      note("has no error of the read-out: none is taken", name)
    }
    qubit.readoutDuration = time("readout_length") ?? 0
    return qubit
  }

  private mutating func readGates() {
    for gate in properties.gates where gate.gate == "sx" || gate.gate == device.pairGate.rawValue {
      let name = gate.gate + " " + gate.qubits.map { "\($0)" }.joined(separator: "–")
      let size = gate.gate == "sx" ? 1 : 2
      guard gate.qubits.count == size, Set(gate.qubits).count == size,
        gate.qubits.allSatisfy(device.qubits.indices.contains)
      else {
        note("is on qubits that the device has not, and is not used", name)
        continue
      }
      guard let error = gate.parameters.first(where: { $0.name == "gate_error" })?.value else {
        note("has no error and is not used", name)
        continue
      }
      guard (0..<1).contains(error) else {
        note(error == 1 ? "has error 1: broken, and not used" : "has an error that is none, and is not used", name)
        continue
      }
      let duration = gate.parameters.first { $0.name == "gate_length" }.flatMap(Self.nanoseconds)
      if duration == nil { note("has no duration: it takes no time", name) }
      let calibration = Device.Calibration(error: error, duration: duration ?? 0)
      if size == 1 {
        device.qubits[gate.qubits[0]].sx = calibration
      } else {
        device.couplings[gate.qubits[0], default: [:]][gate.qubits[1]] = calibration
      }
    }
    for qubit in device.qubits.indices where device.qubits[qubit].sx == nil {
      note("has no sx and is not used", "qubit \(qubit)")
    }
  }

  /// A time in ns; nil for one that is none.
  private static func nanoseconds(_ item: DeviceFile.Properties.Item) -> Double? {
    let scales = ["ns": 1.0, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9]
    guard let value = item.value, let scale = scales[item.unit ?? ""], value >= 0, (value * scale).isFinite else {
      return nil
    }
    return value * scale
  }
}

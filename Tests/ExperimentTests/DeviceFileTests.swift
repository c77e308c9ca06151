import Ansatz
import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct DeviceFileTests {
  private static let folder = "Tests/ExperimentTests/Devices/"

  @Test func `IBM's files are read, and what is broken is told`() throws {
    let guadalupe = try DeviceFile.device(Repository.path(Self.folder + "props_guadalupe.json"))
    #expect(guadalupe.name == "ibmq_guadalupe" && guadalupe.qubits.count == 16 && guadalupe.pairGate == .cx)
    #expect(guadalupe.couplings.values.reduce(0) { $0 + $1.count } == 32)
    let first = guadalupe.qubits[0]
    #expect(first.readout == .init(oneGivenZero: 0.0058, zeroGivenOne: 0.021399999999999975))
    #expect(first.relaxation.map { abs($0.t1 - 44.8664964) < 1e-6 && abs($0.t2 - 77.065721) < 1e-6 } == true)
    #expect(abs(first.readoutDuration - 5351.11111) < 1e-4)

    let sherbrooke = try DeviceFile.device(Repository.path("sweeps/data/props_sherbrooke.json"))
    #expect(sherbrooke.qubits.count == 127 && sherbrooke.pairGate == .ecr && sherbrooke.repetitionDelay == 250)
    // Nine of 144 couplers are broken.
    #expect(sherbrooke.couplings.values.reduce(0) { $0 + $1.count } == 135)
    #expect(sherbrooke.couplings[8]?[9] == nil)
    let broken = sherbrooke.remarks.first { $0.contains("broken") }
    #expect(
      broken
        == "ibm_sherbrooke: ecr 8–9, ecr 85–84, ecr 16–8, ecr 83–84, ecr 56–57, ecr 56–52 and 3 more has error 1: broken, and not used"
    )
    let placed = try #require(sherbrooke.place(Circuit()))
    #expect(Set(placed.chain).count == 10)
    #expect(
      zip(placed.chain, placed.chain.dropFirst()).allSatisfy {
        sherbrooke.couplings[$0]?[$1] != nil || sherbrooke.couplings[$1]?[$0] != nil
      })
  }

  private static func gates(_ error: String) -> String {
    """
    "gates": [{"gate": "sx", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 0.001}, {"name": "gate_length", "unit": "us", "value": 0.04}]},
      {"gate": "sx", "qubits": [1], "parameters": [{"name": "gate_error", "unit": "", "value": 0.002}]},
      {"gate": "cz", "qubits": [0, 1], "parameters": [{"name": "gate_error", "unit": "", "value": \(error)}]}]
    """
  }

  @Test func `what is missing or impossible gets a sentence`() throws {
    let folder = try TemporaryFolder()
    func device(_ qubits: String, _ error: String = "0.01") throws -> Device {
      try folder.write("{\"backend_name\": \"d\", \"qubits\": [\(qubits)], \(Self.gates(error))}", to: "p.json")
      return try DeviceFile.device(folder("p.json"))
    }
    func t(_ name: String, _ value: Double) -> String {
      "{\"name\": \"\(name)\", \"unit\": \"us\", \"value\": \(value)}"
    }
    let readout = "{\"name\": \"readout_error\", \"unit\": \"\", \"value\": 0.02}"
    let odd = try device("[\(t("T1", 10)), \(t("T2", 25)), \(readout)], [\(t("T1", 12))]")
    #expect(odd.qubits[0].relaxation == .init(t1: 10, t2: 20))
    #expect(odd.qubits[1].relaxation == .init(t1: 12, t2: 24))
    #expect(odd.qubits[0].readout == .init(oneGivenZero: 0.02, zeroGivenOne: 0.02))
    #expect(odd.qubits[0].sx == .init(error: 0.001, duration: 40))
    #expect(
      odd.remarks == [
        "d: qubit 0 has T2 > 2 T1, which no qubit has: T2 = 2 T1 is taken",
        "d: qubit 1 has T1 but no T2: no dephasing beside it is taken",
        "d: qubit 1 has no error of the read-out: none is taken", "d: sx 1, cz 0–1 has no duration: it takes no time",
      ])
    #expect(odd.noise(on: [0, 1]).flaw == nil)
    func t1(_ unit: String) throws -> Double? {
      try device("[\(t("T1", 10).replacing("\"us\"", with: "\"\(unit)\"")), \(t("T2", 12))], []").qubits[0].relaxation?
        .t1
    }
    #expect(try ["ns", "us", "µs", "ms", "s"].map(t1) == [0.01, 10, 10, 1e4, 1e7])
    #expect(try device("[], []", "-0.5").remarks.contains("d: cz 0–1 has an error that is none, and is not used"))
    #expect(try device("[]").remarks.contains("d: sx 1, cz 0–1 is on qubits that the device has not, and is not used"))
  }

  @Test func `what is no device is refused in a sentence`() throws {
    let folder = try TemporaryFolder()
    func refusal(_ text: String) -> String {
      do {
        try folder.write(text, to: "p.json")
        _ = try DeviceFile.device(folder("p.json"))
        return "none"
      } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }
    #expect(refusal("{}") == "p.json: not a device's properties, as IBM publishes them: 'qubits' is missing")
    #expect(refusal(#"{"qubits": [], "gates": []}"#) == "p.json: it has 0 qubits")
    #expect(
      refusal(#"{"qubits": [[]], "gates": []}"#)
        == "p.json: no calibrated gate of two qubits among cx, ecr and cz, which is what CNOTs are made of")
    #expect(
      refusal(#"{"qubits": [[]], "gates": [{"gate": "cx", "qubits": [0, 0], "parameters": []}]}"#)
        == "p.json: no qubit has a calibrated sx, which is what rotations are made of")
    #expect(throws: InputError.self) { try DeviceFile.device(folder("gone.json")) }
    // The configuration of another device.
    try folder.write(#"{"n_qubits": 3}"#, to: "conf_x.json")
    try folder.write("{\"qubits\": [[], []], \(Self.gates("0.1"))}", to: "props_x.json")
    #expect(throws: InputError("\(folder("props_x.json")): 2 qubits, but the configuration has 3: of another device")) {
      try DeviceFile.device(folder("props_x.json"))
    }
  }
}

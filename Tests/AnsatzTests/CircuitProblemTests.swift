import Ansatz
import Foundation
import Testing

@Suite struct CircuitProblemTests {
  static let good = CircuitProblem(
    circuit: Circuit(qubits: 2, cnot: [1], rz: true, repetitions: 2), inputs: [[1, 2], [3, 4]],
    theta: [[5, 6], [9, 10]],
    phi: [[7, 8], [11, 12]], weights: [1, 0])

  @Test func `its angles are numbered as the circuit's`() {
    #expect(Self.good.flaw == nil)
    #expect(Self.good.angles == (5...12).map(Double.init))
    #expect(Self.good.angles[Self.good.circuit.phi(0, repetition: 1)] == 11)
  }

  @Test func `it is read from JSON with the circuit's keys beside its own`() throws {
    let json = """
      {"qubits": 2, "cnot": [1], "rz": true, "repetitions": 2, "order": "interleaved", "ring": false, "x": [[1, 2], [3, 4]],
       "theta": [[5, 6], [9, 10]], "phi": [[7, 8], [11, 12]], "w": [1, 0]}
      """
    #expect(try JSONDecoder().decode(CircuitProblem.self, from: Data(json.utf8)) == Self.good)
  }

  @Test(arguments: [
    (#"{"qubits": 2, "cnot": [1], "rz": true, "repetitions": 2, "y": 1}"#, "unknown key 'y'"),
    (
      #"{"qubits": 2, "cnot": [1], "rz": true, "repetitions": 2, "order": "up"}"#,
      "'up' is neither interleaved nor blocked"
    ),
  ])
  func `what has no meaning is refused`(_ json: String, _ reason: String) throws {
    let error = try #require(throws: DecodingError.self) {
      try JSONDecoder().decode(CircuitProblem.self, from: Data(json.utf8))
    }
    guard case .dataCorrupted(let context) = error else { throw error }
    #expect(context.debugDescription.hasPrefix(reason))
  }

  @Test func `rotations other than the study's have angles by repetition and rotation`() throws {
    let json = """
      {"qubits": 2, "cnot": [1], "rotations": ["z", "x"], "repetitions": 1, "encoding": "y", "input_shift": 1,
       "x": [[1, 2]], "angles": [[[5, 6], [7, 8]]]}
      """
    let problem = try JSONDecoder().decode(CircuitProblem.self, from: Data(json.utf8))
    #expect(problem.flaw == nil && problem.angles == [5, 6, 7, 8])
    #expect(problem.circuit == Circuit(qubits: 2, rotations: [.z, .x], encoding: .y, inputShift: 1))
    func flaw(_ change: (inout CircuitProblem) -> Void) -> String? {
      var changed = problem
      change(&changed)
      return changed.flaw
    }
    #expect(flaw { $0.lists = [] } == "angles: 0 lists; give 1, one per repetition")
    #expect(flaw { $0.lists[0].removeLast() } == "angles[0]: 1 lists; give 2, one per rotation")
    #expect(flaw { $0.lists[0][1] = [1] } == "angles[0][1]: 1 numbers for 2 qubits; give one per qubit")
    #expect(flaw { $0.theta = [[1, 2]] } == "angles: theta and phi are the study's; give either them or angles")
    let both = #"{"qubits": 2, "cnot": [1], "rz": true, "rotations": ["z"], "repetitions": 1}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CircuitProblem.self, from: Data(both.utf8))
    }
  }

  @Test func `what cannot be evaluated says where`() {
    func flaw(_ change: (inout CircuitProblem) -> Void) -> String? {
      var problem = Self.good
      change(&problem)
      return problem.flaw
    }
    #expect(flaw { $0.inputs = [] } == "x: missing; give one list per sample, each of 2 numbers")
    #expect(flaw { $0.inputs[1] = [1] } == "x[1]: 1 numbers for 2 qubits; give one per qubit")
    #expect(flaw { $0.inputs[0][1] = .nan } == "x[0][1]: nan is not a finite number")
    #expect(flaw { $0.inputs[0][1] = 1e60 } == "x[0][1]: 1e+60 is not a finite number")
    #expect(flaw { $0.theta.removeLast() } == "theta: 1 lists; give 2, one per repetition")
    #expect(flaw { $0.phi = [] } == "phi: 0 lists; give 2, one per repetition")
    #expect(flaw { $0.phi[1][0] = .infinity } == "phi[1][0]: inf is not a finite number")
    #expect(flaw { $0.weights = [1] } == "w: 1 numbers for 2 qubits; give one per qubit")
    #expect(flaw { $0.circuit.rz = false } == "phi: the circuit has no RZ; leave phi out")
    #expect(flaw { $0.circuit.cnot = [2] } == "cnot: 2 is not a distance; distances are 1 … 1")
  }
}

import Experiment
import Foundation
import TestSupport
import Testing

/// `circuit` as a user meets it.
///
/// What the numbers are is tested in SimulatorTests and AnsatzTests.
@Suite struct CircuitProgramTests {
  private func circuit(_ arguments: [String], input: String = "") throws -> Programs.Outcome {
    try Programs.run("qcalo-worker", ["circuit"] + arguments, input: input)
  }

  private static let problem =
    #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0.1, 0.2], [0, 0]], "theta": [[0.3, 0.4]], "w": [1, 0]}"#

  private struct Evaluated: Decodable {
    struct Gradients: Decodable {
      var x: [[Double]]
      var theta: [[Double]]
      var phi: [[Double]]
    }
    var expectations: [[Double]]
    var gradients: Gradients?
  }

  @Test(arguments: [("float", 1e-6), ("double", 1e-14)])
  func `evaluate reads a file or the standard input, in either precision`(_ precision: String, _ tolerance: Double)
    throws
  {
    let folder = try TemporaryFolder()
    let outcome = try circuit(["evaluate", "-", "--precision", precision], input: Self.problem)
    #expect(outcome.status == 0)
    #expect(
      outcome.output
        == (try circuit(
          ["evaluate", try folder.write(Self.problem, to: "p.json"), "--precision", precision]).output))
    let found = try JSONDecoder().decode(Evaluated.self, from: Data(outcome.output.utf8))
    let gradients = try #require(found.gradients)
    #expect(abs(found.expectations[0][1] - cos(0.1) * cos(0.3) * cos(0.2) * cos(0.4)) < tolerance)
    #expect(abs(gradients.x[0][0] + sin(0.1) * cos(0.3)) < tolerance)
    #expect(abs(gradients.theta[0][0] + (cos(0.1) + 1) * sin(0.3)) < 2 * tolerance)
    #expect(gradients.phi.isEmpty)
  }

  @Test(arguments: [
    (["evaluate", "-"], #"{"qubits": 2"#, "-: not valid JSON"),
    (["evaluate", "-"], #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "a": 1}"#, "-: unknown key 'a'"),
    (["evaluate", "-"], #"{"qubits": 2, "cnot": [2], "rz": false, "repetitions": 1}"#, "-: cnot: 2 is not a distance"),
    (
      ["evaluate", "-"],
      #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "theta": [[0, 0]], "x": [[1, "nan"]]}"#,
      "-: x[0][1]: nan is not a finite number"
    ),
    (
      ["evaluate", "-"],
      #"{"qubits": 2, "cnot": [1], "rz": true, "repetitions": 1, "theta": [[0.1, 0.2]], "theta" : [[9, 9]]}"#,
      "-: the key 'theta' stands twice"
    ),
    (["evaluate", "-", "--shots", "8", "--trajectories", "5"], problem, "--trajectories are of noise"),
    (["evaluate", "-", "--shots", "8", "--precision", "double"], problem, "--precision double is that of"),
    (["evaluate", "-", "--seed", "5"], problem, "--seed is that of trajectories and shots"),
    (["evaluate", "/no/file"], "", "/no/file: it cannot be read: No such file or directory"),
    (["draw", "ry-foo"], "", "ry-foo: neither a file nor the name of a circuit"),
    (["draw", "--cnot", "12"], "", "cnot: 12 is not a distance; distances are 1 … 9"),
    (["explain", "--readout", "10"], "", "--readout: there is no qubit 10"),
    (["export", "ry-cnot1-x1", "--format", "openqasm3"], "", "there are no angles"),
    (
      ["export", "--checkpoint", "/no/file", "--format", "pennylane"], "",
      "/no/file: it cannot be read: No such file or directory"
    ),
  ])
  func `bad input gets a sentence and its exit code`(_ arguments: [String], _ input: String, _ sentence: String) throws
  {
    let outcome = try circuit(arguments, input: input)
    #expect(outcome.status == ProgramEnd.badInput.rawValue)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `draw and explain take a name or options`() throws {
    let named = try circuit(["draw", "ry-cnot12-x2-q4-ring"])
    let described = try circuit(["draw", "--qubits", "4", "--cnot", "1,2", "--no-rz", "--repetitions", "2", "--ring"])
    #expect(named.status == 0 && named.output == described.output)
    let explained = try circuit(["explain", "ry-rz-cnot1-x1"])
    #expect(explained.output.contains("same as     ry-cnot1-x1: RZ is inert"))
    let json = try circuit(["explain", "ry-rz-cnot1-x2", "--samples", "5", "--format", "json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["effectiveAngleCount"] as? Int == 30)
  }

  @Test func `export takes angles from a file of their own and inputs that begin with a minus`() throws {
    let folder = try TemporaryFolder()
    let angles = try folder.write(#"{"theta": [[0.5, 0.25]]}"#, to: "angles.json")
    let outcome = try circuit(
      ["export", "ry-cnot1-x1-q2", "--angles", angles, "--format", "openqasm2", "--inputs", "-1,2"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("rx(-1.0) q[0];\nrx(2.0) q[1];\nry(0.5) q[0];\nry(0.25) q[1];\ncx q[0], q[1];"))
  }
}

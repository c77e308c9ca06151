import Ansatz
import Simulator
import Testing

@Suite struct CircuitEvaluationTests {
  static let problem = CircuitProblem(
    circuit: Circuit(qubits: 3, cnot: [1], rz: true, repetitions: 2, reupload: true),
    inputs: [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], theta: [[1, 2, 3], [4, 5, 6]], phi: [[7, 8, 9], [1, 3, 5]],
    weights: [1, 0.5, -1])

  @Test func `gradients are summed over samples and listed by repetition`() throws {
    let (problem, circuit) = (Self.problem, Self.problem.circuit)
    let found = CircuitEvaluation<Double>(problem)
    let gradients = try #require(found.gradients)
    let simulator = ReferenceSimulator<Double>(circuit)
    let samples = problem.inputs.map {
      simulator.gradients(inputs: $0, angles: problem.angles, weights: problem.weights ?? [])
    }
    for qubit in 0..<3 {
      for repetition in 0..<2 {
        let (theta, phi) = (circuit.theta(qubit, repetition: repetition), circuit.phi(qubit, repetition: repetition))
        #expect(gradients.theta[repetition][qubit] == samples[0].angles[theta] + samples[1].angles[theta])
        #expect(gradients.phi[repetition][qubit] == samples[0].angles[phi] + samples[1].angles[phi])
      }
      #expect(gradients.x[1][qubit] == samples[1].inputs[qubit])
    }
  }

  @Test func `both precisions agree`() throws {
    let (single, double) = (CircuitEvaluation<Float>(Self.problem), CircuitEvaluation<Double>(Self.problem))
    for sample in 0..<2 {
      expectClose(single.expectations[sample].map(Double.init), double.expectations[sample], 1e-6)
      expectClose(
        try #require(single.gradients).x[sample].map(Double.init), try #require(double.gradients).x[sample], 1e-6)
    }
    for repetition in 0..<2 {
      expectClose(
        try #require(single.gradients).phi[repetition].map(Double.init), try #require(double.gradients).phi[repetition],
        2e-6)
    }
  }

  @Test func `rotations other than the study's have their gradients by repetition and rotation`() throws {
    let circuit = Circuit(qubits: 2, cnot: [1], repetitions: 2, rotations: [.z, .y, .x], encoding: .y)
    let lists: [[[Double]]] = [[[1, 2], [3, 4], [5, 6]], [[0, 1], [2, 1], [4, 2]]]
    let problem = CircuitProblem(circuit: circuit, inputs: [[0.1, 0.2]], theta: [], lists: lists, weights: [1, 2])
    #expect(problem.flaw == nil)
    let gradients = try #require(CircuitEvaluation<Double>(problem).gradients)
    let known = ReferenceSimulator<Double>(circuit).gradients(
      inputs: [0.1, 0.2], angles: problem.angles, weights: [1, 2])
    #expect(gradients.theta.isEmpty && gradients.phi.isEmpty)
    #expect(gradients.angles?[1][2][0] == known.angles[circuit.angle(0, rotation: 2, repetition: 1)])
    #expect(gradients.angles?.joined().joined().count == 12)
  }

  @Test func `without weights there are no gradients`() {
    var problem = Self.problem
    problem.weights = nil
    #expect(CircuitEvaluation<Float>(problem).gradients == nil)
    #expect(CircuitEvaluation<Double>(problem).gradients == nil)
  }

  @Test func `without RZ the list of its gradients is empty`() throws {
    var problem = Self.problem
    (problem.circuit.rz, problem.phi) = (false, [])
    #expect(try #require(CircuitEvaluation<Float>(problem).gradients).phi.isEmpty)
  }
}

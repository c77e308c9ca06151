import Ansatz
import Testing

@Suite struct CircuitAnalysisTests {
  @Test(arguments: [
    ([1], ["0", "01", "012", "0123", "01234", "012345", "0123456", "01234567", "012345678", "0123456789"]),
    ([1, 2], ["0", "01", "12", "023", "0134", "1245", "02356", "013467", "124578", "0235689"]),
    ([1, 2, 3], ["0", "01", "12", "23", "034", "0145", "1256", "2367", "03478", "014589"]),
    ([1, 2, 3, 4], ["0", "01", "12", "23", "34", "045", "0156", "1267", "2378", "3489"]),
  ])
  func `one repetition has the closed forms of the study`(_ cnot: [Int], _ sets: [String]) throws {
    let analysis = CircuitAnalysis(Circuit(cnot: cnot))
    #expect(try #require(analysis.closedForms).map { $0.map(String.init).joined() } == sets)
    #expect(analysis.lightCones == analysis.closedForms)
  }

  @Test(arguments: [1, 2, 3])
  func `the RZ of the last repetition is inert, and nothing else`(_ repetitions: Int) {
    let circuit = Circuit(cnot: [1, 2], rz: true, repetitions: repetitions)
    let analysis = CircuitAnalysis(circuit)
    #expect(analysis.inert.map(\.angle) == (0..<10).map { circuit.phi($0, repetition: repetitions - 1) })
    #expect(analysis.inert.allSatisfy { $0.reason == .diagonalBeforeReadout && $0.symbol == "φ" })
    #expect(analysis.effectiveAngleCount == 20 * repetitions - 10)
    #expect((analysis.closedForms == nil) == (repetitions > 1))
  }

  @Test func `reading one qubit leaves the others' angles outside its light cone`() {
    let circuit = Circuit(qubits: 4, cnot: [1], rz: false)
    let analysis = CircuitAnalysis(circuit, readout: [1])
    #expect(analysis.lightCones == [[0, 1]])
    #expect(analysis.inert.map(\.qubit) == [2, 3])
    #expect(analysis.inert.allSatisfy { $0.reason == .outsideLightCone })
    #expect(analysis.unreadInputs == [2, 3])
    // Every repetition more widens the cone: the first qubit's X has spread to the second.
    let twice = CircuitAnalysis(Circuit(qubits: 4, cnot: [1], rz: false, repetitions: 2), readout: [0])
    #expect(twice.lightCones == [[0, 1]])
  }

  @Test func `without CNOTs, repeated rotations of a qubit are redundant`() {
    #expect(CircuitAnalysis(Circuit(qubits: 3, cnot: [], rz: false, repetitions: 3)).effectiveAngleCount == 3)
    #expect(CircuitAnalysis(Circuit(qubits: 3, cnot: [], rz: true, repetitions: 3)).effectiveAngleCount == 9)
    // Encoded again in between, they are not.
    #expect(
      CircuitAnalysis(Circuit(qubits: 3, cnot: [], rz: false, repetitions: 3, reupload: true)).effectiveAngleCount == 9)
  }

  @Test func `depth and number of CNOTs`() {
    #expect(Circuit(qubits: 4, cnot: [1], rz: true).depth == 6)
    #expect(Circuit(qubits: 4, cnot: [1], rz: true, repetitions: 2).cnotCount == 6)
    #expect(Circuit(qubits: 4, cnot: [2], rz: false).cnotDepth == 1)
    #expect(Circuit(qubits: 4, cnot: [], rz: true, repetitions: 2).depth == 5)
  }
}

@Suite struct CircuitFamiliesTests {
  /// Table, RZ, CNOT distances, repetitions of the slides' eleven quantum generators with one energy and more.
  static let slides: [(rz: Bool, cnot: [Int], repetitions: Int)] = [
    (false, [1], 1), (false, [1, 2], 1), (true, [1], 1), (true, [1, 2], 1), (true, [1], 1), (true, [1, 2], 1),
    (true, [1, 2, 3], 1), (true, [1, 2, 3, 4], 1), (true, [1], 2), (true, [1], 3),
  ]

  @Test func `of the slides' first table, models 1 and 3, and 2 and 4, are the same`() {
    let circuits = Self.slides.map { Circuit(cnot: $0.cnot, rz: $0.rz, repetitions: $0.repetitions) }
    #expect(CircuitFamilies.group(circuits) == [[0, 2, 4], [1, 3, 5], [6], [7], [8], [9]])
    #expect(CircuitFamilies.reason(circuits[0], circuits[2]) == "RZ is inert")
  }

  @Test func `the order of the CNOTs matters only with several distances`() {
    func families(_ cnot: [Int]) -> [[Int]] {
      CircuitFamilies.group([Circuit(cnot: cnot), Circuit(cnot: cnot, order: .blocked)])
    }
    #expect(families([1]) == [[0, 1]])
    #expect(families([1, 2]) == [[0], [1]])
  }

  @Test func `without RZ is contained in with RZ, from two repetitions on`() {
    let (without, with) = (Circuit(rz: false, repetitions: 2), Circuit(rz: true, repetitions: 2))
    #expect(CircuitFamilies.containers([without, with]) == [[1], []])
  }

  @Test func `without CNOTs, repetitions stop adding anything`() {
    func circuit(_ rz: Bool, _ repetitions: Int) -> Circuit {
      Circuit(qubits: 4, cnot: [], rz: rz, repetitions: repetitions)
    }
    let circuits = [circuit(false, 1), circuit(true, 1), circuit(false, 3), circuit(true, 2), circuit(true, 5)]
    #expect(CircuitFamilies.group(circuits) == [[0, 1, 2], [3, 4]])
    #expect(CircuitFamilies.containers([circuits[0], circuits[3]]) == [[1], []])
    #expect(CircuitFamilies.reason(circuits[0], circuits[2]) == "without CNOTs, later repetitions add nothing")
  }

  @Test func `one repetition of the doubled CNOTs is contained in two repetitions`() {
    // Three qubits in a chain: twice the CNOTs is one CNOT of distance 2.
    let (once, twice) = (
      Circuit(qubits: 3, cnot: [2], rz: false), Circuit(qubits: 3, cnot: [1], rz: false, repetitions: 2)
    )
    #expect(CircuitFamilies.containers([once, twice]) == [[1], []])
  }

  @Test func `the circuits that contain a circuit are found among many`() {
    let circuits = [
      Circuit(rz: false, repetitions: 2), Circuit(rz: true, repetitions: 2), Circuit(rz: true), Circuit(rz: false),
      Circuit(qubits: 3, cnot: [2], rz: false), Circuit(qubits: 3, cnot: [1], rz: false, repetitions: 2),
    ]
    #expect(CircuitFamilies.containers(circuits) == [[1], [], [], [], [5], []])
  }

  @Test func `what is read decides what is the same`() {
    let (one, other) = (Circuit(qubits: 4, cnot: [1], rz: false), Circuit(qubits: 4, cnot: [1, 3], rz: false))
    #expect(CircuitFamilies.group([one, other]) == [[0], [1]])
    #expect(CircuitFamilies.group([one, other], readouts: [[0, 1], [0, 1]]) == [[0, 1]])
    #expect(CircuitFamilies.reason(one, other) == "the CNOTs differ only where nothing is read")
  }

  @Test func `the full template has forty families, and its other readings many more`() {
    let cnots = [[1], [1, 2], [1, 3], [1, 4], [1, 2, 3], [1, 2, 4], [1, 3, 4], [1, 2, 3, 4]]
    func template(_ orders: [Circuit.Order], _ rings: [Bool], _ reuploads: [Bool]) -> [Circuit] {
      (1...3).flatMap { repetitions in
        [false, true].flatMap { rz in
          cnots.flatMap { cnot in
            orders.flatMap { order in
              rings.flatMap { ring in
                reuploads.map { reupload in
                  Circuit(cnot: cnot, rz: rz, repetitions: repetitions, order: order, ring: ring, reupload: reupload)
                }
              }
            }
          }
        }
      }
    }
    let slides = template([.interleaved], [false], [false])
    #expect(slides.count == 48)
    // With one repetition RZ is inert: eight of the sixteen are new.
    #expect(CircuitFamilies.group(slides).count == 8 + 16 + 16)
    let all = template(Circuit.Order.allCases, [false, true], [false, true])
    #expect(all.count == 384)
    let families = CircuitFamilies.group(all)
    #expect(families.flatMap(\.self).sorted() == Array(all.indices))
    // Some orders amount to the same CNOTs, such as those of +1 alone; with one repetition, RZ and re-uploading are
    // nothing.
    let maps = Set(all.map(\.parityMap)).count
    #expect(maps == 28)
    #expect(families.count == maps + 4 * maps + 4 * maps)
  }
}

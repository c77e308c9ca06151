import Ansatz
import Experiment
import Foundation
import Testing

@Suite struct CouplingSettingsTests {
  @Test func `a coupling model's identity has its own keys and the interval alone`() {
    let usual = Variant(coupling: .init())
    #expect(usual.canonical == "coupling, hidden 4" && usual.name == "coupling-4")
    let circuit = Circuit(qubits: 8, cnot: [1], repetitions: 3, ring: true)
    let other = Variant(coupling: .init(blocks: 6, circuit: circuit, batchSize: 50))
    #expect(
      other.canonical
        == "coupling, circuit(qubits 8, cnot [1], rz true, repetitions 3, ring), blocks 6, batch 50")
    #expect(other.name == "coupling-ry-rz-cnot1-x3-q8-ring-blocks6-batch50")
    #expect(other.circuit == circuit && usual.circuit == nil && other.angleCount == 6 * 48)
    #expect(usual.kind == .coupling && Variant().kind == .gan && Variant(parametric: .init()).kind == .parametric)
  }

  @Test func `a variant without it reads and writes as before`() throws {
    #expect(!String(decoding: try CanonicalJSON.data(Variant()), as: UTF8.self).contains("coupling"))
    let usual = Variant(coupling: .init(blocks: 3))
    let again: Variant = try CanonicalJSON.value(from: CanonicalJSON.data(usual))
    #expect(again == usual && again.coupling?.blocks == 3)
  }

  @Test func `every number is changed by some blocks and left by as many`() {
    for numbers in 2...9 {
      let shape = CouplingShape(numbers: numbers, conditions: 1)
      for block in 0..<20 {
        let (active, passive) = (shape.active(in: block), shape.passive(in: block))
        #expect(Set(active + passive) == Set(0..<numbers) && active.count + passive.count == numbers)
        #expect(shape.inputs(of: block) == passive.count + 1 && 2 * active.count <= shape.outputs)
        if block % 2 == 1 { #expect(active == shape.passive(in: block - 1)) }
      }
      #expect((0..<2 * numbers).filter { shape.active(in: $0).contains(0) }.count == numbers)
    }
  }

  @Test func `circuit and Dense have about as many numbers`() {
    let circuit = Circuit(qubits: 8, cnot: [1], repetitions: 3, ring: true, reupload: true)
    let (quantum, dense) = (CouplingSettings(circuit: circuit), CouplingSettings())
    // Of one energy a block has four inputs and eight outputs, of several one input more.
    let (turned, stacked): (Int, Int) = (16 + 48 + 16, 4 * 4 + 4 + 4 * 8 + 8 + 16)
    #expect(quantum.parameterCount(layers: 7, energies: 1) + quantum.angleCount == 8 * turned)
    #expect(dense.parameterCount(layers: 7, energies: 1) == 8 * stacked)
    #expect(
      dense.parameterCount(layers: 7, energies: 3) == quantum.parameterCount(layers: 7, energies: 3)
        + quantum.angleCount)
    #expect(Variant(coupling: dense).generatorParameters(voxels: 533, energies: 1, geometry: .datasetOnePions) == 608)
    #expect(Variant(coupling: dense).discriminatorParameters(voxels: 533) == 0)
  }

  @Test func `what cannot be trained is refused with the key`() throws {
    #expect(CouplingSettings().flaw == nil)
    #expect(CouplingSettings(blocks: 0).flaw == "blocks: 0 is not in 1 … 64")
    #expect(CouplingSettings(hidden: 0).flaw == "hidden: 0 is not in 1 … 16384")
    #expect(CouplingSettings(batchSize: 0).flaw == "batch_size: 0 is not in 1 … 4096")
    #expect(CouplingSettings(learningRate: 0).flaw?.hasPrefix("learning_rate: 0.0 is not in ") == true)
    #expect(CouplingSettings(circuit: Circuit(repetitions: 0)).flaw == "repetitions: 0 is not in 1 … 64")
    #expect(CouplingSettings(circuit: Circuit(qubits: 8)).flaw(layers: 7) == nil)
    #expect(
      CouplingSettings(circuit: Circuit(qubits: 8)).flaw(layers: 8)
        == "circuit.qubits: 8 read-outs are too few for scale and shift of half of 9 numbers; 10 are needed")
    var both = Variant(coupling: .init())
    both.generator.hidden = [5]
    #expect(both.flaw == "coupling: a coupling model has no other networks")
    func refusal(events: Int) throws -> String {
      let dataset = DatasetDescription(
        path: "a.hdf5", sha256: String(repeating: "0", count: 64), energies: [4096], eventsPerEnergy: events,
        voxels: 533)
      let job = JobDescription(
        variant: Variant(coupling: .init()), settings: .init(), seed: 1, dataset: dataset,
        budget: Budget(checkpoints: 1))
      do {
        _ = try JobDescription(json: CanonicalJSON.data(job), from: "job.json")
        return ""
      } catch let error as InputError { return error.description }
    }
    #expect(try refusal(events: 10) == "")
    #expect(
      try refusal(events: 9)
        == "job.json: dataset: 9 events of each energy are fewer than the 10 that a coupling model takes")
  }
}

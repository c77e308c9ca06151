import Ansatz
import CKernels
import Glibc
import Storage

/// Draws of the bit strings of a circuit's trajectories.
///
/// A string stands for what it was before the last CNOTs, which only say whose parities are read.
final class ShotSampler {
  private let simulator: CircuitSimulator
  private let size: Int
  /// What turns read-outs round, as a string before the last CNOTs.
  private let undoing: ParityMap
  private let chances: AlignedFloats
  private var cumulative: [Double]
  /// The string of which a draw is no less, for each of as many equal parts of the whole.
  private var guide: [Int32]
  private let counts: AlignedFloats
  private let sums: AlignedFloats
  private let each: [UInt32]

  init(_ simulator: CircuitSimulator) {
    self.simulator = simulator
    size = 1 << simulator.wires
    undoing = ParityMap(undoing: simulator.circuit.cnots, qubits: simulator.circuit.qubits)
    chances = AlignedFloats(count: size)
    counts = AlignedFloats(count: size)
    sums = AlignedFloats(count: size)
    cumulative = Array(repeating: 0, count: size)
    guide = Array(repeating: 0, count: size)
    each = (0..<UInt32(size)).map { $0 }
  }

  /// Begins another sample.
  func clear() { chances.pointer.update(repeating: 0, count: size) }

  /// Adds a trajectory's strings: of its state, by the signs of the simulator's current sample.
  func add(_ state: UnsafePointer<Float>, share: Float) {
    let flip = Int(undoing(simulator.readoutSigns))
    let (re, im, to) = (state, state + size, chances.pointer)
    for place in 0..<size {
      let from = place ^ flip
      to[place] += share * (re[from] * re[from] + im[from] * im[from])
    }
  }

  /// The chance of each string, after the last CNOTs.
  var strings: [Double] {
    let circuit = simulator.circuit
    let after = circuit.parityMap
    var chances = [Double](repeating: 0, count: 1 << circuit.qubits)
    for place in chances.indices { chances[Int(after(UInt32(place)))] = Double(self.chances.pointer[place]) }
    return chances
  }

  /// Draws so many strings.
  func draw(_ shots: Int, _ random: inout SplitMix64) {
    let (size, chances, counts) = (size, chances.pointer, counts.pointer)
    counts.update(repeating: 0, count: size)
    random = cumulative.withUnsafeMutableBufferPointer { cumulative in
      guide.withUnsafeMutableBufferPointer { [random] guide in
        var random = random
        var sum = 0.0
        for place in 0..<size {
          sum += Double(chances[place])
          cumulative[place] = sum
        }
        let scale = Double(size) / sum
        var next = 0
        for part in 0..<size {
          while next < size - 1, cumulative[next] * scale <= Double(part) { next += 1 }
          guide[part] = Int32(truncatingIfNeeded: next)
        }
        for _ in 0..<shots {
          let reached = random.unit() * sum
          var place = Int(guide[min(Int(reached * scale), size - 1)])
          while cumulative[place] <= reached, place < size - 1 { place += 1 }
          counts[place] += 1
        }
        return random
      }
    }
  }

  /// ⟨Z_i⟩ of the strings that were drawn, through the read-out.
  func read(
    _ shots: Int, _ readout: [NoiseModel.Readout], _ random: inout SplitMix64,
    _ expectations: UnsafeMutablePointer<Float>
  ) {
    // The sums of all parities: the counts' Walsh–Hadamard transform.
    simulator.kernels.observable(UInt32(simulator.wires), each, UInt32(size), counts.pointer, sums.pointer)
    for (qubit, confusion) in readout.enumerated() {
      var ones = (shots - Int(sums.pointer[Int(simulator.masks[qubit])])) / 2
      // Whether one bit is confused does not depend on another.
      let lost = Self.binomial(ones, confusion.zeroGivenOne, &random)
      let gained = Self.binomial(shots - ones, confusion.oneGivenZero, &random)
      ones += gained - lost
      expectations[qubit] = Float(1 - 2 * Double(ones) / Double(shots))
    }
  }

  /// How many of so many have what has a chance p each.
  private static func binomial(_ count: Int, _ p: Double, _ random: inout SplitMix64) -> Int {
    if p <= 0 { return 0 }
    if p > 0.5 { return count - binomial(count, 1 - p, &random) }
    // From one that has it to the next.
    let scale = 1 / log1p(-p)
    var (found, place) = (0, 0.0)
    while true {
      place += 1 + (log1p(-random.unit()) * scale).rounded(.down)
      if place > Double(count) { return found }
      found += 1
    }
  }
}

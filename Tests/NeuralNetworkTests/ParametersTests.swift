import NeuralNetwork
import Testing

@Suite struct ParametersTests {
  @Test func `slices come back element by element, whatever their layout`() {
    let parameters = Parameters()
    let kernel = parameters.kernel("k", inputs: 7, outputs: 75)
    let vector = parameters.vector("v", shape: [2, 3])
    let next = parameters.vector("w", shape: [5])
    parameters.set(kernel, to: (0..<7 * 75).map(Float.init), in: parameters.values)
    parameters.set(vector, to: (0..<6).map { Float($0) + 0.5 }, in: parameters.values)
    #expect(parameters.elements(of: kernel, in: parameters.values) == (0..<7 * 75).map(Float.init))
    #expect(parameters.elements(of: vector, in: parameters.values) == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
    #expect(parameters.elements(of: next, in: parameters.values) == [0, 0, 0, 0, 0])
    #expect(Set((0..<kernel.count).map(kernel.position)).count == kernel.count, "no two share a place")
  }

  @Test(arguments: [0, 1, 16, 1 << 19, 1 << 19 + 1, 3 << 19])
  func `a buffer is of zeros, and begins on a huge page where it fills one`(count: Int) {
    for _ in 0..<3 {
      let buffer = AlignedBuffer(count: count)
      #expect(UInt(bitPattern: buffer.pointer) % (count < 1 << 19 ? 64 : 2 << 20) == 0)
      #expect((0..<count).allSatisfy { buffer.pointer[$0] == 0 })
      for i in 0..<count { buffer.pointer[i] = 1 }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `one number that is not finite is noticed, of the parameters and of the moments`(bad: Float) {
    let parameters = Parameters()
    let kernel = parameters.kernel("k", inputs: 7, outputs: 75)
    for buffer in [parameters.values, parameters.m, parameters.v] {
      #expect(parameters.isFinite)
      buffer[kernel.position(300)] = bad
      #expect(!parameters.isFinite)
      buffer[kernel.position(300)] = .greatestFiniteMagnitude
    }
    #expect(parameters.isFinite)
  }
}

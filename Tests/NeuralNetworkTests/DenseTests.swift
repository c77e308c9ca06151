import CKernels
import NeuralNetwork
import Testing

/// Numbers in (-1, 1) that depend on nothing but the seed.
private struct Draw {
  var state: UInt64
  mutating func callAsFunction() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
  }
}

/// A layer with drawn parameters, inputs and errors, and the obvious sums to compare with.
private final class Bench {
  let (inputs, outputs, rows): (Int, Int, Int)
  let parameters = Parameters()
  let dense: Dense
  let (x, e, y, dx): (Rows, Rows, Rows, Rows)

  init(inputs: Int, outputs: Int, rows: Int) {
    (self.inputs, self.outputs, self.rows) = (inputs, outputs, rows)
    dense = Dense("layer", inputs: inputs, outputs: outputs, in: parameters, team: Team())
    x = Rows(rows: rows, columns: inputs)
    dx = Rows(rows: rows, columns: inputs)
    e = Rows(rows: rows, columns: outputs)
    y = Rows(rows: rows, columns: outputs)
    var draw = Draw(state: UInt64(inputs * 1000 + outputs * 10 + rows))
    parameters.set(dense.kernel, to: (0..<inputs * outputs).map { _ in draw() }, in: parameters.values)
    parameters.set(dense.bias, to: (0..<outputs).map { _ in draw() }, in: parameters.values)
    for row in 0..<rows {
      for i in 0..<inputs { x[row][i] = draw() }
      for o in 0..<outputs { e[row][o] = draw() }
    }
  }

  func weight(_ i: Int, _ o: Int) -> Double {
    Double(parameters.values[dense.kernel.position(i * outputs + o)])
  }

  /// Σ_rows x_i e_o.
  func gradient(_ i: Int, _ o: Int) -> Double { (0..<rows).reduce(0) { $0 + Double(x[$1][i]) * Double(e[$1][o]) } }
}

/// Shapes with every kind of remainder: of panels, of vectors, of blocks of inputs.
private let shapes = [
  (1, 1), (3, 2), (10, 50), (13, 17), (50, 200), (7, 33), (16, 16), (33, 48), (200, 533), (534, 80),
]
private let cases = shapes.flatMap { shape in [1, 4, 9, 10, 23, 30].map { (shape.0, shape.1, $0) } }

@Suite struct DenseTests {
  @Test(arguments: cases)
  func `forward is the sum of inputs times weights plus the bias`(inputs: Int, outputs: Int, rows: Int) {
    let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
    for relu in [false, true] {
      bench.dense.forward(bench.x, bench.y, rows: 0..<rows, parameters: bench.parameters, relu: relu)
      for row in 0..<rows {
        for o in 0..<outputs {
          var sum = Double(bench.parameters.values[bench.dense.bias.position(o)])
          for i in 0..<inputs { sum += Double(bench.x[row][i]) * bench.weight(i, o) }
          #expect(abs(Double(bench.y[row][o]) - (relu ? max(0, sum) : sum)) < 2e-7 * Double(inputs + 10))
        }
        for o in outputs..<bench.y.stride { #expect(bench.y[row][o] == 0, "padding stays zero") }
      }
    }
  }

  @Test(arguments: [40, 150], [false, true])
  func `a mask passes where it is above zero, and may be the output itself`(inputs: Int, sparse: Bool) {
    let bench = Bench(inputs: inputs, outputs: 50, rows: 10)
    if sparse { makeSparse(bench.x, singly: true) }
    let plain = Rows(rows: 10, columns: 50)
    bench.dense.forward(bench.x, plain, rows: 0..<10, parameters: bench.parameters, relu: false, biased: false)
    for row in 0..<10 { bench.y[row].update(from: bench.e[row], count: 50) }
    bench.dense.forward(
      bench.x, bench.y, rows: 0..<10, parameters: bench.parameters, relu: false, biased: false, mask: bench.y)
    for row in 0..<10 {
      for o in 0..<50 { #expect(bench.y[row][o] == (bench.e[row][o] > 0 ? plain[row][o] : 0)) }
    }
  }

  @Test(arguments: cases)
  func `backward is the sum of errors times weights`(inputs: Int, outputs: Int, rows: Int) {
    let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
    for masked in [false, true] {
      bench.dense.backward(
        bench.e, bench.dx, rows: 0..<rows, parameters: bench.parameters, mask: masked ? bench.x : nil)
      for row in 0..<rows {
        for i in 0..<inputs {
          var sum = 0.0
          for o in 0..<outputs { sum += Double(bench.e[row][o]) * bench.weight(i, o) }
          #expect(abs(Double(bench.dx[row][i]) - (masked && bench.x[row][i] <= 0 ? 0 : sum)) < 2e-5)
        }
      }
    }
  }

  @Test(arguments: cases)
  func `the gradient is added to a flat buffer`(inputs: Int, outputs: Int, rows: Int) {
    let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
    let gradients = AlignedBuffer(count: bench.parameters.storage)
    for i in 0..<gradients.count { gradients.pointer[i] = 1 }
    let scratch = AlignedBuffer(count: 1024)
    _ = bench.dense.use(
      bench.x, bench.e, rows: 0..<rows, biasRows: 0..<min(rows, 3), parameters: bench.parameters,
      as: .add(gradients.pointer), scratch: scratch.pointer, norm: false)
    for i in 0..<inputs {
      for o in 0..<outputs {
        let found = Double(gradients.pointer[bench.dense.kernel.position(i * outputs + o)]) - 1
        #expect(abs(found - bench.gradient(i, o)) < 2e-5)
      }
    }
    for o in 0..<outputs {
      let expected = (0..<min(rows, 3)).reduce(0) { $0 + Double(bench.e[$1][o]) }
      #expect(abs(Double(gradients.pointer[bench.dense.bias.position(o)]) - 1 - expected) < 1e-5)
    }
  }

  @Test(arguments: [(13, 17, 4), (50, 200, 10), (534, 80, 30)])
  func `three steps of Adam follow Keras' formula`(inputs: Int, outputs: Int, rows: Int) {
    let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
    let scratch = AlignedBuffer(count: 1024)
    let kernel = bench.dense.kernel
    var (w, m, v) = (
      [Double](), [Double](repeating: 0, count: kernel.count), [Double](repeating: 0, count: kernel.count)
    )
    w = bench.parameters.elements(of: kernel, in: bench.parameters.values).map(Double.init)
    var square = 0.0
    for step in 1...3 {
      let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: step)
      square = bench.dense.use(
        bench.x, bench.e, rows: 0..<rows, biasRows: 0..<0, parameters: bench.parameters, as: .step(adam),
        scratch: scratch.pointer, norm: true)
      var (beta1, beta2) = (1.0, 1.0)
      for _ in 0..<step { (beta1, beta2) = (beta1 * 0.5, beta2 * 0.999) }
      let rate = 1e-3 * (1 - beta2).squareRoot() / (1 - beta1)
      for index in 0..<kernel.count {
        let g = bench.gradient(index / outputs, index % outputs)
        m[index] = 0.5 * m[index] + 0.5 * g
        v[index] = 0.999 * v[index] + 0.001 * g * g
        w[index] -= rate * m[index] / (v[index].squareRoot() + 1e-7)
      }
    }
    let found = bench.parameters.elements(of: kernel, in: bench.parameters.values)
    for index in 0..<kernel.count { #expect(abs(Double(found[index]) - w[index]) < 1e-6) }
    let expected = (0..<kernel.count).reduce(0.0) {
      let g = bench.gradient($1 / outputs, $1 % outputs)
      return $0 + g * g
    }
    #expect(abs(square / expected - 1) < 1e-5)
    for o in 0..<outputs where o % 7 == 0 {
      #expect(bench.parameters.m[bench.dense.bias.position(o)] == 0, "no rows, no gradient of the bias")
    }
  }

  @Test func `a parameter that never had a gradient stays where it is`() {
    let bench = Bench(inputs: 16, outputs: 16, rows: 2)
    let before = bench.parameters.elements(of: bench.dense.kernel, in: bench.parameters.values)
    for row in 0..<2 { for i in 0..<16 { bench.x[row][i] = 0 } }
    let scratch = AlignedBuffer(count: 16)
    let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: 1)
    _ = bench.dense.use(
      bench.x, bench.e, rows: 0..<2, biasRows: 0..<2, parameters: bench.parameters, as: .step(adam),
      scratch: scratch.pointer, norm: false)
    #expect(bench.parameters.elements(of: bench.dense.kernel, in: bench.parameters.values) == before)
  }

  #if arch(x86_64)
    @Test func `numbers too small to be normal count as zero, in the products and Adam alone`() {
      let bench = Bench(inputs: 16, outputs: 16, rows: 1)
      let tiny = Float.leastNormalMagnitude / 4
      let (rows, scratch) = (0..<1, AlignedBuffer(count: 16))
      for i in 0..<16 { (bench.x[0][i], bench.e[0][i]) = (tiny, tiny) }
      bench.dense.forward(bench.x, bench.y, rows: rows, parameters: bench.parameters, relu: false, biased: false)
      bench.dense.backward(bench.e, bench.dx, rows: rows, parameters: bench.parameters)
      let moments = [bench.parameters.m, bench.parameters.v]
      for moment in moments {
        let smallest = [Float](repeating: .leastNormalMagnitude, count: 256)
        bench.parameters.set(bench.dense.kernel, to: smallest, in: moment)
      }
      let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.5, epsilon: 1e-7, step: 1)
      _ = bench.dense.use(
        bench.x, bench.e, rows: rows, biasRows: 0..<0, parameters: bench.parameters, as: .step(adam),
        scratch: scratch.pointer, norm: false)
      for i in 0..<16 {
        #expect(bench.y[0][i] == 0 && bench.dx[0][i] == 0)
        for moment in moments { #expect(moment[bench.dense.kernel.position(i)] == 0) }
        #expect(bench.x[0][i] / 2 > 0, "elsewhere they are what they are")
      }
    }
  #endif

  /// Zeros: in ten rows at once, as generated voxels are (in the second ten most of them, some all but the last of the
  /// ten, in the third every third, in the first none), or singly, as hidden neurons are, in half of each row.
  private func makeSparse(_ x: Rows, singly: Bool = false) {
    for row in 0..<x.rows {
      for i in 0..<x.columns {
        let isZero =
          singly
          ? (i * 7919 + row * 104_729) % 1009 < 505
          : row / 10 == 1 && i % 5 != 0 && !(row == 19 && i % 5 == 2) || row / 10 == 2 && i % 3 == 1
        if isZero { x[row][i] = i % 2 == 0 ? 0 : -0.0 }
      }
    }
  }

  @Test(
    arguments: [(13, 17, 20), (50, 40, 30), (534, 80, 30), (61, 150, 27), (130, 64, 61), (3, 32, 11)], [false, true])
  func `what is zero is left out without a bit's difference`(shape: (Int, Int, Int), singly: Bool) {
    let (inputs, outputs, rows) = shape
    let (bench, other) = (
      Bench(inputs: inputs, outputs: outputs, rows: rows), Bench(inputs: inputs, outputs: outputs, rows: rows)
    )
    let scratch = AlignedBuffer(count: 1024)
    makeSparse(bench.x, singly: singly)
    for row in 0..<rows { other.x[row].update(from: bench.x[row], count: inputs) }
    // The sum of squares asks for the gradient as it is, all rows and inputs in their order.
    for step in 1...3 {
      let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: step)
      for (bench, norm) in [(bench, false), (other, true)] {
        _ = bench.dense.use(
          bench.x, bench.e, rows: 0..<rows, biasRows: 0..<rows, parameters: bench.parameters, as: .step(adam),
          scratch: scratch.pointer, norm: norm)
      }
    }
    for i in 0..<bench.dense.kernel.count {
      let at = bench.dense.kernel.position(i)
      #expect(bench.parameters.values[at].bitPattern == other.parameters.values[at].bitPattern)
      #expect(bench.parameters.m[at] == other.parameters.m[at])
      #expect(bench.parameters.v[at] == other.parameters.v[at])
    }

    // Every second row nowhere zero, and all inputs count again; the other rows are to stay as they are.
    for row in stride(from: 1, to: rows, by: 2) {
      for i in 0..<inputs { other.x[row][i] = 1 }
    }
    for bench in [bench, other] {
      bench.dense.forward(bench.x, bench.y, rows: 0..<rows, parameters: bench.parameters, relu: false)
      bench.dense.backward(bench.e, bench.dx, rows: 0..<rows, parameters: bench.parameters, mask: bench.x)
    }
    for row in stride(from: 0, to: rows, by: 2) {
      for o in 0..<outputs { #expect(bench.y[row][o].bitPattern == other.y[row][o].bitPattern) }
      for i in 0..<inputs { #expect(bench.dx[row][i].bitPattern == other.dx[row][i].bitPattern) }
    }
  }

  @Test(arguments: cases)
  func `backward passes errors where the mask is above zero`(inputs: Int, outputs: Int, rows: Int) {
    let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
    let open = Rows(rows: rows, columns: inputs)
    makeSparse(bench.x)
    bench.dense.backward(bench.e, open, rows: 0..<rows, parameters: bench.parameters)
    for row in 0..<rows { for i in 0..<inputs { bench.dx[row][i] = .nan } }
    bench.dense.backward(bench.e, bench.dx, rows: 0..<rows, parameters: bench.parameters, mask: bench.x)
    for row in 0..<rows {
      for i in 0..<inputs { #expect(bench.dx[row][i] == (bench.x[row][i] > 0 ? open[row][i] : 0)) }
    }
  }

  @Test(
    arguments: ["avx512", "avx2", "generic"],
    [(800, 400, 30), (400, 200, 30), (50, 200, 50), (200, 533, 13), (130, 80, 10), (70, 17, 4)])
  func `every instruction set computes the same, to rounding, and AVX2 the bits of AVX-512`(
    kernels: String, shape: (Int, Int, Int)
  ) {
    guard instruction_set_force(kernels) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    let (inputs, outputs, rows) = shape
    let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: 1)
    let scratch = AlignedBuffer(count: 1024)
    for (sparse, norm) in [(false, false), (false, true), (true, false)] {
      func results(_ kernels: String?) -> (values: [Float], weights: [Float], square: Double) {
        #expect(instruction_set_force(kernels) != 0)
        let bench = Bench(inputs: inputs, outputs: outputs, rows: rows)
        let masked = Rows(rows: rows, columns: outputs)
        for row in 0..<rows { masked[row].update(from: bench.e[row], count: outputs) }
        if sparse { makeSparse(bench.x, singly: true) }
        let parameters = bench.parameters
        bench.dense.forward(bench.x, bench.y, rows: 0..<rows, parameters: parameters, relu: true)
        bench.dense.forward(bench.x, masked, rows: 0..<rows, parameters: parameters, relu: false, mask: masked)
        bench.dense.backward(bench.e, bench.dx, rows: 0..<rows, parameters: parameters, mask: sparse ? bench.x : nil)
        let square = bench.dense.use(
          bench.x, bench.e, rows: 0..<rows, biasRows: 0..<rows, parameters: parameters, as: .step(adam),
          scratch: scratch.pointer, norm: norm)
        let rowsOf = { (values: Rows) in (0..<rows).flatMap { row in (0..<values.columns).map { values[row][$0] } } }
        let kernel = bench.dense.kernel
        let values =
          rowsOf(bench.y) + rowsOf(masked) + rowsOf(bench.dx) + parameters.elements(of: kernel, in: parameters.m)
          + parameters.elements(of: kernel, in: parameters.v)
        return (values, parameters.elements(of: kernel, in: parameters.values), square)
      }
      // The best set's results are held against the obvious sums above.
      let (best, found) = (results(nil), results(kernels))
      #expect(zip(best.values, found.values).allSatisfy { abs($0 - $1) <= 2e-5 }, "sparse: \(sparse)")
      #expect(abs(best.square - found.square) <= 1e-5 * best.square)
      #expect(instruction_set_force("avx512") == 0 || kernels == "generic" || best == found, "sparse: \(sparse)")
    }
  }

  @Test(arguments: ["avx512", "avx2"], [(13, 17), (50, 200), (33, 48)])
  func `dot products are added in sixteen lanes, and those in one order`(kernels: String, shape: (Int, Int)) {
    guard instruction_set_force(kernels) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    let bench = Bench(inputs: shape.0, outputs: shape.1, rows: 7)
    bench.dense.backward(bench.e, bench.dx, rows: 0..<7, parameters: bench.parameters)
    for row in 0..<7 {
      for i in 0..<shape.0 {
        var lanes = [Float](repeating: 0, count: 16)
        for o in 0..<shape.1 { lanes[o % 16].addProduct(bench.e[row][o], Float(bench.weight(i, o))) }
        for half in [8, 4, 2, 1] { for lane in 0..<half { lanes[lane] += lanes[lane + half] } }
        #expect(bench.dx[row][i] == lanes[0])
      }
    }
  }

  /// Which inputs are zero in ten rows at once decides which are taken together: the first three of twelve but one, and
  /// drawn ones.
  @Test(arguments: ["avx512", "avx2", "generic"])
  func `whatever is zero in ten rows at once, each input has the gradient of its own values`(kernels: String) {
    guard instruction_set_force(kernels) != 0 else { return }
    defer { _ = instruction_set_force(nil) }
    let adam = AdamStep(learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-7, step: 1)
    let scratch = AlignedBuffer(count: 64)
    for number in 0..<60 {
      let rows = 10 + number % 3 * 10
      let bench = Bench(inputs: 12 + number, outputs: 33, rows: rows)
      var draw = Draw(state: UInt64(number))
      for ten in stride(from: 0, to: rows, by: 10) {
        for i in 0..<bench.inputs where number == 0 ? [0, 1, 3].contains(i) : draw() > 0.4 {
          for row in ten..<ten + 10 { bench.x[row][i] = 0 }
        }
      }
      _ = bench.dense.use(
        bench.x, bench.e, rows: 0..<rows, biasRows: 0..<0, parameters: bench.parameters, as: .step(adam),
        scratch: scratch.pointer, norm: false)
      let first = bench.parameters.elements(of: bench.dense.kernel, in: bench.parameters.m)
      for index in first.indices {
        #expect(abs(Double(first[index]) - 0.5 * bench.gradient(index / 33, index % 33)) < 2e-6)
      }
    }
  }

  @Test func `an instruction set that no processor has is not taken`() {
    let before = kernelName
    #expect(!useKernels("sse9") && kernelName == before)
    #expect(useKernels(before) && kernelName == before)
  }

  @Test func `results do not depend on how the work is cut`() {
    let shape = dense_shape(inputs: 61, outputs: 150)
    let bench = Bench(inputs: 61, outputs: 150, rows: 17)
    let weights = bench.parameters.values + bench.dense.kernel.offset
    let (whole, parts) = (Rows(rows: 17, columns: 150), Rows(rows: 17, columns: 150))
    let (wholeBack, partsBack) = (Rows(rows: 17, columns: 61), Rows(rows: 17, columns: 61))
    func forward(_ begin: Int, _ end: Int, _ y: Rows) {
      dense_forward(shape, begin, end, weights, nil, 17, bench.x[0], bench.x.stride, dense_plain, nil, y[0], y.stride)
    }
    func backward(_ begin: Int, _ end: Int, _ dx: Rows) {
      dense_backward(shape, begin, end, weights, 17, bench.e[0], bench.e.stride, nil, dx[0], dx.stride)
    }
    forward(0, dense_panels(shape), whole)
    for panel in 0..<dense_panels(shape) { forward(panel, panel + 1, parts) }
    backward(0, dense_blocks(shape), wholeBack)
    for block in 0..<dense_blocks(shape) { backward(block, block + 1, partsBack) }
    for row in 0..<17 {
      for o in 0..<150 { #expect(whole[row][o] == parts[row][o]) }
      for i in 0..<61 { #expect(wholeBack[row][i] == partsBack[row][i]) }
    }
  }
}

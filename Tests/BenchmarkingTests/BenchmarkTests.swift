import Ansatz
import Experiment
import Foundation
import TestSupport
import Testing

@testable import Benchmarking

/// A kernel with one number of its result changed by a thousandth of the largest.
private final class Skewed: Kernel {
  let kernel: any Kernel
  let index: Int
  init(_ kernel: any Kernel, index: Int) { (self.kernel, self.index) = (kernel, index) }

  var name: String { kernel.name }
  var operations: Double? { kernel.operations }
  var tolerance: Double { kernel.tolerance }
  func run() { kernel.run() }
  func expected() -> [Double] { kernel.expected() }
  func found() -> [Float] {
    var values = kernel.found()
    values[index] += 1e-3 * values.reduce(0) { max($0, abs($1)) }
    return values
  }
}

/// A kernel whose result is no number.
private final class Broken: Kernel {
  let (name, operations, tolerance) = ("broken", Double?.none, 1.0)
  func run() {}
  func found() -> [Float] { [1, .nan] }
  func expected() -> [Double] { [1, 2] }
}

@Suite struct BenchmarkTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func benchmark(_ groups: Set<Timing.Group>) -> Benchmark {
    var benchmark = Benchmark()
    benchmark.groups = groups
    (benchmark.seconds, benchmark.events, benchmark.qubits) = (0.01, 50, [5])
    benchmark.folder = temporary.path
    return benchmark
  }

  @Test func `every kernel agrees with its reference`() {
    var benchmark = benchmark([.circuit, .product])
    benchmark.qubits = [5, 10, 13]
    let kernels = benchmark.kernels()
    #expect(kernels.count == 3 * (6 * 2 + 1) + 2 * 4 * 2 + 2)
    for kernel in kernels {
      let check = KernelCheck(kernel)
      #expect(check.passed && check.deviation > 0, "\(check)")
    }
  }

  @Test(arguments: DenseKernel.Product.allCases, [false, true])
  func `a wrong product is found, first and last number`(product: DenseKernel.Product, rectified: Bool) {
    func kernel() -> DenseKernel { DenseKernel(product, sizes: [13, 17, 40], rectified: rectified) }
    #expect(KernelCheck(kernel()).passed)
    for index in [0, kernel().expected().count - 1] {
      #expect(!KernelCheck(Skewed(kernel(), index: index)).passed)
    }
  }

  @Test(arguments: [false, true])
  func `a wrong circuit is found`(gradients: Bool) {
    #expect(!KernelCheck(Skewed(CircuitKernel(Circuit(qubits: 5), gradients: gradients), index: 3)).passed)
  }

  @Test func `with a wrong kernel nothing is timed`() throws {
    let kernels: [any Kernel] = [CircuitKernel(Circuit(qubits: 5), gradients: false), Broken()]
    var said: [String] = []
    let error = #expect(throws: WrongKernels.self) {
      try benchmark([.circuit]).run(kernels) { said.append($0) }
    }
    #expect(said == ["verifying the kernels"])
    #expect(error?.checks.map(\.kernel) == ["broken"] && error?.checks.first?.deviation == .infinity)
    #expect("\(try #require(error))".hasSuffix("nothing is timed"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
  }

  @Test func `the report has every group, thread count and ratio, and comes back from JSON`() throws {
    let report = try benchmark(Set(Timing.Group.allCases)).run()
    let again: BenchmarkReport = try CanonicalJSON.value(from: try CanonicalJSON.data(report, pretty: true))
    #expect(again.schema == 1 && again.peaks.map(\.threads) == [1, 2])
    #expect(again.timings == report.timings && again.checks == report.checks && again.ratios == report.ratios)
    func names(_ group: Timing.Group) -> [String] {
      report.timings.filter { $0.group == group }.map { "\($0.name) \($0.threads) \($0.jobs)" }
    }
    #expect(names(.circuit).count == 13 && names(.product).count == 10 && names(.step).count == 6)
    #expect(
      names(.iteration) == ["classical 1 1", "2x 1 1", "3x 1 1", "classical 2 1", "2x 2 1", "3x 2 1", "2x 1 2"])
    #expect(names(.evaluation).count == 1 && names(.checkpoint).count == 1)
    func median(_ name: String, threads: Int = 1) throws -> Double {
      try #require(report.timings.first { $0.group == .iteration && $0.name == name && $0.threads == threads })
        .milliseconds.median
    }
    #expect(report.ratios.count == 7 && report.ratios.allSatisfy { $0.value > 0 })
    #expect(again.bandwidths == report.bandwidths && again.limits == report.limits)
    #expect(report.bandwidths.allSatisfy { $0.reads > 0.1 && $0.updates > 0.1 } && report.secondLevelCache >= 1 << 18)
    let limits = try #require(report.limits)
    let ratios = Dictionary(uniqueKeysWithValues: report.ratios.map { ($0.name, $0.value) })
    #expect(try ratios["iteration of 2x over classical"] == median("2x") / median("classical"))
    #expect(try ratios["speed of 2x with 2 threads over one"] == median("2x") / median("2x", threads: 2))
    #expect(
      try ratios["iteration of 2x over the longer of its products and its traffic"]
        == median("2x") / max(limits.products, limits.traffic))
    #expect(
      try ratios["iteration of 2x over its products and its traffic one after the other"]
        == median("2x") / (limits.products + limits.traffic))
    // Five rounds of three at least.
    #expect(report.timings.filter { $0.group == .evaluation }.allSatisfy { $0.milliseconds.count >= 15 })
    for timing in report.timings {
      let spread = timing.milliseconds
      #expect(0 < spread.low && spread.low <= spread.median && spread.median <= spread.high && spread.count >= 3)
      #expect((timing.gigaflops == nil) == (timing.shareOfPeak == nil))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty, "it leaves nothing behind")
    let rows = report.timings.count
    let lines = report.text(.csv).split(separator: "\n")
    #expect(lines.count == rows + 1 && lines.contains { $0.hasPrefix("circuit,\"5 qubits, 1x, CNOT +1\",1,1,") })
    #expect(report.text(.markdown).split(separator: "\n").count { $0.hasPrefix("|") } == rows + 2)
    #expect(report.text(.table).contains("iteration of 2x over its products at the peak: "))
  }

  @Test func `the products of an iteration are counted`() {
    let variant = Workload.Model.twice.variant
    let arithmetic = Arithmetic(variant, TrainingSettings(), voxels: 533)
    // By hand: 2 · 10 · (rows an event · weights) of each pass.
    let (first, others, made) = (534.0 * 800, 800.0 * 400 + 400 * 200 + 200, 500.0 + 10_000 + 106_600)
    #expect(arithmetic.discriminatorStep == 20 * (7 * first + 10 * others))
    #expect(arithmetic.generation == 20 * 5 * made)
    #expect(arithmetic.generatorStep == 20 * (3 * made + 2 * (first + others)))
    let classical = Arithmetic(Workload.Model.classical.variant, TrainingSettings(), voxels: 533)
    // Without a circuit nothing comes before the first layer's input.
    #expect(classical.generatorStep == 20 * (3 * made - 500 + 2 * (first + others)))
    #expect(arithmetic.iteration > 0.73e9 && arithmetic.iteration < 0.77e9)
  }

  @Test func `the bytes that an iteration moves beyond the second-level cache are counted`() {
    let variant = Workload.Model.twice.variant
    func traffic(_ cache: Int) -> Traffic { Traffic(variant, TrainingSettings(), voxels: 533, cache: cache) }
    let (judge, made): (Double, Double) = (3_309_600, 468_400)
    let none = traffic(0)
    // Five steps: three times the weights alone, and once with both moments, there and back; the generator's step asks twice.
    let (reads, updates): (Double, Double) = (17 * judge + made, 30 * judge + 6 * made)
    #expect(none.reads == reads && none.updates == updates)
    let mebibytes = traffic(2 << 20)
    let cache: Double = 2_097_152
    #expect(mebibytes.reads == reads - 17 * cache)
    #expect(mebibytes.updates == updates - 10 * cache)
    // The weights fit, their moments do not.
    #expect(traffic(4 << 20).reads == made)
    let all = traffic(12 << 20)
    #expect(all.reads == 0 && all.updates == 0)
    let speeds = [
      Bandwidth(bytes: 1 << 20, reads: 100, updates: 50), Bandwidth(bytes: 16 << 20, reads: 20, updates: 10),
      Bandwidth(bytes: 32 << 20, reads: 5, updates: 5),
    ]
    let expected: Double = (none.reads / 20 + none.updates / 10) * 1e-9
    #expect(abs(none.seconds(speeds) - expected) < 1e-9)
    let sizes = [1, 1 << 20, 5 << 20, 16 << 20, 17 << 20, 64 << 20]
    let read: [Double] = sizes.map { speeds.at($0).reads }
    #expect(read == [100, 100, 20, 20, 5, 5])
  }

  @Test(arguments: [(0.01, 10.0, "products"), (0.002, 2.0, "traffic")])
  func `an iteration is held against the longer of its products and its traffic`(
    operations: Double, products: Double, longer: String
  ) throws {
    var report = BenchmarkReport(
      peaks: [Peak(threads: 1, gigaflops: 1)], bandwidths: [Bandwidth(bytes: 1 << 30, reads: 30, updates: 30)],
      checks: [])
    report.timings = [Timing(.iteration, "2x", seconds: [0.02], peak: 1)]
    let traffic = Traffic(Workload.Model.twice.variant, TrainingSettings(), voxels: 533, cache: 0)
    let moving = (traffic.reads + traffic.updates) / 30 * 1e-6
    #expect(moving > 4 && moving < 8)
    report.addRatios(operations: operations * 1e9, traffic: traffic)
    let found = report.ratios.map(\.value)
    let expected = [20 / products, 20 / (longer == "products" ? products : moving), 20 / (products + moving)]
    #expect(found.count == 3 && zip(found, expected).allSatisfy { abs($0 / $1 - 1) < 1e-9 }, "\(found), \(expected)")
  }

  /// The library is no part of what qcalo needs.
  @Test(.enabled(if: (try? OpenBLAS()) != nil))
  func `OpenBLAS's products are verified and timed beside these`() throws {
    let library = try OpenBLAS()
    var benchmark = benchmark([.product])
    benchmark.peer = library
    let report = try benchmark.run()
    #expect(report.peer?.hasPrefix("OpenBLAS ") == true && report.peer?.contains(", kernels for ") == true)
    #expect(report.timings.count { $0.name.hasSuffix(", OpenBLAS") } == 6)
    let ratios = report.ratios.filter { $0.name.hasPrefix("OpenBLAS over here, ") }
    #expect(ratios.count == 6 && ratios.allSatisfy { $0.value > 0 })
    for product in DenseKernel.Product.allCases {
      func kernel() -> OpenBLASKernel { OpenBLASKernel(DenseKernel(product, sizes: [13, 17, 40]), library: library) }
      #expect(KernelCheck(kernel()).passed)
      #expect(!KernelCheck(Skewed(kernel(), index: 0)).passed)
    }
  }

  @Test func `a library that is not there, or has no product, is told`() {
    #expect("\(#expect(throws: InputError.self) { try OpenBLAS(path: "/nowhere.so") }!)".contains("no /nowhere.so to"))
    #expect("\(#expect(throws: InputError.self) { try OpenBLAS(path: "libc.so.6") }!)".contains("has no cblas_sgemm"))
  }

  @Test(arguments: [(0.0, "0"), (8.4567, "8.46"), (118.4, "118"), (12345, "12345"), (0.01234, "0.0123")])
  func `numbers have three digits`(value: Double, text: String) {
    #expect(PlainTable.digits(value) == text)
  }
}

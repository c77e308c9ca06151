import Ansatz
import Glibc

/// Verifies the kernels, then times them and what is made of them.
package struct Benchmark {
  /// What is timed.
  package var groups = Set(Timing.Group.allCases)
  /// Threads of one job.
  package var threads = [1, 2]
  /// Seconds for each series; they take turns, five rounds each.
  package var seconds = 1.0
  /// The circuits' qubits.
  package var qubits = [10, 16, 20]
  /// Whose products are timed beside these, on one thread; nil for nobody's.
  package var peer: OpenBLAS?
  /// Training events, in batches of 50.
  package var events = 1000
  /// Where a folder is made for what is written meanwhile.
  package var folder = "/tmp"

  static let rounds = 5

  /// All groups, as `bench` times them if not told otherwise.
  package init() {}

  /// The kernels of what is timed: nothing else needs to be right.
  package func kernels() -> [any Kernel] {
    var kernels: [any Kernel] = []
    if groups.contains(.circuit) {
      for qubits in qubits {
        for circuit in Self.circuits(qubits: qubits) {
          kernels += [CircuitKernel(circuit, gradients: false), CircuitKernel(circuit, gradients: true)]
        }
        kernels += threads.filter { $0 > 1 }.map {
          CircuitKernel(Circuit(qubits: qubits, repetitions: 2), gradients: true, threads: $0)
        }
      }
    }
    if groups.contains(.product) { kernels += manyRows + (peer.map(kernels(of:)) ?? []) }
    // Iterations are made of the products, and of circuits of ten qubits.
    if !groups.isDisjoint(with: [.product, .step, .iteration]) {
      for threads in threads {
        kernels += DenseKernel.Product.allCases.flatMap { product in
          [false, true].map { DenseKernel(product, threads: threads, rectified: $0) }
        }
      }
      if !groups.contains(.circuit) || !qubits.contains(10) {
        kernels += [2, 3].map { CircuitKernel(Circuit(repetitions: $0), gradients: true) }
      }
    }
    return kernels
  }

  /// What evaluation, generation and classifiers multiply: many rows at once, through generator and discriminator.
  private var manyRows: [DenseKernel] {
    [[10, 50, 200, 533], [534, 800, 400, 200]].map { DenseKernel(.forward, sizes: $0, rows: 200) }
  }

  private func kernels(of peer: OpenBLAS) -> [any Kernel] {
    (DenseKernel.Product.allCases.map { DenseKernel($0) } + manyRows).map { OpenBLASKernel($0, library: peer) }
  }

  /// Repetitions 1, 2, 3 with CNOT +1, and one repetition with CNOT +1 … +2, … +4.
  static func circuits(qubits: Int) -> [Circuit] {
    [1, 2, 3].map { Circuit(qubits: qubits, repetitions: $0) }
      + [2, 3, 4].map { Circuit(qubits: qubits, cnot: Array(1...$0)) }
  }

  /// - Parameters:
  ///   - kernels: In place of `kernels()`; nil for those.
  ///   - progress: Told what is done next.
  /// - Returns: The peaks, the checks of the kernels, the times, and their ratios.
  /// - Throws: `WrongKernels` when one of them is; `StorageError`.
  package func run(
    _ kernels: [any Kernel]? = nil, progress: (String) -> Void = { _ in }
  ) throws -> BenchmarkReport {
    progress("verifying the kernels")
    let kernels = kernels ?? self.kernels()
    let checks = kernels.map { KernelCheck($0) }
    let wrong = checks.filter { !$0.passed }
    guard wrong.isEmpty else { throw WrongKernels(checks: wrong) }

    progress("measuring the peak")
    let peaks = Set(threads + [1]).sorted().map { Peak.measured(threads: $0) }
    let bandwidths =
      groups.contains(.iteration) ? Bandwidth.sizes.map { Bandwidth.measured(bytes: $0) } : []
    var report = BenchmarkReport(peaks: peaks, bandwidths: bandwidths, checks: checks)
    let workload = try Workload(folder: folder + "/qcalo-bench-\(getpid())", events: events)
    defer { workload.remove() }
    let series = try kernels.compactMap(timed) + others(workload)
    let parts = groups.contains(.step) ? threads.map { IterationParts(workload, threads: $0) } : []
    let twoJobs = groups.contains(.iteration) ? TwoJobs(workload) : nil
    for round in 1...Self.rounds {
      progress("timing, round \(round) of \(Self.rounds)")
      let length = seconds / Double(Self.rounds)
      for one in series { try one.sample(for: length) }
      for part in parts { part.sample(for: length) }
      twoJobs?.sample(for: length)
    }
    let peak = report.peak
    let timings =
      series.map { $0.timing(peak: peak) } + parts.flatMap { $0.timings(peak: peak) }
      + (twoJobs.map { [$0.timing(peak: peak)] } ?? [])
    report.timings = Timing.Group.allCases.flatMap { group in timings.filter { $0.group == group } }
    if groups.contains(.iteration) {
      report.addRatios(
        operations: workload.arithmetic(.twice).iteration, traffic: workload.traffic(.twice))
    }
    report.addPeer(peer)
    if let twoJobs { report.ratios.append(twoJobs.ratio) }
    return report
  }

  private func timed(_ kernel: any Kernel) -> Series? {
    switch kernel {
    case let kernel as CircuitKernel:
      groups.contains(.circuit) && qubits.contains(kernel.circuit.qubits)
        ? Series(.circuit, kernel.label, threads: kernel.threads, body: kernel.run) : nil
    case let kernel as DenseKernel:
      // How much of a ReLU's zeros can be left out depends on the training.
      groups.contains(.product) && !kernel.rectified
        ? Series(
          .product, kernel.label, threads: kernel.threads, operations: kernel.operations, body: kernel.run)
        : nil
    case let kernel as OpenBLASKernel:
      Series(.product, kernel.label, operations: kernel.operations, body: kernel.run)
    default: nil
    }
  }

  private func others(_ workload: Workload) throws -> [Series] {
    var series: [Series] = []
    if groups.contains(.iteration) {
      for threads in threads {
        series += Workload.Model.allCases.map { workload.iteration($0, threads: threads) }
      }
    }
    if groups.contains(.evaluation) { series.append(try workload.evaluation()) }
    if groups.contains(.checkpoint) { series.append(try workload.checkpoint()) }
    return series
  }
}

import Experiment
import QuantumGAN
import Records
import Training

/// What `bench` found: the machine, the kernels' verification, the timings and what they say.
package struct BenchmarkReport: Codable, Sendable {
  /// The version of this format.
  package static let currentSchema = 1

  /// A quotient of two medians.
  package struct Ratio: Codable, Hashable, Sendable {
    /// What is divided by what.
    package var name: String
    /// The quotient.
    package var value: Double
  }

  /// The version of the format.
  package var schema = Self.currentSchema
  /// The program's version.
  package var version = BuildInfo.version
  /// The commit that it was built from.
  package var commit = BuildInfo.commit
  /// The processor's model.
  package var processor = Provenance.processorName
  /// The instruction set of the kernels.
  package var kernels = GANTrainer.kernelName
  /// The version of the numbers that are trained.
  package var numericsVersion = GANTrainer.numericsVersion
  /// What the cores can do at most, by threads, one first.
  package var peaks: [Peak]
  /// The kernels beside their references.
  package var checks: [KernelCheck]
  /// What was timed, by group.
  package var timings: [Timing] = []
  /// The quotients that can be had from the timings.
  package var ratios: [Ratio] = []

  init(peaks: [Peak], checks: [KernelCheck]) {
    self.peaks = peaks
    self.checks = checks
  }

  /// GFLOP/s of one thread.
  var peak: Double { peaks[0].gigaflops }

  /// The quotients that can be had from the timings.
  /// - Parameter operations: Of an iteration of 2x.
  mutating func addRatios(operations: Double) {
    func iteration(_ name: String, threads: Int = 1) -> Double? {
      timings.first { $0.group == .iteration && $0.name == name && $0.threads == threads && $0.jobs == 1 }?
        .milliseconds.median
    }
    func add(_ name: String, _ above: Double?, _ below: Double?) {
      if let above, let below { ratios.append(Ratio(name: name, value: above / below)) }
    }
    let (classical, twice) = (iteration("classical"), iteration("2x"))
    add("iteration of 2x over its products at the peak", twice, operations / peak * 1e-6)
    add("iteration of 2x over classical", twice, classical)
    add("iteration of 3x over classical", iteration("3x"), classical)
    for threads in Set(timings.map(\.threads)).sorted() where threads > 1 {
      add("speed of 2x with \(threads) threads over one", twice, iteration("2x", threads: threads))
    }
  }
}

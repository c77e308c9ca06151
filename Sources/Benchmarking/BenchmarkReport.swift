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

  /// What an iteration needs at least, on one core.
  package struct Limits: Codable, Hashable, Sendable {
    /// Milliseconds that its products take at the peak.
    package var products: Double
    /// Milliseconds that what it moves between the second-level cache and what is beyond takes.
    package var traffic: Double
    /// Bytes that it moves there, those that are written counted twice: they come, and go back.
    package var bytes: Double
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
  /// How fast one core moves numbers, from few to many.
  package var bandwidths: [Bandwidth]
  /// Bytes of a core's second-level cache.
  package var secondLevelCache = Bandwidth.secondLevelCache
  /// What an iteration of 2x needs at least on this core.
  package var limits: Limits?
  /// The library whose products are timed too, as it tells its version; nil for none.
  package var peer: String?
  /// The kernels beside their references.
  package var checks: [KernelCheck]
  /// What was timed, by group.
  package var timings: [Timing] = []
  /// The quotients that can be had from the timings.
  package var ratios: [Ratio] = []

  init(peaks: [Peak], bandwidths: [Bandwidth] = [], checks: [KernelCheck]) {
    self.peaks = peaks
    self.bandwidths = bandwidths
    self.checks = checks
  }

  /// GFLOP/s of one thread.
  var peak: Double { peaks[0].gigaflops }

  /// What the peer's products take over these.
  mutating func addPeer(_ peer: OpenBLAS?) {
    guard let peer else { return }
    self.peer = peer.name
    for theirs in timings where theirs.group == .product && theirs.name.hasSuffix(OpenBLASKernel.suffix) {
      let name = String(theirs.name.dropLast(OpenBLASKernel.suffix.count))
      guard let ours = timings.first(where: { $0.group == .product && $0.name == name && $0.threads == 1 }) else {
        continue
      }
      ratios.append(
        Ratio(name: "OpenBLAS over here, \(name)", value: theirs.milliseconds.median / ours.milliseconds.median))
    }
  }

  /// The quotients that can be had from the timings.
  /// - Parameters:
  ///   - operations: Of an iteration of 2x.
  ///   - traffic: Of an iteration of 2x.
  mutating func addRatios(operations: Double, traffic: Traffic) {
    func iteration(_ name: String, threads: Int = 1) -> Double? {
      timings.first { $0.group == .iteration && $0.name == name && $0.threads == threads && $0.jobs == 1 }?
        .milliseconds.median
    }
    func add(_ name: String, _ above: Double?, _ below: Double?) {
      if let above, let below { ratios.append(Ratio(name: name, value: above / below)) }
    }
    let (classical, twice) = (iteration("classical"), iteration("2x"))
    let (products, moving) = (operations / peak * 1e-6, traffic.seconds(bandwidths) * 1e3)
    limits = Limits(products: products, traffic: moving, bytes: traffic.reads + traffic.updates)
    add("iteration of 2x over its products at the peak", twice, products)
    add("iteration of 2x over the longer of its products and its traffic", twice, max(products, moving))
    add("iteration of 2x over its products and its traffic one after the other", twice, products + moving)
    add("iteration of 2x over classical", twice, classical)
    add("iteration of 3x over classical", iteration("3x"), classical)
    for threads in Set(timings.map(\.threads)).sorted() where threads > 1 {
      add("speed of 2x with \(threads) threads over one", twice, iteration("2x", threads: threads))
    }
  }
}

import QuantumGAN
import Synchronization

/// The parts of 2x's iterations, timed as they go by.
final class IterationParts {
  private let threads: Int
  private let arithmetic: Arithmetic
  private var seconds: [IterationPart: [Double]] = [:]
  private let trainer: GANTrainer
  private let set: TrainingSet

  init(_ workload: Workload, threads: Int) {
    self.threads = threads
    arithmetic = workload.arithmetic(.twice)
    trainer = workload.trainer(.twice, threads: threads)
    set = workload.set
  }

  /// Iterates for at least so many seconds.
  func sample(for length: Double) {
    _ = trainer.iterate(on: set)
    let end = steadyTime() + length
    repeat {
      var last = steadyTime()
      _ = trainer.iterate(on: set) { part in
        let now = steadyTime()
        self.seconds[part, default: []].append(now - last)
        last = now
      }
    } while steadyTime() < end
  }

  func timings(peak: Double) -> [Timing] {
    let parts: [(IterationPart, String, Double)] = [
      (.generation, "2x, the events of all discriminator steps", arithmetic.generation),
      (.discriminatorStep, "2x, a discriminator step", arithmetic.discriminatorStep),
      (.generatorStep, "2x, the generator step", arithmetic.generatorStep),
    ]
    return parts.compactMap { part, name, operations in
      seconds[part].map {
        Timing(.step, name, threads: threads, seconds: $0, operations: operations, peak: peak)
      }
    }
  }
}

/// Two jobs of one thread each on 2x, side by side, in turn with one alone.
final class TwoJobs {
  private let jobs: [Job]
  private var seconds: [Double] = []
  /// Iterations a second of both together over those of one alone, by round.
  private var gains: [Double] = []

  /// A trainer that is used by one thread at a time.
  private final class Job: @unchecked Sendable {
    private let trainer: GANTrainer
    private let set: TrainingSet
    private(set) var seconds: [Double] = []

    init(_ workload: Workload) { (trainer, set) = (workload.trainer(.twice), workload.set) }

    func iterate(for length: Double) {
      _ = trainer.iterate(on: set)
      seconds = []
      let end = steadyTime() + length
      repeat {
        let start = steadyTime()
        _ = trainer.iterate(on: set)
        seconds.append(steadyTime() - start)
      } while steadyTime() < end
    }

    /// Iterations a second of the last call.
    var rate: Double { Double(seconds.count) / seconds.reduce(0, +) }
  }

  init(_ workload: Workload) { jobs = [Job(workload), Job(workload)] }

  func sample(for length: Double) {
    jobs[0].iterate(for: length)
    let alone = jobs[0].rate
    sideBySide(jobs.map { job in { job.iterate(for: length) } })
    gains.append(jobs.reduce(0) { $0 + $1.rate } / alone)
    seconds += jobs.flatMap(\.seconds)
  }

  func timing(peak: Double) -> Timing { Timing(.iteration, "2x", jobs: 2, seconds: seconds, peak: peak) }

  var ratio: BenchmarkReport.Ratio {
    .init(name: "throughput of two jobs of 2x over one", value: Spread(gains).median)
  }
}

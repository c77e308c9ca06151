import Foundation
import Search
import Testing

/// What scripts/bench-search sets beside Optuna's: regrets as lines of `function,method,repetition,regret`.
@Suite struct SearchBenchmarks {
  static let file = ProcessInfo.processInfo.environment["QCALO_SEARCH_BENCHMARK"]

  @Test(.enabled(if: file != nil)) func `regrets on noisy test functions`() throws {
    let environment = ProcessInfo.processInfo.environment
    let repetitions = Int(environment["QCALO_SEARCH_REPETITIONS"] ?? "") ?? 50
    let methods: [(String, SearchMethod)] = [
      ("random", .random), ("quasirandom", .quasirandom), ("tpe", .tpe(.init())),
    ]
    var lines: [String] = []
    for repetition in 1...repetitions {
      for (name, method) in methods {
        for function in TestFunction.all {
          let regret = function.regret(method, evaluations: 100, repetition: repetition)
          lines.append("\(function.name),\(name),\(repetition),\(regret)")
        }
        for function in CurveFunction.all {
          let regret = function.regret(method, checkpoints: 1620, repetition: repetition)
          lines.append("\(function.name),\(name),\(repetition),\(regret)")
          let kept = function.regret(
            method, checkpoints: 1620, guardian: .init(share: 0.2), repetition: repetition)
          lines.append("\(function.name),\(name) kept,\(repetition),\(kept)")
        }
      }
    }
    try (lines.joined(separator: "\n") + "\n").write(toFile: try #require(Self.file), atomically: true, encoding: .utf8)
  }
}

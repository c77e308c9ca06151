import Experiment
import Foundation
package import Ledger
package import Reports
package import Storage

/// The pictures of the showers of a sweep's models. What they show is computed by the worker, once for each checkpoint.
package actor ShowerPlots {
  private let workspace: Workspace
  private var known: [String: ShowerComparison] = [:]

  private let say: @Sendable (String) -> Void

  /// The pictures of a workspace's models.
  /// - Parameters:
  ///   - workspace: Where the models' runs are.
  ///   - say: Takes which showers are not drawn, and why.
  package init(_ workspace: Workspace, say: @escaping @Sendable (String) -> Void) {
    (self.workspace, self.say) = (workspace, say)
  }

  /// The plots of each row's best checkpoint; a row without one that was kept is passed over with a word.
  /// - Parameters:
  ///   - results: The sweep's.
  ///   - ledger: Has their runs.
  ///   - progress: Tells how many models' showers are made.
  /// - Returns: The plots.
  /// - Throws: `LedgerError`; what starting the worker throws.
  package func plots(
    _ results: SweepResults, _ ledger: Ledger, _ progress: ProgressLine? = nil
  ) async throws -> [Plot] {
    let chosen = results.bestCheckpoints
    progress?.begin("making showers of models", of: chosen.count)
    // The worker makes showers on one core: as many at once as there are cores.
    let found = try await withThrowingTaskGroup(of: (Int, ShowerComparison?).self) { group in
      var found: [Int: ShowerComparison] = [:]
      for index in chosen.indices {
        if index >= ProcessInfo.processInfo.activeProcessorCount, let (place, comparison) = try await group.next() {
          found[place] = comparison
          progress?.advance()
        }
        group.addTask { (index, try await self.comparison(ifKept: chosen[index], ledger)) }
      }
      for try await (place, comparison) in group {
        found[place] = comparison
        progress?.advance()
      }
      return found
    }
    let compared = chosen.indices.compactMap { index in found[index].map { (best: chosen[index], comparison: $0) } }
    return ShowerComparison.totals(
      of: compared.map { ($0.best.label, $0.comparison) }, named: "etot", heading: results.sweep)
      + compared.flatMap { $0.comparison.plots(of: $0.best.subject, named: $0.best.name) }
  }

  private func comparison(ifKept best: BestCheckpoint, _ ledger: Ledger) async throws -> ShowerComparison? {
    do {
      return try await comparison(best, ledger)
    } catch let error as InputError {
      say("\(error); its showers are not drawn")
    } catch let error as WorkerFailure {
      say("the showers of \(best.subject) are not drawn: \(error)")
    }
    return nil
  }

  private func comparison(_ best: BestCheckpoint, _ ledger: Ledger) async throws -> ShowerComparison {
    let key = "\(best.run)/\(best.checkpoint)"
    if let known = known[key] { return known }
    let folder = workspace.runFolder(best.run)
    guard let file = try ledger.generatorFile(of: best.run, at: best.checkpoint),
      FileManager.default.fileExists(atPath: "\(folder)/\(file)"),
      let description = try FileContent.bytes(ifThere: workspace.jobDescription(best.run))
    else { throw InputError("\(folder): checkpoint \(best.checkpoint) is not kept here") }
    let dataset = try CanonicalJSON.value(JobDescription.self, from: Data(description)).dataset.path
    let reference = dataset.hasPrefix("/") ? dataset : "\(folder)/\(dataset)"
    let printed = try await WorkerProgram.output([
      "evaluate", "--reference", reference, "--checkpoint", "\(folder)/\(file)", "--metrics", "separation",
      "--histograms", "--bootstrap", "100", "--format", "json",
    ])
    let comparison: ShowerComparison = try CanonicalJSON.value(from: Data(printed.utf8))
    known[key] = comparison
    return comparison
  }
}

import Experiment
import Foundation
package import Ledger
package import Reports
import Storage

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
  package func plots(_ results: SweepResults, _ ledger: Ledger) async throws -> [Plot] {
    var plots: [Plot] = []
    for best in results.bestCheckpoints {
      do {
        let comparison = try await comparison(best, ledger)
        plots += comparison.plots(of: best.subject, named: best.name)
      } catch let error as InputError {
        say("\(error); its showers are not drawn")
      } catch let error as WorkerFailure {
        say("the showers of \(best.subject) are not drawn: \(error)")
      }
    }
    return plots
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

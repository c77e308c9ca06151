package import Experiment
import Foundation
package import Ledger
import Sweeps

/// What the files of showers say to a sweep before anything is prepared.
package struct PlanSources {
  /// Voxels per shower by dataset, where it is prepared or its file has what is asked for.
  package private(set) var voxels: [DatasetRequest: Int] = [:]
  /// Files that are not there.
  package private(set) var missing: [String] = []
  /// Why datasets cannot be prepared from files that are there, a sentence each.
  package private(set) var flaws: [String] = []

  /// Looks at the files that the rows of a sweep are trained on; skipped rows are none.
  /// - Parameters:
  ///   - plan: The sweep's.
  ///   - workspace: Where data may be prepared.
  ///   - worker: What looks into the files; nil: the worker's program, and without one nothing is looked into.
  package init(of plan: SweepPlan, in workspace: Workspace, worker: WorkerProgram.Call? = nil) async {
    let store = DatasetStore(workspace, worker: worker)
    var requests = Numbering<DatasetRequest>()
    for variant in plan.variants where variant.skip == nil { _ = requests.number(of: variant.dataset) }
    missing = Set(requests.values.map(\.source)).filter { !FileManager.default.fileExists(atPath: $0) }.sorted()
    for request in requests.values where !missing.contains(request.source) {
      if let known = store.known(request) {
        voxels[request] = known.voxels
        continue
      }
      do { voxels[request] = try await store.check(request) } catch let failure as WorkerFailure {
        if !flaws.contains(failure.description) { flaws.append(failure.description) }
      } catch {
        // Without a worker a plan is as good as before.
      }
    }
  }
}

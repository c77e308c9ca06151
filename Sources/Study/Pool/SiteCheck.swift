package import Condor
package import Experiment
import Foundation
package import Ledger
package import Reports

/// A sweep beside a site's rules.
package struct SiteCheck {
  let site: SiteProfile
  /// What each rule says.
  package let findings: [Lint.Finding]

  /// What the rules say of runs; nil: of those of the plan, with a guess at what of the data is not prepared yet.
  package init(
    _ plan: SweepPlan, _ jobs: [JobDescription]?, _ site: SiteProfile, _ workspace: Workspace
  ) throws {
    let jobs = jobs ?? Self.guess(plan, workspace)
    self.site = site
    findings =
      Lint(
        site: site, workspace: workspace.path, jobs: jobs,
        resources: Resources(
          ofAll: jobs, packageMB: 40, cores: site.cpus, pack: min(site.pack ?? 1, max(1, jobs.count))),
        sources: Set(plan.variants.lazy.filter { $0.skip == nil }.map(\.dataset.source)).sorted(),
        runSeconds: Self.longestRun(
          jobs, recorded: (try? Ledger(reading: workspace).recordedRates(threads: site.cpus)) ?? []),
        otherMB: site.rules.workspaceMB == nil ? 0 : Self.megabytes(in: workspace, without: Set(jobs.map(\.run)))
      ).findings
  }

  /// The size of what lies in a workspace, without some runs (MB).
  static func megabytes(in workspace: Workspace, without runs: Set<String>) -> Int {
    let files = FileManager.default.enumerator(
      at: URL(fileURLWithPath: workspace.path), includingPropertiesForKeys: [.fileSizeKey])
    var bytes = 0
    while let file = files?.nextObject() as? URL {
      if file.deletingLastPathComponent().lastPathComponent == "runs", runs.contains(file.lastPathComponent) {
        files?.skipDescendants()
      } else {
        bytes += (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
      }
    }
    return (bytes + 999_999) / 1_000_000
  }

  private static func guess(_ plan: SweepPlan, _ workspace: Workspace) -> [JobDescription] {
    let store = DatasetStore(workspace)
    var datasets: [DatasetRequest: DatasetDescription] = [:]
    for request in Set(plan.variants.lazy.map(\.dataset)) {
      datasets[request] =
        store.known(request)
        ?? DatasetDescription(
          path: "", sha256: "", energies: request.energies, eventsPerEnergy: request.eventsPerEnergy,
          voxels: request.expectedVoxels, kind: request.kind)
    }
    return PreparedSweep(plan, datasets).jobs
  }

  /// Seconds of the longest run, where every run's are known: at the rate of recorded runs of the same shape, or by its
  /// budget of time alone.
  static func longestRun(_ jobs: [JobDescription], recorded: [RecordedRate]) -> Double? {
    let model = CostModel(recorded.map { CostModel.Sample(shape: $0.shape, rate: $0.rate) })
    let seconds = jobs.map { job -> Double? in
      let shape = TrainingShape(job)
      guard model.isKnown(shape), let rate = model.rate(of: shape) else { return job.budget.trainingSeconds }
      return rate.length(of: job.budget, interval: job.settings.checkpointInterval)?.seconds
    }
    return seconds.contains(nil) ? nil : seconds.compactMap(\.self).max()
  }

  /// The findings as rows of rule, verdict and reason.
  package var table: TextTable {
    TextTable(
      title: "Rules of \(site.name)", key: "rules", columns: ["rule", "verdict", "reason"],
      rows: findings.map { [.text($0.rule), .text($0.severity.rawValue), .text($0.text)] })
  }

  /// - Throws: `InputError` naming every broken rule; warnings are said.
  package func requireNoErrors(say: (String) -> Void) throws {
    for warning in findings where warning.severity == .warning {
      say("\(site.name): \(warning.rule): \(warning.text)")
    }
    let errors = findings.filter { $0.severity == .error }.map { "\($0.rule): \($0.text)" }
    if !errors.isEmpty { throw InputError("\(site.name) would not take this: \(errors.joined(separator: "; "))") }
  }
}

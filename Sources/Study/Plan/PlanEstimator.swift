import Experiment
import Foundation
package import Ledger
import Records
package import Reports
import Sweeps

/// Asks for the rates that a plan is estimated with.
package struct PlanEstimator {
  /// Shapes that are timed, each for this long: a few seconds in all.
  static let measuredShapes = 6
  static let secondsEach = 0.4

  let listing: PlanListing
  let workspace: Workspace
  /// Seconds, before the margin.
  let walltime: Double
  /// The checkpoint to reach; nil for that of each variant's budget.
  let target: Int?
  /// Threads of each run.
  let threads: Int

  /// An estimate of a listing's runs.
  package init(listing: PlanListing, workspace: Workspace, walltime: Double, target: Int?, threads: Int) {
    (self.listing, self.workspace, self.walltime) = (listing, workspace, walltime)
    (self.target, self.threads) = (target, threads)
  }

  /// - Parameter rates: `here` to time this machine, `ledger` for what all recorded runs took, or a site's name.
  /// - Returns: The estimate at these rates.
  /// - Throws: `InputError`, `LedgerError`, `WorkerFailure`.
  package func estimate(rates: String) async throws -> PlanEstimate {
    if rates == "here" { return try await timed() }
    let recorded = try Ledger(reading: workspace).recordedRates(site: rates == "ledger" ? nil : rates, threads: threads)
    guard !recorded.isEmpty else {
      throw InputError(
        "--rates \(rates): no run that had \(threads == 1 ? "one thread" : "\(threads) threads") in all its attempts has "
          + "recorded a checkpoint there yet; --rates here times this machine")
    }
    let source =
      "\(recorded.count) recorded \(recorded.count == 1 ? "run" : "runs")" + (rates == "ledger" ? "" : " at \(rates)")
    return estimate(recorded.map { .init(shape: $0.shape, rate: $0.rate) }, source: source, recorded: recorded)
  }

  private func timed() async throws -> PlanEstimate {
    let shapes = PlanEstimate.shapes(of: listing.plan, voxels: listing.voxels)
    guard !shapes.isEmpty else {
      throw InputError("\(listing.plan.name): every variant is skipped or no GAN, and only a GAN's cost is estimated")
    }
    let chosen = CostModel.representatives(of: shapes, limit: Self.measuredShapes)
    let asked = String(decoding: try CanonicalJSON.data(chosen), as: UTF8.self)
    let answer = try await WorkerProgram.output(
      ["calibrate", "--seconds", "\(Self.secondsEach)", "--threads", "\(threads)"], input: asked)
    let calibration: Calibration = try CanonicalJSON.value(from: Data(answer.utf8))
    let (processor, kernels) = (calibration.provenance.processor, calibration.provenance.kernels)
    let count = "\(chosen.count) of \(shapes.count) \(shapes.count == 1 ? "shape" : "shapes")"
    var recorded: [RecordedRate] = []
    do {
      recorded = try Ledger(reading: workspace).recordedRates(threads: threads).filter { $0.processor == processor }
    } catch LedgerError.absent {}
    return estimate(
      zip(chosen, calibration.rates).map { .init(shape: $0, rate: $1) },
      source: "\(count) timed on this machine now (\(processor), \(kernels))", recorded: recorded)
  }

  private func estimate(
    _ samples: [CostModel.Sample], source: String, recorded: [RecordedRate]
  ) -> PlanEstimate {
    PlanEstimate(
      listing.plan, ids: listing.expanded.ids, voxels: listing.voxels, samples: samples,
      walltime: walltime - WalltimeMargin.standard(walltime), target: target, threads: threads, source: source,
      recorded: recorded)
  }
}

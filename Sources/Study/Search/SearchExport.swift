package import Ledger
package import Reports
import Search

extension SearchProgress {
  /// The search in pictures.
  /// - Throws: `LedgerError`.
  package func plots(in ledger: Ledger) throws -> [Plot] {
    SearchPlots(sweep, specification, evidence, course: try ledger.course(of: sweep)).plots
  }

  /// The search as Optuna keeps it.
  package var optuna: OptunaStorage {
    let trials = standings.map { standing in
      let trial = evidence.trials[standing.trial]
      let start = entries.first { $0.decision.trial == standing.trial }
      return OptunaStorage.Trial(
        trial.point, state: standing.state, value: standing.objective, curve: trial.replicates.first?.curve ?? [],
        reason: standing.reason, started: start?.time ?? 0, heard: heard[standing.trial])
    }
    return OptunaStorage(name: sweep, space: specification.space, trials: trials)
  }
}

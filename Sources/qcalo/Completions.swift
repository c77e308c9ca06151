import ArgumentParser
import Ledger

extension CompletionKind {
  /// The names of the usual workspace's sweeps.
  static var sweeps: CompletionKind {
    .custom { _, _, _ in (try? Ledger(reading: WorkspaceOptions.usual).sweeps()) ?? [] }
  }

  /// The labels and the names of the usual workspace's runs.
  static var runs: CompletionKind {
    .custom { _, _, _ in (try? Ledger(reading: WorkspaceOptions.usual).runNames()) ?? [] }
  }
}

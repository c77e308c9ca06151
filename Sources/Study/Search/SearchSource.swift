import Condor
import Experiment
import Foundation
package import Ledger
import Storage
package import Sweeps

/// Where the searches of a workspace come from.
package enum SearchSource {
  /// The search that is meant by a sweep's file, or by the name of one that was begun.
  /// - Returns: What the file says, and its path; nil where the sweep is no search.
  /// - Throws: `SweepError`; `InputError` when the file of one that was begun is gone; `StorageError`.
  package static func find(
    _ argument: String, in workspace: Workspace
  ) throws -> (expanded: ExpandedSweep, source: String)? {
    if SweepFile.isMeant(by: argument) { return try search(in: argument) }
    guard names(in: workspace).contains(argument) else { return nil }
    let source = try RecordedSweep.read(argument, in: workspace).source
    guard FileManager.default.isReadableFile(atPath: source) else {
      throw InputError(
        "\(argument) is a search, which goes on by its file, and there is no \(source) any more; name the file")
    }
    guard let found = try search(in: source), found.expanded.plan.name == argument else {
      throw InputError("\(source) has not the search \(argument) any more; name its file")
    }
    return found
  }

  private static func search(in file: String) throws -> (expanded: ExpandedSweep, source: String)? {
    let expanded = try SweepFile.expand(file)
    return expanded.search == nil ? nil : (expanded, file)
  }

  /// The names of the searches that were begun.
  private static func names(in workspace: Workspace) -> [String] {
    ((try? Folder.names(in: workspace.searches)) ?? []).filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }
      .sorted()
  }

  /// What the searches have to say of a run, in sentences.
  /// - Throws: `InputError`, `LedgerError`, `StorageError`.
  package static func explanation(of name: String, in ledger: Ledger) throws -> [String] {
    let searches = names(in: ledger.workspace)
    guard !searches.isEmpty else { return [] }
    let run = try ledger.status(of: name).run
    return try searches.flatMap { try SearchProgress($0, in: ledger)?.explanation(of: run) ?? [] }
  }
}

extension Workspace {
  /// Whether runs of a sweep were ever sent to HTCondor.
  package func hasSubmissions(of sweep: String) -> Bool {
    Submission.all(in: path).contains { $0.manifest.sweep == sweep && $0.receipt != nil }
  }
}

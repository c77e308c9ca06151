import ArgumentParser
import Foundation
import Ledger
import Storage
import Sweeps

/// Where the study lies on disk.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder of the ledger, the runs and the prepared data.",
      discussion: "Default: $QCALO_WORKSPACE, or qcalo-work in the current folder.", valueName: "folder"))
  var workspace: String?

  /// The workspace, with a ledger of this version if it has one.
  /// - Throws: `LedgerError`, `StorageError` when that of an earlier version cannot be made anew.
  var value: Workspace {
    get throws {
      let workspace = place
      try Ledger.upgrade(workspace, say: Terminal.say)
      return workspace
    }
  }

  /// The one named on the command line, in the environment, or the usual one; an absolute path.
  var place: Workspace {
    let environment = ProcessInfo.processInfo.environment["QCALO_WORKSPACE"]
    let path = workspace ?? (environment.flatMap { $0.isEmpty ? nil : $0 } ?? "qcalo-work")
    return Workspace(path: URL(fileURLWithPath: path).standardizedFileURL.path)
  }
}

extension Ledger {
  /// Whether an argument means a sweep, by its file or by a name that the ledger has.
  func hasSweep(meantBy argument: String) throws -> Bool {
    try SweepFile.isMeant(by: argument) || sweeps().contains(argument)
  }
}

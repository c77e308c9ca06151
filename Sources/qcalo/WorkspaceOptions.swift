import ArgumentParser
import Foundation
import Ledger
import Storage
import Study

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
  var place: Workspace { workspace.map(Self.at) ?? Self.usual }

  /// The one named in the environment, or the usual one.
  static var usual: Workspace {
    let environment = ProcessInfo.processInfo.environment["QCALO_WORKSPACE"]
    return at(environment.flatMap { $0.isEmpty ? nil : $0 } ?? "qcalo-work")
  }

  private static func at(_ path: String) -> Workspace {
    Workspace(path: URL(fileURLWithPath: path).standardizedFileURL.path)
  }
}

extension WorkspaceOptions {
  /// The sweep that an argument means, by its name or its file.
  /// - Throws: `InputError` for a file that another one's sweep has the name of; `LedgerError`, `SweepError`.
  func sweep(meantBy argument: String) throws -> String { try value.sweep(meantBy: argument) }
}

/// Whether a sweep may take the place of another file's.
struct ReplaceOption: ParsableArguments {
  @Flag(help: "Take the place of a sweep of the same name that another file has started.")
  var replace = false
}

import ArgumentParser
import Foundation
import Ledger

/// Where the study lies on disk.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder of the ledger, the runs and the prepared data.",
      discussion: "Default: $QCALO_WORKSPACE, or qcalo-work in the current folder.", valueName: "folder"))
  var workspace: String?

  /// The one named on the command line, in the environment, or the usual one; an absolute path.
  var value: Workspace {
    let environment = ProcessInfo.processInfo.environment["QCALO_WORKSPACE"]
    let path = workspace ?? (environment.flatMap { $0.isEmpty ? nil : $0 } ?? "qcalo-work")
    return Workspace(path: URL(fileURLWithPath: path).standardizedFileURL.path)
  }

  /// A sweep's name, for which its file's path may stand too.
  static func sweepName(_ argument: String) -> String {
    let file = URL(fileURLWithPath: argument)
    return ["yaml", "yml"].contains(file.pathExtension) ? file.deletingPathExtension().lastPathComponent : argument
  }
}

import ArgumentParser
import Foundation
import Ledger
import Reports
import Sweeps

/// `--workspace`, the same for every verb.
struct WorkspaceOption: ParsableArguments {
  @Option(
    name: [.customLong("workspace"), .customShort("w")],
    help: "The folder with the ledger and the runs; by default $QCALO_WORKSPACE, else ./qcalo-work.",
    completion: .directory)
  var path: String?

  /// The workspace, as an absolute path.
  var workspace: Workspace {
    let named = ProcessInfo.processInfo.environment["QCALO_WORKSPACE"].flatMap { $0.isEmpty ? nil : $0 }
    return Workspace(path: URL(fileURLWithPath: path ?? named ?? "qcalo-work").standardizedFileURL.path)
  }
}

/// `--format`, the same for every listing.
struct FormatOption: ParsableArguments {
  @Option(help: "table, json, csv or markdown.")
  var format = TableFormat.table
}

extension TableFormat: ExpressibleByArgument {}

/// A sweep file, and how many variants it may have.
struct SweepOption: ParsableArguments {
  @Argument(help: "The sweep file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var sweep: String

  @Option(help: "More variants than this are an error.")
  var limit = SweepFile.variantLimit

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit: \(limit) is not 1 or more") }
  }
}

/// Which of a sweep's rows and seeds are meant.
struct SelectionOption: ParsableArguments {
  @Option(help: "Only the variants with this label, table/label, name or identity; can be given more than once.")
  var only: [String] = []

  @Option(help: "Only these of the sweep's seeds, separated by commas.")
  var seeds: SeedList?
}

/// Seeds as one argument: "1,2,5".
struct SeedList: ExpressibleByArgument {
  var values: [UInt64]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { UInt64($0) }
    guard values.count == parts.count else { return nil }
  }
}

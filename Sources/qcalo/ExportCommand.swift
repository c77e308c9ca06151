import ArgumentParser
import Experiment
import Foundation
import Ledger
import Reports

struct ExportCommand: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument { case latex, hepdata, csv }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "A sweep's results for a paper (LaTeX), for HEPData, or as CSV files.",
    discussion: """
      qcalo export table2 --to latex --output table2.tex
      qcalo export study --to hepdata --output submission
      qcalo export study --to csv --output study-csv
      """)

  @Argument(help: "A sweep's name or file.")
  var sweep: String

  @Option(help: "latex (one file), hepdata or csv (a folder).")
  var to: Kind

  @Option(name: .shortAndLong, help: ArgumentHelp("The file or folder to write.", valueName: "path"))
  var output: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let ledger = try Ledger(reading: workspace.value)
    let results = try SweepResults(WorkspaceOptions.sweepName(sweep), in: ledger)
    switch to {
    case .latex: try OutputFiles.write(results.latex(), to: output)
    case .hepdata: try OutputFiles.write(results.hepData(), into: output)
    case .csv: try OutputFiles.write(results.csvBundle(ledger), into: output)
    }
  }
}

/// Files that a user asked for.
enum OutputFiles {
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      print(path)
    } catch let error as CocoaError {
      throw StorageError(operation: "writing", path: path, reason: error.localizedDescription, code: 0)
    }
  }

  /// Files by name, into a folder that is made if need be.
  static func write(_ files: [String: String], into folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch let error as CocoaError {
      throw StorageError(operation: "making the folder", path: folder, reason: error.localizedDescription, code: 0)
    }
    for (name, text) in files.sorted(by: { $0.key < $1.key }) { try write(text, to: folder + "/" + name) }
  }
}

import ArgumentParser
import Experiment
import Foundation
import Ledger
import Reports
import Storage
import Study

struct ExportCommand: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument { case latex, hepdata, csv, optuna }
  enum Format: String, CaseIterable, ExpressibleByArgument { case keras, onnx }
  enum Part: String, CaseIterable, ExpressibleByArgument { case behind, before }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "A sweep's results for a paper, HEPData or as CSV, a search for Optuna; a generator's classical layers for Keras or as ONNX.",
    discussion: """
      qcalo export table2 --to latex --output table2.tex
      qcalo export study --to hepdata --output submission
      qcalo export study --to csv --output study-csv
      qcalo export search-template --to optuna --output search.db
      qcalo export classical-50-200-s1-d7fe442dd211 --format keras --output generator.h5
      qcalo export generator-000126.h5 --format onnx --output generator.onnx

      A generator's file says in its attributes (metadata in ONNX) what goes in and what comes out: into layers behind \
      a circuit go its ⟨Z_i⟩, which `qcalo circuit export` computes elsewhere; out come fractions of the kinetic energy.
      """)

  @Argument(help: "A sweep's name or file; with --format a run, or a checkpoint's file.")
  var subject: String

  @Option(
    help: "A sweep's results as latex (one file), hepdata or csv (a folder); a search as optuna's storage (SQLite).")
  var to: Kind?

  @Option(help: "A generator's classical layers for keras (HDF5 for load_model) or as onnx.")
  var format: Format?

  @Option(help: "With --format, of a QINN stage: the layers behind its circuits (if not given), or before them.")
  var part: Part?

  @Option(help: ArgumentHelp("Of a run: best (if not given), last or a checkpoint's number.", valueName: "which"))
  var checkpoint: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file or folder to write; - for the standard output where it is one file.", valueName: "path"))
  var output: String

  @Flag(help: "With --to csv: an apostrophe before texts that a spreadsheet would run as formulas (= + - @).")
  var csvSafe = false

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if csvSafe, to != .csv { throw ValidationError("--csv-safe belongs to --to csv.") }
    if (to != nil) == (format != nil) {
      throw ValidationError("Give --to for a sweep's results, or --format for a run.")
    }
    if output == "-", let to, to != .latex {
      let what = to == .optuna ? "a database; name its file" : "several files; name the folder to write them into"
      throw ValidationError("--output: --to \(to.rawValue) makes \(what).")
    }
    if checkpoint != nil && format == nil { throw ValidationError("--checkpoint belongs to --format.") }
    if part != nil && format == nil { throw ValidationError("--part belongs to --format.") }
  }

  func run() throws {
    if let format { try becomeWorker(format) }
    guard let to else { return }
    let progress = ProgressLine("exporting")
    defer { progress.end() }
    let ledger = try Ledger(reading: workspace.value)
    let name = try workspace.sweep(meantBy: subject)
    if to == .optuna { return try writeOptuna(name, ledger) }
    let results = try SweepResults(name, in: ledger)
    let written: [String] =
      switch to {
      case .optuna: []
      case .latex: [try OutputFiles.write(results.latex(), to: output)].compactMap { $0 }
      case .hepdata: try OutputFiles.write(results.hepData(), into: output)
      case .csv: try OutputFiles.write(results.csvBundle(ledger, spreadsheetSafe: csvSafe), into: output)
      }
    progress.end()
    for path in written { try Output.line(path) }
  }

  /// Writes a search as Optuna keeps it.
  private func writeOptuna(_ name: String, _ ledger: Ledger) throws {
    guard let progress = try SearchProgress(name, in: ledger) else {
      throw InputError("\(name) has no search, which --to optuna is for")
    }
    try progress.optuna.write(to: output)
    try Output.line(output)
  }

  /// What is in checkpoints is the worker's to read.
  private func becomeWorker(_ format: Format) throws -> Never {
    let source = try subject.hasSuffix(".h5") || FileManager.default.fileExists(atPath: subject) ? subject : runFolder()
    try WorkerProgram.become(
      ["export", source, "--format", format.rawValue, "--output", output]
        + (checkpoint.map { ["--checkpoint", $0] } ?? []) + (part.map { ["--part", $0.rawValue] } ?? []))
  }
}

extension ExportCommand {
  /// The folder of the run that is meant; its name may be shortened where there is a ledger.
  private func runFolder() throws -> String {
    let workspace = try workspace.value
    let folder = workspace.runFolder(subject)
    if FileManager.default.fileExists(atPath: folder) { return folder }
    return workspace.runFolder(try Ledger(reading: workspace).run(named: subject))
  }
}

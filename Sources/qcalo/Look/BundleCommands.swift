import ArgumentParser
import Experiment
import Storage
import Study

struct BundleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Put a sweep's runs into one file, for another workspace.",
    discussion: """
      Journals, records and the generators that are kept; no data, and no full checkpoints. A tar archive: the same files \
      give the same bytes.

      qcalo bundle table2 --output table2.tar
      """)

  @Argument(help: "A sweep's name or file.", completion: .sweeps)
  var sweep: String

  @Option(help: "The file to write; - for the standard output.", completion: .file())
  var output: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let file = OutputFile(output)
    let draft = try file.draft()
    defer { draft.remove() }
    let summary = try SweepBundle.write(workspace.sweep(meantBy: sweep), of: workspace.value, to: draft.path)
    try file.deliver(draft)
    let text =
      "\(output): \(summary.runs) \(summary.runs == 1 ? "run" : "runs"), \(summary.files) files, "
      + "\((summary.bytes + 999_999) / 1_000_000) MB"
    if file.isStandardOutput { Terminal.say(text) } else { try Output.line(text) }
  }
}

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take in a bundle of runs, or configuration files of FastCaloQ as a sweep file.",
    discussion: """
      Of a bundle all is checked first. Nothing that is here is overwritten: what is another here stays and is told, and the \
      end is then \(ProgramEnd.checkFailed.rawValue). The ledger takes everything in; a rebuilt one is the same.

      Configuration files (.json) become a sweep file with a variant each. What they leave out is what their program takes \
      then for pions; that, and what is not supported, is said. A run's name says more than its configuration: mask, \
      preprocessing, energies. It is read from the path, or given by --run.

      qcalo import table2.tar
      qcalo import config_hpo27Quantum*.json --output theirs.yaml
      qcalo import config_hpo27.json --run BNReLU_hpo27-M1-Sge12
      """)

  @Argument(help: ArgumentHelp("A bundle, or configuration files.", valueName: "file"), completion: .file())
  var files: [String]

  @Option(
    help: "Of configuration files: the sweep file to write; the standard output if not given.", completion: .file())
  var output: String?

  @Option(
    name: .customLong("run"),
    help: "Of one configuration file: the name of its run, such as BNReLU_hpo27-M1-Plog10.1-Sge12.")
  var runName: String?

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    let configurations = files.filter(ConfigurationImport.isMeant)
    if configurations.count == files.count { return }
    if files.count > 1, let other = files.first(where: { !ConfigurationImport.isMeant(by: $0) }) {
      throw ValidationError(
        "'\(other)' is no configuration file (.json), and a bundle is taken in by itself: leave out it or the others.")
    }
    if output != nil || runName != nil {
      throw ValidationError("--output and --run are of configuration files (.json).")
    }
  }

  func run() throws {
    if ConfigurationImport.isMeant(by: files[0]) { return try configurations() }
    let report = try BundleImport(files[0], into: workspace.value).apply()
    for conflict in report.conflicts { Terminal.say(conflict) }
    try Output.line(
      "\(counted(report.taken.count, "run")) taken in, \(report.known.count) here already, "
        + "\(counted(report.conflicts.count, "conflict")).")
    if !report.conflicts.isEmpty { throw ExitCode(ProgramEnd.checkFailed.rawValue) }
  }

  private func configurations() throws {
    let made = try ConfigurationImport(files, run: runName, name: "fastcaloq")
    for remark in made.remarks { Terminal.say(remark) }
    let file = OutputFile(output ?? "-")
    try file.write(made.text)
    if !file.isStandardOutput { try Output.line(file.path) }
  }
}

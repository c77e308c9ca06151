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
    abstract: "Take in a bundle: a colleague's or another site's runs.",
    discussion: """
      All of it is checked first. Nothing that is here is overwritten: what is another here stays and is told, and the end \
      is then \(ProgramEnd.checkFailed.rawValue). The ledger takes everything in; a rebuilt one is the same.

      qcalo import table2.tar
      """)

  @Argument(help: "The bundle.", completion: .file())
  var bundle: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() throws {
    let report = try BundleImport(bundle, into: workspace.value).apply()
    for conflict in report.conflicts { Terminal.say(conflict) }
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    try Output.line(
      "\(count(report.taken.count, "run")) taken in, \(report.known.count) here already, "
        + "\(count(report.conflicts.count, "conflict")).")
    if !report.conflicts.isEmpty { throw ExitCode(ProgramEnd.checkFailed.rawValue) }
  }
}

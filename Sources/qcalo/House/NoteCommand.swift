import ArgumentParser
import Ledger
import Records
import Reports
import Storage
import Study

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Writes tags and a text on a run, or on all runs of a sweep; without either shows them.",
    discussion: """
      They are in the run's folder, go into bundles, and are columns of `status`, `results` and the ledger's table notes.

      qcalo note 2x/s2 --tag talk,promising --text "the one of Tuesday's talk"
      qcalo note table2 --untag promising
      qcalo status --where tags~talk
      """)

  @Argument(help: ArgumentHelp("A run, or a sweep's name.", valueName: "what"), completion: .runs)
  var name: String

  @Option(help: ArgumentHelp("Add these tags, separated by commas.", valueName: "tags"))
  var tag: TagList?

  @Option(help: ArgumentHelp("Take these tags away.", valueName: "tags"))
  var untag: TagList?

  @Option(help: ArgumentHelp("The text, in place of the one before; '' for none.", valueName: "text"))
  var text: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    for (option, tags) in [("--tag", tag), ("--untag", untag)] {
      if let flaw = tags?.values.lazy.compactMap(RunNotes.flaw(inTag:)).first {
        throw ValidationError("\(option): \(flaw)")
      }
    }
  }

  func run() throws {
    let workspace = try workspace.value
    let runs = try NotedRuns.meant(by: name, in: Ledger(reading: workspace))
    if tag != nil || untag != nil || text != nil {
      try NotedRuns.change(runs, in: workspace) { notes in
        notes.mark(tag?.values ?? [], without: untag?.values ?? [])
        if let text { notes.text = text }
      }
    }
    let rows = try runs.map { run -> [Cell] in
      let notes = try NotedRuns.notes(on: run, in: workspace)
      return [.text(run), .text(notes.tags.joined(separator: ",")), .text(notes.text)]
    }
    try format.print(TextTable(key: "notes", columns: ["run", "tags", "text"], rows: rows))
  }
}

/// Tags as one argument: "talk,promising".
struct TagList: ExpressibleByArgument {
  var values: [String]

  init(argument: String) {
    values = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

struct RenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Gives a sweep another name in this workspace.",
    discussion: """
      Its file still has the old one: `name: NEW` in it has the next `qcalo run` of the file go on with this sweep.

      qcalo rename table2 table2-before-the-fix
      """)

  @Argument(help: "The sweep's name.", completion: .sweeps)
  var sweep: String

  @Argument(help: ArgumentHelp("The name to give it: a-z, 0-9 and -.", valueName: "name"))
  var name: String

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let workspace = try workspace.value
    let source = try RenamedSweep.rename(sweep, to: name, in: workspace, pool: await PoolStatus(workspace))
    Terminal.say("\(sweep) is \(name) now; write `name: \(name)` into \(source), or its next run begins \(sweep) again")
  }
}

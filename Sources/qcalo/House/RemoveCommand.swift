import ArgumentParser
import Experiment
import Ledger
import Reports
import Storage
import Study

struct RemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Moves a sweep with its runs, or a run, into the workspace's bin.",
    discussion: """
      Runs that another sweep has stay, and so does what anybody works on. `qcalo bin restore` takes it back, `qcalo bin \
      empty` deletes it for good; `qcalo bundle` makes a file of a sweep to keep.

      qcalo remove table2
      qcalo remove table2 --keep-runs
      qcalo remove 2x/s3
      """)

  @Argument(help: ArgumentHelp("A sweep's name, or a run.", valueName: "what"), completion: .sweeps)
  var name: String

  @Flag(help: "Of a sweep: leave its runs, which another sweep may ask for.")
  var keepRuns = false

  @OptionGroup var workspace: WorkspaceOptions

  func run() async throws {
    let workspace = try workspace.value
    let entry = try RemovedFiles(workspace).remove(name, keepsRuns: keepRuns, pool: await PoolStatus(workspace))
    try Output.line("bin/\(entry.name): \(entry.sentence)")
  }
}

struct BinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bin", abstract: "What `remove` has put aside: lists it, takes it back, or deletes it.",
    subcommands: [List.self, Restore.self, Empty.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists what lies in the bin.")
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOption

    func run() throws {
      let entries = try RemovedFiles(workspace.place).entries()
      try format.print(
        TextTable(
          key: "entries", columns: ["name", "sweeps", "runs", Column("MB", key: "megabytes")],
          rows: entries.map { entry in
            let sweeps = entry.paths.count { $0.hasPrefix("sweeps/") }
            return [
              .text(entry.name), .integer(sweeps), .integer(entry.paths.count - sweeps),
              .number(Double(entry.bytes) / 1e6),
            ]
          }))
    }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Puts what was removed back where it was.")
    @Argument(help: "Its name in the bin, the beginning of that, or the name of what was removed.")
    var name: String
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      let entry = try RemovedFiles(workspace.value).restore(name)
      try Output.line("back from bin/\(entry.name): \(entry.sentence)")
    }
  }

  struct Empty: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Deletes what lies in the bin, for good.")
    @OptionGroup var workspace: WorkspaceOptions

    func run() throws {
      for entry in try RemovedFiles(workspace.value).empty() {
        try Output.line("deleted \(entry.name): \(entry.sentence)")
      }
    }
  }
}

extension RemovedFiles.Entry {
  fileprivate var sentence: String {
    let sweeps = paths.count { $0.hasPrefix("sweeps/") }
    return "\(counted(sweeps, "sweep")), \(counted(paths.count - sweeps, "run")), \(Double(bytes / 100_000) / 10) MB"
  }
}

import ArgumentParser
import Commands
import Experiment
import FoundationEssentials
import Records
import Storage
import Training

struct CheckpointsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoints",
    abstract: "Lists, verifies, prunes or digests a run's checkpoints.",
    discussion: """
      qcalo checkpoints list RUN
      qcalo checkpoints verify RUN
      qcalo checkpoints prune some-work/runs/RUN --every 10 --dry-run
      """,
    subcommands: [List.self, Verify.self, Prune.self, Digest.self])

  struct Folder: ParsableArguments {
    @Argument(help: "The run's folder, or its name in $QCALO_WORKSPACE or qcalo-work.", completion: .directory)
    var folder: String

    /// - Throws: `InputError` when there is none.
    var value: RunFolder {
      get throws {
        let workspace = ProcessInfo.processInfo.environment["QCALO_WORKSPACE"] ?? "qcalo-work"
        let named = "\(workspace)/runs/\(folder)"
        let isName = !folder.contains("/") && FileManager.default.fileExists(atPath: named)
        let path = isName ? named : folder
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
          throw InputError("\(folder): there is no such folder, and no run of that name in \(workspace)")
        }
        return RunFolder(path)
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the checkpoints, with what is on the disk.")
    @OptionGroup var argument: Folder
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() throws {
      let catalogue = try CheckpointCatalogue(folder: argument.value)
      guard format == .text else { return try Output.line(json(catalogue)) }
      try Output.line("checkpoint  iteration  χ²/NDF  files")
      for entry in catalogue.checkpoints {
        let between = entry.iteration > 0 && entry.reduced == nil && entry.generator == nil ? "+" : ""
        let score = entry.reduced.map { String(($0 * 1000).rounded() / 1000) } ?? "-"
        let files = [entry.full, entry.generator].compactMap { $0 }.joined(separator: " ")
        try Output.line(
          [
            padded("\(entry.checkpoint)\(between)", 10), padded("\(entry.iteration)", 10), padded(score, 7), "",
            files.isEmpty ? "(pruned)" : files, entry.checkpoint == catalogue.best && between == "" ? "best" : "",
          ].joined(separator: " "))
      }
    }

    private func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads every checkpoint and compares it with its own checksum and with the journal.")
    @OptionGroup var argument: Folder
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() throws {
      let progress = ProgressLine("reading checkpoints")
      let found = try CheckpointVerification(folder: argument.value, progress: progress)
      progress.end()
      if format == .json {
        try Output.line(json(found))
      } else {
        for flaw in found.flaws + found.journal { try Output.line(flaw) }
        try Output.line("\(found.intact.count) checkpoints are intact, \(found.flaws.count) are not")
      }
      if !(found.flaws + found.journal).isEmpty { throw ProgramEnd.checkFailed.exit }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes the checkpoints that nothing needs.",
      discussion: """
        Kept are the last full checkpoints, which a resume needs; the generators of the window around the best \
        checkpoint, of checkpoint 0 and of the last one; and every k-th generator. The journals, which tables are made \
        from, are never touched.
        """)
    @OptionGroup var argument: Folder
    @Option(help: "Full checkpoints that stay.") var full = 2
    @Option(help: "Generators that stay on both sides of the best one.") var window = 30
    @Option(help: "Every how many checkpoints a generator stays besides.") var every: Int?
    @Flag(help: "Says what would be removed, and removes nothing.") var dryRun = false

    func validate() throws {
      if full < 2 { throw ValidationError("--full: \(full) is not at least 2, and one file can be torn") }
      if window < 0 { throw ValidationError("--window: \(window) is not 0 or more") }
      if let every, every < 1 { throw ValidationError("--every: \(every) is not 1 or more") }
    }

    func run() throws {
      _ = try CheckpointCatalogue(folder: argument.value)
      let policy = PrunePolicy(full: full, window: window, every: every)
      let files = try dryRun ? policy.superfluous(in: argument.value) : policy.apply(to: argument.value)
      for file in files { try Output.line(file) }
      Terminal.line("\(files.count) files \(dryRun ? "would be" : "are") removed")
    }
  }

  struct Digest: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints checksums of all that a run has trained and recorded, as JSON, to compare two runs by.")
    @OptionGroup var argument: Folder

    func run() throws { try Output.line(json(RunDigest(folder: argument.value))) }
  }
}

import ArgumentParser
import Commands
import Condor
import Experiment
import Ledger
import Search
import Storage
import Study
import Sweeps

struct SearchStepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "See what of a search has come back from HTCondor, decide what comes next, and submit it.",
    discussion: """
      By hand, by cron or from DAGMan: between two steps nothing has to stay alive, and a step that was killed is made \
      again. Ends with 0 when the search is over, with \(ProgramEnd.resumable.rawValue) while further steps go on with it, \
      with \(ProgramEnd.checkFailed.rawValue) when what is left waits for somebody.

      qcalo search step sweeps/search-template.yaml --site lxbatch
      qcalo search step search-template --watch
      """)

  @Argument(help: "The search's name or file.")
  var search: String

  @OptionGroup var site: SearchSiteOptions

  @Flag(help: "Step after step, until the search is over or this is interrupted.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: the seconds between.", valueName: "seconds"))
  var every = 60

  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if let flaw = Bounds.flaw("--every", every, Bounds.pause) { throw ValidationError(flaw) }
  }

  func run() async throws {
    StopSignals.install()
    let workspace = try workspace.value
    guard watch else { return try await once(workspace).finish() }
    while true {
      do {
        let step = try await once(workspace)
        if !step.isGoingOn { return try step.finish() }
      } catch let error as any EndingError where [.resumable, .locked, .storageFailure].contains(error.programEnd) {
        // What the next step may find otherwise: HTCondor answers, a lock is free, the disk has room.
        Terminal.say("\(error)")
      }
      for _ in 0..<(5 * every) where StopSignals.request == nil { try await Task.sleep(for: .milliseconds(200)) }
      if StopSignals.request != nil { throw ProgramEnd.resumable.exit }
    }
  }

  private func once(_ workspace: Workspace) async throws -> CondorSearch.Step {
    guard let (expanded, source) = try SearchSource.find(search, in: workspace) else {
      throw InputError("\(search) is no search; `qcalo submit` sends a sweep's runs")
    }
    return try await CondorSearch.step(expanded, source: source, to: site.shares(), in: workspace)
  }
}

extension CondorSearch {
  /// Makes a step of a search, and prints how it stands.
  /// - Parameters:
  ///   - expanded: The sweep file's content.
  ///   - source: The file.
  ///   - sites: Where its runs go; nil: where the latest went.
  ///   - package: The worker's package; nil: one of the worker beside this program.
  ///   - replaces: Whether it may take the place of another file's sweep.
  ///   - again: Whether what was cancelled or has failed each time is sent once more.
  ///   - workspace: Where it is recorded.
  /// - Returns: How it stands.
  /// - Throws: `CondorError`, `InputError`, `LedgerError`, `StorageError`; `StartedSearch.Locked`.
  static func step(
    _ expanded: ExpandedSweep, source: String, to sites: SiteShares?, package: String? = nil, replaces: Bool = false,
    again: Bool = false, in workspace: Workspace
  ) async throws -> Step {
    var started = try await StartedSearch(
      expanded, source: source, in: workspace, replaces: replaces, say: Terminal.say)
    let patience = sites?.shares.map(\.site.querySeconds).max() ?? CondorTools().timeout
    let step = try await CondorSearch(package: package, tools: CondorTools(timeout: patience), say: Terminal.say)
      .step(&started, to: sites, again: again)
    guard let progress = try started.progress() else { return step }
    if let end = step.end {
      try Output.line("The search \(started.name) is over: \(end). \(progress.sentence(progress.verdict))")
    } else {
      try Output.line(
        "\(started.name): \(progress.evidence.trials.count) of \(progress.specification.trials) trials, "
          + "\(step.pending) runs being trained")
    }
    return step
  }
}

extension CondorSearch.Step {
  /// Ends as the search stands.
  /// - Throws: `ExitCode` unless it is over.
  func finish() throws {
    if end != nil { return }
    if isGoingOn { throw ProgramEnd.resumable.exit }
    Terminal.say("nothing is being trained, and what is left waits for somebody")
    throw ProgramEnd.checkFailed.exit
  }
}

/// Where the runs of a search go.
struct SearchSiteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The pool, as for `submit`; if not given, where its runs went last.", valueName: "name or file"))
  var site: String?

  @Option(help: ArgumentHelp("Several pools, which get the runs in turn, as for `submit`.", valueName: "sites"))
  var sites: String?

  func validate() throws {
    if site != nil, sites != nil { throw ValidationError("give one of --site and --sites") }
  }

  func shares() throws -> SiteShares? {
    let library = try CondorBackend.library()
    if let sites { return try SiteShares(sites, profile: library.profile) }
    return try site.map { SiteShares(try library.profile($0)) }
  }
}

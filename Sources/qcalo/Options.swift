import ArgumentParser
import Commands
import Condor
import Experiment
import Foundation
import Study
import Sweeps

/// A sweep file, and how many variants it may have.
struct SweepOptions: ParsableArguments {
  @Argument(help: "The sweep file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var sweep: String

  @Option(help: ArgumentHelp("More variants than this are an error.", valueName: "count"))
  var limit = SweepFile.variantLimit

  @Flag(help: "Leave out variants that provably compute the same family of functions as an earlier one.")
  var skipEquivalent = false

  func validate() throws {
    if let flaw = Bounds.flaw("--limit", limit, Bounds.variants) { throw ValidationError(flaw) }
  }

  func expanded() throws -> ExpandedSweep { try SweepFile.expand(sweep, variantLimit: limit) }

  func plan(of expanded: ExpandedSweep) -> SweepPlan {
    skipEquivalent ? Equivalence(expanded.plan).skipping(expanded.plan) : expanded.plan
  }
}

/// Which of a sweep's rows and seeds are meant.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only the variants with this label, table/label, name or identity; can be given more than once.",
      valueName: "variant"))
  var only: [String] = []

  @Option(help: ArgumentHelp("Only these of the sweep's seeds, separated by commas.", valueName: "seeds"))
  var seeds: SeedList?

  var value: Selection { Selection(only: only, seeds: seeds?.values) }
}

/// Which pool is meant.
struct SiteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The pool: lxbatch, lxbatch-eos, lxbatch-spool, lxbatch-gpu-node, generic, local-pool, or the path of a site file.",
      valueName: "name or file"))
  var site: String

  func profile() throws -> SiteProfile { try CondorBackend.library().profile(site) }
}

/// Which pool is meant, or which pools together.
struct SharedSiteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The pool: lxbatch, lxbatch-eos, lxbatch-spool, lxbatch-gpu-node, generic, local-pool, or the path of a site file.",
      valueName: "name or file"))
  var site: String?

  @Option(
    help: ArgumentHelp(
      "Several pools, which get the runs in turn, so many each if a number follows: lxbatch:3,generic.",
      valueName: "sites"))
  var sites: String?

  func validate() throws {
    if (site == nil) == (sites == nil) { throw ValidationError("give one of --site and --sites") }
  }

  func shares() throws -> SiteShares {
    let library = try CondorBackend.library()
    if let sites { return try SiteShares(sites, profile: library.profile) }
    return SiteShares(try library.profile(site ?? ""))
  }
}

/// The workers on this machine.
struct WorkerOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Workers at a time; by default as many as leave no core idle.", valueName: "count"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Threads of a worker, used while they save time: for fewer runs than cores. No result depends on it.",
      valueName: "count"))
  var threads = 1

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs: \(jobs) is not 1 or more") }
    if let flaw = Bounds.flaw("--threads", threads, Bounds.threads) { throw ValidationError(flaw) }
  }

  /// Workers at a time.
  var count: Int { jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads) }
}

/// Seeds as one argument: "1,2,5".
struct SeedList: ExpressibleByArgument {
  var values: [UInt64]

  init?(argument: String) {
    guard let seeds = argument.commaSeparated({ UInt64($0) }) else { return nil }
    values = seeds
  }
}

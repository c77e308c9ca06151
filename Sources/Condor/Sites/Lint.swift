package import Experiment
import Storage

/// A site's rules, checked on what is about to be submitted, each with its reason.
package struct Lint: Sendable {
  /// What one rule says of the submission.
  package struct Finding: Hashable, Sendable {
    /// Whether a submission may go on; an `error` stops it.
    package enum Severity: String, Sendable { case ok, warning, error }
    /// The rule's name, a word such as `commands`.
    package var rule: String
    /// How bad it is.
    package var severity: Severity
    /// A sentence: what was found, and what to do about it.
    package var text: String
  }

  /// The pool whose rules are checked.
  package var site: SiteProfile
  /// The workspace's folder, absolute, as HTCondor will see it.
  package var workspace: String
  /// The jobs that are about to be submitted.
  package var jobs: [JobDescription]
  /// The largest job's needs.
  package var resources: Resources
  /// Source files of the sweep's datasets.
  package var sources: [String]
  /// Seconds of one whole run, if they are known.
  package var runSeconds: Double?

  package init(
    site: SiteProfile, workspace: String, jobs: [JobDescription], resources: Resources, sources: [String],
    runSeconds: Double?
  ) {
    self.site = site
    self.workspace = workspace
    self.jobs = jobs
    self.resources = resources
    self.sources = sources
    self.runSeconds = runSeconds
  }

  /// Every rule, with what it finds.
  package var findings: [Finding] {
    [walltime, starts, refusedPaths, refusedCommands, folders, entries, spool, state, eventLog, outputs, holds]
  }

  private func finding(_ rule: String, error: String? = nil, warning: String? = nil, ok: String) -> Finding {
    Finding(
      rule: rule, severity: error != nil ? .error : warning != nil ? .warning : .ok, text: error ?? warning ?? ok)
  }

  /// How many runs a job has, how many jobs there are, and the seconds of one.
  private var pack: Int { min(site.pack ?? 1, max(1, jobs.count)) }
  private var jobCount: Int { (jobs.count + pack - 1) / pack }
  private var jobSeconds: Double? { runSeconds.map { $0 * Double(pack) } }

  /// Starts that a job needs, each ending with the worker's margin before the walltime.
  private var startsNeeded: Int? {
    guard let walltime = site.walltime, let jobSeconds else { return nil }
    let walltimeSeconds = Double(walltime)
    let usable = walltimeSeconds - WalltimeMargin.standard(walltimeSeconds)
    return Int(saturating: (jobSeconds / usable).rounded(.up))
  }

  private var walltime: Finding {
    guard let walltime = site.walltime else {
      return finding("walltime", ok: "the site profile says no walltime: nothing is removed for its age")
    }
    guard let jobSeconds, let needed = startsNeeded else {
      return finding(
        "walltime",
        warning: "how long a run takes is not known, so the walltime of \(walltime) s cannot be compared; "
          + "the worker stops by itself before it in any case", ok: "")
    }
    let what = pack > 1 ? "a job of \(pack) runs" : "a run"
    let estimate = "\(what) takes about \(Int(saturating: jobSeconds)) s, the walltime is \(walltime) s"
    if needed > site.starts {
      return finding(
        "walltime", error: "\(estimate): it needs \(needed) starts and starts is \(site.starts); use a longer walltime",
        ok: "")
    }
    if needed > 1 && site.atWalltime == .leave {
      return finding(
        "walltime",
        warning: "\(estimate): `qcalo resume` will be needed \(needed == 2 ? "once" : "about \(needed - 1) times")",
        ok: "")
    }
    return finding("walltime", ok: "\(estimate): \(needed == 1 ? "one start" : "\(needed) starts")")
  }

  private var starts: Finding {
    guard let limit = site.rules.starts else { return finding("starts", ok: "the site has no limit on starts") }
    return finding(
      "starts",
      error: site.starts >= limit
        ? "starts is \(site.starts), but the site removes a job, with its checkpoints, after \(limit) starts: use \(limit - 1)"
        : nil, ok: "a job leaves the queue by itself after \(site.starts) starts, the site removes it after \(limit)")
  }

  private var refusedPaths: Finding {
    let paths = [workspace] + [site.workerPath].compactMap { $0 }
    let refused = paths.compactMap { path in
      site.rules.refusedPaths.first { path == $0 || path.hasPrefix($0 + "/") }.map { (path, $0) }
    }
    return finding(
      "paths",
      error: refused.first.map {
        "\($0.0) is under \($0.1), which must not stand in a submit file of \(site.name); put the workspace elsewhere "
          + "(--workspace), or use another site profile"
      }, ok: "the submit file names no path outside of the workspace, and \(workspace) is allowed")
  }

  private var refusedCommands: Finding {
    let refused = site.commands.keys.map { $0.lowercased() }.sorted().filter(site.rules.refusedCommands.contains)
    return finding(
      "commands",
      error: refused.isEmpty
        ? nil : "the site refuses \(refused.joined(separator: ", ")): take it out of 'commands' in the site file",
      ok: "no submit command that the site refuses")
  }

  private var folders: Finding {
    let missing = sources.filter { !Files.exists($0) }
    // A new workspace will be made.
    var place = workspace
    while !Files.exists(place) && place != "/" && place != "." { place = Folder.parent(of: place) }
    let reasons =
      (missing.isEmpty ? [] : ["missing: \(missing.joined(separator: ", "))"])
      + (Files.isWritable(place)
        ? [] : ["the workspace \(workspace) cannot be written: \(place) is no folder that one may write in"])
    return finding(
      "folders", error: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
      ok: "the datasets' sources are there, and the workspace can be written")
  }

  private var entries: Finding {
    guard let limit = site.rules.folderEntries else { return finding("folder entries", ok: "no limit is known") }
    let runs = Set(Files.names(in: workspace + "/runs")).union(jobs.map(\.run)).count
    // One more while it is written.
    let checkpoints =
      jobs.map { $0.keep.generators(through: $0.lastCheckpoint(cores: site.cpus)) + $0.keep.full + 1 }.max() ?? 0
    let most = max(runs, checkpoints)
    return finding(
      "folder entries",
      error: most > limit
        ? "a folder would get \(most) entries (\(runs) runs, up to \(checkpoints) files of checkpoints), and one holds "
          + "about \(limit) on this file system: split the sweep over workspaces, or raise keep.generator_every, or set "
          + "budget.checkpoints"
        : nil, ok: "at most \(most) entries in a folder, of about \(limit)")
  }

  private var spool: Finding {
    guard site.spool else { return finding("spool", ok: "nothing is spooled at submission") }
    if let limit = site.rules.spoolJobs, jobCount > limit {
      return finding("spool", error: "\(jobCount) jobs, and \(limit) is the most of one spooled submission", ok: "")
    }
    if let limit = site.rules.spoolMB, resources.diskMB > limit {
      return finding(
        "spool", error: "about \(resources.diskMB) MB per job, and \(limit) MB is the most of one transfer", ok: "")
    }
    return finding(
      "spool",
      warning: site.transfer == .selfCheckpoint
        ? "HTCondor 25 cannot give spooled files back from jobs that checkpoint themselves; use transfer: on-eviction"
        : nil, ok: "\(jobCount) jobs of about \(resources.diskMB) MB")
  }

  private var state: Finding {
    let total = resources.stateMB * (site.materialized(of: jobCount) ?? jobCount)
    return finding(
      "checkpoints",
      warning: site.transfer != .sharedFolder && total > 20_000
        ? "up to \(total) MB of checkpoints on the access point's disk at once (\(resources.stateMB) MB a run): lower "
          + "materialize, or keep fewer generators"
        : nil, ok: "about \(resources.stateMB) MB of checkpoints a run, \(total) MB for all that run at once")
  }

  private var eventLog: Finding {
    finding("event log", ok: "one for the submission (\(Submission.eventLogName)), not one a job")
  }

  private var outputs: Finding {
    guard site.transfersFiles else { return finding("outputs", ok: "nothing is transferred") }
    return finding(
      "outputs",
      ok: "only folders that the wrapper makes first are listed for transfer: "
        + SubmitDescription.stateFolders.joined(separator: ", "))
  }

  private var holds: Finding {
    guard let hours = site.rules.heldHours else { return finding("holds", ok: "held jobs stay") }
    return finding("holds", ok: "the site removes a held job after \(hours) h; `qcalo status` shows until when")
  }
}

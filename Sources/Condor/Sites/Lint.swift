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
  /// What else than these jobs' runs lies in the workspace (MB).
  package var otherMB: Int

  package init(
    site: SiteProfile, workspace: String, jobs: [JobDescription], resources: Resources, sources: [String],
    runSeconds: Double?, otherMB: Int = 0
  ) {
    self.site = site
    self.workspace = workspace
    self.jobs = jobs
    self.resources = resources
    self.sources = sources
    self.runSeconds = runSeconds
    self.otherMB = otherMB
  }

  /// Every rule, with what it finds.
  package var findings: [Finding] {
    [
      walltime, exits, starts, refusedPaths, unseenPaths, refusedCommands, folders, entries, room, share, bits, spool,
      state, traffic, eventLog, outputs, holds,
    ]
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
    let usable = Double(walltime) - (site.margin ?? 0)
    return Int(saturating: (jobSeconds / usable).rounded(.up))
  }

  private var walltime: Finding {
    guard let walltime = site.walltime else {
      if let seconds = site.rules.defaultWalltimeSeconds {
        return finding(
          "walltime",
          error: "the site file asks for no walltime, and a job that does not is removed after \(seconds) s: give "
            + "walltime_seconds or job_flavour", ok: "")
      }
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

  /// Whether a start saves anything before its walltime.
  private var exits: Finding {
    guard site.transfer == .selfCheckpoint, let walltime = site.walltime else {
      return finding("checkpoint interval", ok: "no exits for checkpoints within a walltime")
    }
    return finding(
      "checkpoint interval",
      error: site.checkpointSeconds >= walltime
        ? "checkpoint_seconds is \(site.checkpointSeconds), and the walltime \(walltime) s: a job that is killed would lose "
          + "all of its start; use at most \(walltime - 1), better a tenth of the walltime" : nil,
      ok: "an exit for a checkpoint every \(site.checkpointSeconds) s, within a walltime of \(walltime) s")
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
    let refused = places(under: site.rules.refusedPaths, of: [workspace] + [site.workerPath].compactMap(\.self))
    return finding(
      "paths",
      error: refused.first.map {
        "\($0.shown) is under \($0.folder), which must not stand in a submit file of \(site.name); put the workspace "
          + "elsewhere (--workspace), or use another site profile"
      }, ok: "the submit file names no path outside of the workspace, and \(workspace) is allowed")
  }

  /// The access point reads and writes the submission's folder itself, unless everything is spooled to it.
  private var unseenPaths: Finding {
    guard let folders = site.rules.unseenPaths, !site.spool else {
      return finding("reach", ok: "no folder is out of reach")
    }
    let unseen = places(under: folders, of: [workspace])
    return finding(
      "reach",
      error: unseen.first.map {
        "\($0.shown) is under \($0.folder), which is this machine's own: the access point of \(site.name) does not see it; "
          + "put the workspace on a file system that both see (--workspace)"
      }, ok: "\(workspace) is not in a folder that only this machine sees")
  }

  /// The paths that are, or lead, under one of the folders.
  private func places(under folders: [String], of paths: [String]) -> [(shown: String, folder: String)] {
    paths.compactMap { path in
      for place in [path, Files.resolved(path)] {
        if let folder = folders.first(where: { place == $0 || place.hasPrefix($0 + "/") }) {
          return (place == path ? path : "\(path), which leads to \(place),", folder)
        }
      }
      return nil
    }
  }

  /// Whether what comes back finds room.
  private var room: Finding {
    let runs = jobs.reduce(0) { $0 + Resources(of: $1, packageMB: 0, cores: site.cpus).stateMB }
    let total = runs + otherMB
    guard let limit = site.rules.workspaceMB else {
      return finding("room", ok: "about \(runs) MB will come back; the site file says no quota (workspace_mb)")
    }
    return finding(
      "room",
      error: total > limit
        ? "the workspace would hold about \(total) MB (\(runs) MB of these runs), and its quota is \(limit) MB: raise "
          + "keep.generator_every, or put it where there is room (--workspace)" : nil,
      ok: "the workspace will hold about \(total) MB, of \(limit) MB")
  }

  /// Whether the jobs ask for more than what comes with their cores.
  private var share: Finding {
    let (memory, disk) = (max(resources.memoryMB, site.memoryMB), max(resources.diskMB, site.diskMB))
    func beyond(_ asked: Int, _ what: String, _ perCore: Int?) -> String? {
      guard let perCore, asked > perCore * site.cpus else { return nil }
      let cores = (asked + perCore - 1) / perCore
      return "\(asked) MB of \(what) is more than comes with \(site.cpus) \(site.cpus == 1 ? "core" : "cores") "
        + "(\(perCore) MB each): it is accounted as \(cores), which are waited for longer"
    }
    let rules = site.rules
    let reasons = [beyond(memory, "memory", rules.memoryMBPerCore), beyond(disk, "disk", rules.diskMBPerCore)]
      .compactMap(\.self)
    return finding(
      "share", warning: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
      ok: "\(memory) MB of memory and \(disk) MB of disk a job")
  }

  /// Whether the machines that the jobs may come to compute the same.
  private var bits: Finding {
    let level = [site.microarch, site.instructionSet?.microarch].compactMap(\.self).max()
    if let set = site.instructionSet {
      return finding("bits", ok: "every job computes with \(set.rawValue): the same bits on each machine that has it")
    }
    let least = InstructionSet.avx2.microarch ?? ""
    if let level, level >= least {
      return finding("bits", ok: "machines of the level \(level) and above compute the same bits")
    }
    return finding(
      "bits",
      ok: "machines below the level \(least) compute other bits than the others; where runs must agree to the bit, say "
        + "microarch: \(least)")
  }

  /// What an exit for a checkpoint carries of a job (MB): of a pack the runs that were over since the last one, and the
  /// next.
  private var sentMB: Int {
    let runs = runSeconds.map { Int(saturating: Double(site.checkpointSeconds) / $0) + 1 } ?? pack
    return resources.stateMB * min(runs, pack) / pack
  }

  /// What the exits for checkpoints carry to the access point, for all jobs that run at once.
  private var traffic: Finding {
    guard site.transfer == .selfCheckpoint, site.checkpointSeconds > 0 else {
      return finding("traffic", ok: "nothing is sent at checkpoints")
    }
    let atOnce = site.materialized(of: jobCount) ?? jobCount
    let rate = Double(sentMB * atOnce) / Double(site.checkpointSeconds)
    let words =
      "\(atOnce) jobs send up to \(sentMB) MB each every \(site.checkpointSeconds) s: about "
      + "\(Int(saturating: rate.rounded(.up))) MB/s"
    return finding(
      "traffic",
      warning: rate > Self.linkMBPerSecond
        ? "\(words), \(Int(saturating: rate * 86_400 / 1_000_000)) TB a day, and a link of a gigabit carries about "
          + "\(Int(Self.linkMBPerSecond)) MB/s: raise checkpoint_seconds or keep.generator_every, or lower materialize"
        : nil,
      ok: words)
  }

  /// What a network link of a gigabit a second carries in practice.
  static let linkMBPerSecond = 100.0

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
    let advice = [
      runs > limit ? "split the sweep over workspaces (--seeds, --only)" : nil,
      checkpoints > limit ? "raise keep.generator_every, or set budget.checkpoints" : nil,
    ].compactMap(\.self).joined(separator: "; ")
    return finding(
      "folder entries",
      error: most > limit
        ? "a folder would get \(most) entries (\(runs) runs, up to \(checkpoints) files of checkpoints), and one holds "
          + "about \(limit) on this file system: "
          + advice
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

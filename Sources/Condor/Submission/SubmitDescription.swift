import Experiment

/// The submit description of one submission: one cluster, one job per run, one event log.
///
/// Every path in it is relative to the submission's folder, `<workspace>/submissions/<name>`, and is made of plain words:
/// no path of the user's is written down, and the same sweep and site give the same bytes.
package struct SubmitDescription: Hashable, Sendable {
  /// The pool that it is written for.
  package var site: SiteProfile
  /// The submission's name, for condor_q.
  package var batchName: String
  /// What each job needs at least; the profile may ask for more.
  package var resources: Resources
  /// How many jobs the submission has.
  package var jobs: Int
  /// Whether a job has several runs.
  package var isPacked: Bool

  package init(site: SiteProfile, batchName: String, resources: Resources, jobs: Int = 1, isPacked: Bool = false) {
    self.site = site
    self.batchName = batchName
    self.resources = resources
    self.jobs = jobs
    self.isPacked = isPacked
  }

  /// The folders that the wrapper makes before anything else.
  ///
  /// A file that is listed for transfer and missing at an eviction costs the job its checkpoints (HTCondor 25) or a
  /// hold (23): so only these are.
  package static let stateFolders = ["journal", "checkpoints", "set-aside"]
  /// The folders that it makes for a job of several runs: each run's folders of the above in `state`, and in `ended` a
  /// file for each run that is over, with its exit code.
  static let packFolders = [packState, packEnded]
  static let packState = "state"
  static let packEnded = "ended"
  /// The folder of the runs' job descriptions, and the file that names the runs in their order.
  static let packDescriptions = "descriptions"
  static let packFile = "pack.txt"
  static let packageFile = "qcalo-worker.tar.gz"

  /// The submit commands that this type writes itself, in lower case.
  static let ownCommands: Set<String> = [
    "universe", "executable", "arguments", "batch_name", "log", "output", "error", "queue", "initialdir",
    "should_transfer_files", "when_to_transfer_output", "transfer_executable", "transfer_input_files",
    "transfer_output_files", "transfer_output_remaps", "transfer_checkpoint_files", "checkpoint_exit_code",
    "on_exit_remove", "on_exit_hold", "periodic_release", "periodic_vacate", "max_retries", "retry_until",
    "job_max_vacate_time", "job_lease_duration", "max_materialize", "request_cpus", "request_memory", "request_disk",
    "request_gpus", "require_gpus", "requirements", "accounting_group", "submit_event_notes", "environment",
    "success_exit_code", "job_machine_attrs", "job_machine_attrs_history_length",
  ]

  /// The file's text.
  /// - Parameter fromTable: Whether the jobs are the lines of `runs.txt`; if not, a DAG names run and dataset.
  /// - Returns: The text, with a newline at its end.
  /// - Throws: `InputError` when a name cannot stand in a submit file.
  package func text(fromTable: Bool = true) throws -> String {
    var lines = [
      "# Written by qcalo for site \(try Quoting.token(site.name, "the site's name")). Paths are relative to this folder."
    ]
    func put(_ command: String, _ value: String) { lines.append("\(command) = \(value)") }

    put("universe", "vanilla")
    put("executable", "job-wrapper")
    put("arguments", "\"\(workerArguments.joined(separator: " "))\"")
    put("batch_name", try Quoting.token(batchName, "the submission's name"))
    if fromTable { put("submit_event_notes", "\(key) $(\(key))") }
    lines += try transferLines
    lines += ["", "# Leaves the queue when there is no more to be done; else goes back into it, so often."]
    put("on_exit_remove", Policy(site).leaves)
    put("periodic_release", Policy(site).releases)
    if site.walltime != nil {
      lines.append("# Should the worker ever miss its walltime: a vacated job is saved, a removed one is not.")
      put("periodic_vacate", Policy(site).vacates)
    }
    put("job_max_vacate_time", "\(site.vacateSeconds)")
    put("job_lease_duration", "\(site.leaseSeconds)")
    lines += ["", site.cpus == 1 ? "# One core: the sweep is what runs in parallel." : "# A core for each thread."]
    put("request_cpus", "\(site.cpus)")
    put("request_memory", Policy(site).memory(baseMB: max(resources.memoryMB, site.memoryMB)))
    put("request_disk", Policy(site).disk(baseMB: max(resources.diskMB, site.diskMB)))
    if site.gpus > 0 { put("request_gpus", "\(site.gpus)") }
    if let requirement = site.requireGPUs { put("require_gpus", requirement) }
    if Policy(site).avoidSeconds != nil {
      lines.append(
        "# Another machine than the last ones, if there is one: what ended the job there may end it there again.")
      put("job_machine_attrs", "Machine")
      put("job_machine_attrs_history_length", "\(Policy.machineHistory)")
    }
    if let requirements = Policy(site).requirements { put("requirements", requirements) }
    if let image = site.containerImage { put("container_image", image) }
    lines += try siteLines
    lines.append("")
    put("output", "out/$(\(key)).out")
    put("error", "err/$(\(key)).err")
    put("log", Submission.eventLogName)
    if fromTable {
      if let most = site.materialized(of: jobs) { put("max_materialize", "\(most)") }
      lines.append("queue \(key),dataset from \(Submission.tableName)")
    } else {
      lines += [
        "# Made when it is submitted: the token of this submission, which its nodes carry too.",
        "include ifexist : \(Submission.nodesTokenName)", "queue",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The column of the table that names the job.
  private var key: String { isPacked ? "pack" : "run" }

  /// What follows the wrapper's name.
  private var workerArguments: [String] {
    var arguments = ["$(\(key))", site.transfersFiles ? "scratch" : "shared"]
    // In HTCondor's syntax quotes are doubled.
    let path = site.workerPath?.replacing("'", with: "''").replacing("\"", with: "\"\"")
    arguments.append(path.map { "'\($0)'" } ?? "package")
    arguments += ["--starts", "\(site.starts)", "--walltime", "auto"]
    if let walltime = site.walltime, let margin = site.margin, margin > WalltimeMargin.standard(Double(walltime)) {
      arguments += ["--margin", "\(Int(margin))"]
    }
    if site.cpus > 1 { arguments += ["--threads", "\(site.cpus)"] }
    if let set = site.instructionSet { arguments += ["--instruction-set", set.rawValue] }
    if site.transfer == .selfCheckpoint {
      arguments += ["--exit-after-checkpoint", "--exit-interval", "\(site.checkpointSeconds)"]
    }
    return arguments
  }

  private var transferLines: [String] {
    get throws {
      guard site.transfersFiles else { return ["should_transfer_files = NO", "transfer_executable = false"] }
      let folders = isPacked ? Self.packFolders : Self.stateFolders
      var inputs = isPacked ? [Self.packFile, Self.packDescriptions, Self.packState] : ["job.json"] + folders
      inputs = inputs.map { "jobs/$(\(key))/\($0)" } + ["../../datasets/$(dataset)"]
      if site.workerPath == nil { inputs.append(Self.packageFile) }
      let homes =
        isPacked ? ["\(Self.packState)=../../runs"] : folders.map { "\($0)=../../runs/$(run)/\($0)" }
      let place = isPacked ? "The runs' folders are in" : "The run's folder is"
      var lines = [
        "", "# \(place) the job's scratch folder; what must survive is in folders that always exist.",
        "should_transfer_files = YES", "when_to_transfer_output = ON_EXIT_OR_EVICT",
        "transfer_input_files = " + inputs.joined(separator: ", "),
        "transfer_output_files = " + folders.joined(separator: ", "),
        "transfer_output_remaps = \"" + homes.joined(separator: "; ") + "\"",
      ]
      if site.transfer == .selfCheckpoint {
        lines.append("checkpoint_exit_code = \(ProgramEnd.checkpointed.rawValue)")
        lines.append("transfer_checkpoint_files = " + folders.joined(separator: ", "))
        // The wrapper brings what a checkpoint need not hold home by itself: the generators, once.
        if !site.spool { lines.append("+WantIOProxy = true") }
      }
      return lines
    }
  }

  private var siteLines: [String] {
    get throws {
      var lines: [String] = []
      if let seconds = site.walltimeSeconds { lines.append("+MaxRuntime = \(seconds)") }
      if let flavour = site.jobFlavour { lines.append("+JobFlavour = \(Quoting.classAdString(flavour))") }
      switch site.accountingAs {
      case .command, nil:
        if let group = site.accountingGroup { lines.append("accounting_group = \(group)") }
        if let user = site.accountingGroupUser { lines.append("accounting_group_user = \(user)") }
      case .attribute:
        if let group = site.accountingGroup { lines.append("+AccountingGroup = \(Quoting.classAdString(group))") }
      }
      if let priority = site.priority { lines.append("priority = \(priority)") }
      if let rank = site.rank { lines.append("rank = \(rank)") }
      if let limits = site.concurrencyLimits { lines.append("concurrency_limits = \(limits)") }
      if let notification = site.notification { lines.append("notification = \(notification.rawValue)") }
      if let image = site.singularityImage { lines.append("+SingularityImage = \(Quoting.classAdString(image))") }
      // A running job may tell how far it is, in the event log.
      lines.append("+WantRemoteUpdates = true")
      for (name, value) in site.attributes.sorted(by: { $0.key < $1.key }) {
        lines.append("+\(name) = \(value.classAd)")
      }
      for (name, value) in site.commands.sorted(by: { $0.key < $1.key }) { lines.append("\(name) = \(value)") }
      return lines
    }
  }
}

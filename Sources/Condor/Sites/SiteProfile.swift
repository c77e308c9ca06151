package import Experiment

/// What is particular to one HTCondor pool, and how jobs are to behave there.
///
/// Read from a site file.
package struct SiteProfile: Codable, Hashable, Sendable {
  /// The file's name without its ending.
  package var name = ""
  /// A sentence for people about the pool; "" for none.
  package var description = ""

  /// How what a job has trained survives the job's end.
  package enum Transfer: String, Codable, CaseIterable, Sendable {
    /// The worker exits at checkpoints, HTCondor saves its folders and starts it again in place; also at evictions.
    case selfCheckpoint = "self-checkpoint"
    /// HTCondor saves the job's folders when it evicts the job, and when the job ends.
    case onEviction = "on-eviction"
    /// Nothing is transferred: jobs work in the run's folder, which execution points see too.
    case sharedFolder = "shared-folder"
  }
  /// How what a job has trained survives the job's end, at this pool.
  package var transfer = Transfer.selfCheckpoint

  /// What a job does that has stopped before its walltime.
  package enum AtWalltime: String, Codable, CaseIterable, Sendable {
    /// Goes back into the queue and goes on in its next start.
    case requeue
    /// Leaves the queue with everything saved; `resume` submits it again.
    case leave
  }
  /// What a job does here that has stopped before its walltime.
  package var atWalltime = AtWalltime.requeue

  /// `condor_submit -spool`: everything is copied to the access point, and fetched by condor_transfer_data.
  package var spool = false
  /// +MaxRuntime in seconds; nil where the site sets none or a flavour says it.
  package var walltimeSeconds: Int?
  /// +JobFlavour, one of CERN's.
  package var jobFlavour: String?
  /// The least seconds between two exits for a checkpoint, each of which HTCondor copies to the access point.
  package var checkpointSeconds = 900
  /// The time that a job asks for between SIGTERM and SIGKILL.
  package var vacateSeconds = 120
  /// How long HTCondor waits for a lost node before it starts the job elsewhere.
  package var leaseSeconds = 600
  /// How often one job may be started before it leaves the queue.
  package var starts = 9
  /// How many jobs of a submission stand in the queue at once; nil: all of fewer than `manyJobs`, else `manyAtOnce`.
  package var materialize: Int?
  /// How many runs a job trains, one after the other; nil: one.
  package var pack: Int?
  /// How long a job is not started again on the last machines that it was on (s), 0 for not at all; nil: ten minutes.
  package var avoidSeconds: Int?
  /// Cores of each job.
  package var cpus = 1
  /// The least memory of a job (MB); more when the plan's estimate says so.
  package var memoryMB = 500
  /// The least disk of a job (MB); more when the plan's estimate says so.
  package var diskMB = 1000
  /// GPUs of each job; 0 for none.
  package var gpus = 0
  /// HTCondor's require_gpus; nil for no demand.
  package var requireGPUs: String?
  /// HTCondor's requirements expression; nil for none.
  package var requirements: String?
  /// The least level of x86-64 that a processor must have, as HTCondor's Microarch names it; nil for any.
  package var microarch: String? = "x86_64-v3"
  /// The instruction set that all jobs compute with; nil for the best of each machine.
  package var instructionSet: InstructionSet?
  /// The group that the jobs' time is accounted to; nil for the site's default.
  package var accountingGroup: String?
  /// The user within the group; nil for the one who submits.
  package var accountingGroupUser: String?

  /// How the group is given to HTCondor.
  package enum Accounting: String, Codable, CaseIterable, Sendable {
    /// The submit commands accounting_group and accounting_group_user.
    case command
    /// The attribute AccountingGroup itself.
    case attribute
  }
  /// How the group is given to HTCondor here; nil in the profiles of earlier versions.
  package var accountingAs: Accounting? = .command
  /// HTCondor's priority of the jobs among the user's own; nil for the usual one.
  package var priority: Int?
  /// The priorities that jobs can have.
  package static let priorities = -1000...1000
  /// HTCondor's rank expression: which of the slots that fit is preferred; nil for none.
  package var rank: String?
  /// HTCondor's concurrency_limits; nil for none.
  package var concurrencyLimits: String?

  /// When HTCondor writes an e-mail.
  package enum Notification: String, Codable, CaseIterable, Sendable {
    case never = "Never"
    case complete = "Complete"
    case error = "Error"
    case always = "Always"
  }
  /// When HTCondor writes an e-mail; nil for the site's default.
  package var notification: Notification?
  /// HTCondor's container_image, which the jobs run in; nil for none.
  package var containerImage: String?
  /// The attribute SingularityImage, which sites ask for that choose the container themselves; nil for none.
  package var singularityImage: String?

  /// The value of a job attribute, with its type.
  package enum AttributeValue: Hashable, Sendable {
    case text(String)
    case flag(Bool)
    case whole(Int)
    case real(Double)
  }
  /// Further job attributes (`+Name = value`), with their types.
  package var attributes: [String: AttributeValue] = [:]
  /// Further submit commands (`name = value`), as they are.
  package var commands: [String: String] = [:]
  /// A worker that execution points have already; nil: the package travels with the job.
  package var workerPath: String?
  /// How long a query of the pool may take.
  package var querySeconds = 20

  /// How often held jobs are released by themselves.
  package var retry = Retry()
  /// What the site does not allow.
  package var rules = Rules()

  /// How often a held job is released by itself, by cause.
  ///
  /// Evictions and walltimes count as starts instead, and a run that diverged is never tried again.
  package struct Retry: Codable, Hashable, Sendable {
    /// How often a job is released after a hold for too little memory, with `memoryFactor` more than it had used.
    package var memoryHolds = 2
    /// The factor on the memory that a held job had used.
    package var memoryFactor = 1.5
    /// How often a job is released after a failed file transfer, first after `transferWaitSeconds`, then after twice as
    /// many, and so on.
    package var transferHolds = 4
    /// Seconds before the first release after a failed file transfer.
    package var transferWaitSeconds = 300
  }

  /// What the site does not allow; `lint` checks it.
  package struct Rules: Codable, Hashable, Sendable {
    /// Folders whose paths must not stand in a submit file.
    package var refusedPaths: [String] = []
    /// Submit commands that the site refuses.
    package var refusedCommands: [String] = []
    /// The most starts of a job before the site removes it.
    package var starts: Int?
    /// The hours after which the site removes a held job.
    package var heldHours: Int?
    /// The most entries of one folder.
    package var folderEntries: Int?
    /// Limits of `-spool`: the most jobs of a submission; nil for no limit.
    package var spoolJobs: Int?
    /// The most that a `-spool` submission may transfer (MB); nil for no limit.
    package var spoolMB: Int?
    /// Seconds between two evaluations of the expressions that vacate, release and remove jobs; nil for HTCondor's 60.
    package var evaluationSeconds: Int? = 60
    /// The walltime of a job that asks for none (s); nil for no limit.
    package var defaultWalltimeSeconds: Int?
    /// Folders that the access point does not see, since they are this machine's own; nil for none.
    package var unseenPaths: [String]?
    /// The room for the workspace (MB): the quota of its file system; nil for no limit.
    package var workspaceMB: Int?
    /// The memory that comes with a core (MB); nil where it does not.
    package var memoryMBPerCore: Int?
    /// The disk that comes with a core (MB); nil where it does not.
    package var diskMBPerCore: Int?
  }

  package init() {}

  /// The levels of x86-64, as HTCondor's Microarch names them; each has what the one before has.
  static let levels = (1...4).map { "x86_64-v\($0)" }

  /// CERN's job flavours and their walltimes in seconds.
  package static let flavours = [
    "espresso": 1200, "microcentury": 3600, "longlunch": 7200, "workday": 28_800, "tomorrow": 86_400,
    "testmatch": 259_200, "nextweek": 604_800,
  ]

  /// The seconds after which the site removes a running job; nil: it does not.
  package var walltime: Int? { walltimeSeconds ?? jobFlavour.flatMap { Self.flavours[$0] } }
  /// The jobs from which on a submission enters the queue bit by bit, unless `materialize` says otherwise.
  static let manyJobs = 2000
  /// How many of so many stand in the queue at once.
  static let manyAtOnce = 1000

  /// How many of so many jobs stand in the queue at once; nil: all of them, from the beginning.
  ///
  /// What is not in the queue yet is out of reach for a hold or a removal of single jobs.
  package func materialized(of jobs: Int) -> Int? {
    // Jobs that are still to be made have nothing spooled: HTCondor would run them from a folder it cannot see.
    if spool { return nil }
    let most = materialize ?? (jobs < Self.manyJobs ? jobs : Self.manyAtOnce)
    return most < jobs ? most : nil
  }

  /// Seconds before the walltime at which the worker has saved everything; nil without a walltime.
  ///
  /// The worker's own margin, or more where the site looks seldom for jobs to be vacated: it must not be the first.
  package var margin: Double? {
    walltime.map { limit in
      max(WalltimeMargin.standard(Double(limit)), min(Double((rules.evaluationSeconds ?? 60) + 60), Double(limit) / 2))
    }
  }
  /// Whether jobs run in a scratch folder of their own.
  package var transfersFiles: Bool { transfer != .sharedFolder }

  /// Why this profile cannot be used, as a clause naming the key; nil when it can.
  var flaw: (key: String, reason: String)? {
    if let jobFlavour, Self.flavours[jobFlavour] == nil {
      let known = Self.flavours.sorted { $0.value < $1.value }.map(\.key).joined(separator: ", ")
      return ("job_flavour", "'\(jobFlavour)' is none of \(known)")
    }
    if walltimeSeconds != nil && jobFlavour != nil {
      return ("job_flavour", "walltime_seconds is given too; one of them decides")
    }
    if spool && !transfersFiles { return ("spool", "nothing can be spooled with transfer: shared-folder") }
    if atWalltime == .requeue && transfer == .onEviction && walltime != nil {
      return ("at_walltime", "requeue needs transfer: self-checkpoint or shared-folder, else each start begins anew")
    }
    return nil
  }
}

package import Experiment
import FoundationEssentials
import Records
import Storage

/// One submission: the folder `<workspace>/submissions/<name>`, written once, and what is known of its jobs since.
package struct Submission: Hashable, Sendable {
  /// The folder's path.
  package var folder: String
  /// The content of its `submission.json`.
  package var manifest: Manifest

  static let eventLogName = "events.log"
  static let tableName = "runs.txt"
  static let descriptionName = "sweep.sub"
  static let dagName = "sweep.dag"
  static let nodesTokenName = "token.sub"
  static let manifestName = "submission.json"
  static let tokenName = "token"

  /// The folder's name, which is the submission's.
  package var name: String { Folder.name(of: folder) }
  /// The path of `events.log`, which HTCondor writes for all jobs of the submission.
  package var eventLog: String { folder + "/" + Self.eventLogName }
  /// The log of the cluster that condor_submit named: with a DAG, DAGMan's own job.
  var clusterLog: String { manifest.dag ? "\(folder)/\(Self.dagName).dagman.log" : eventLog }
  var tokenFile: String { "\(folder)/\(Self.tokenName)" }
  var receiptFile: String { folder + "/submitted.json" }
  /// The record of what its jobs have trained in vain.
  var lostWork: String { folder + "/lost.json" }
  /// The file that condor_submit has locked while it runs.
  var lock: String { folder + "/submit.lock" }

  /// What was submitted, where and how.
  ///
  /// Decides nothing that HTCondor does: that is in the submit description.
  package struct Manifest: Codable, Hashable, Sendable {
    /// The version of this format.
    package var schema = 1
    /// The sweep's name.
    package var sweep: String
    /// The site profile as it was then.
    package var site: SiteProfile
    /// What each job asks for.
    package var resources: Resources
    /// Whether DAGMan runs the jobs, one node each.
    package var dag: Bool
    /// The runs in the order of the table.
    package var runs: [String]
    /// How many runs each job trains, one after the other; nil: one.
    package var packed: [Int]?
    /// The package's SHA-256; nil where the worker is installed.
    package var package: String?

    /// The runs of each job, in the order of the cluster's procs.
    package var jobs: [[String]] { SubmissionRecord.jobs(of: runs, packed) }

    /// The number of each run's job in the cluster.
    var procs: [String: Int] {
      Dictionary(
        jobs.enumerated().flatMap { number, runs in runs.map { ($0, number) } }, uniquingKeysWith: { first, _ in first }
      )
    }

    /// The runs of a proc; none for one that the cluster does not have.
    func runs(ofProc proc: Int) -> [String] {
      guard packed != nil else { return runs.indices.contains(proc) ? [runs[proc]] : [] }
      return jobs.indices.contains(proc) ? jobs[proc] : []
    }

    package init(
      sweep: String, site: SiteProfile, resources: Resources, dag: Bool, runs: [String], packed: [Int]? = nil,
      package: String?
    ) {
      self.packed = packed
      self.sweep = sweep
      self.site = site
      self.resources = resources
      self.dag = dag
      self.runs = runs
      self.package = package
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      schema = try values.decode(Int.self, forKey: .schema)
      sweep = try values.decode(String.self, forKey: .sweep)
      site = try values.decode(SiteProfile.self, forKey: .site)
      resources = try values.decode(Resources.self, forKey: .resources)
      dag = try values.decode(Bool.self, forKey: .dag)
      runs = try values.decode([String].self, forKey: .runs)
      packed = try values.decodeIfPresent([Int].self, forKey: .packed)
      package = try values.decodeIfPresent(String.self, forKey: .package)
      if let flaw = SubmissionRecord.flaw(of: packed, runs: runs.count) {
        throw DecodingError.dataCorruptedError(forKey: .packed, in: values, debugDescription: flaw)
      }
      guard Self.isSound(site) else {
        throw DecodingError.dataCorruptedError(
          forKey: .site, in: values, debugDescription: "a number is none that a site file can have")
      }
    }

    /// Whether a site's numbers can be calculated with, as those of a site file.
    private static func isSound(_ site: SiteProfile) -> Bool {
      let rules = site.rules
      let divisors = [site.pack, site.cpus, rules.memoryMBPerCore, rules.diskMBPerCore, rules.defaultWalltimeSeconds]
      let others = [
        site.walltimeSeconds, site.checkpointSeconds, site.vacateSeconds, site.leaseSeconds, site.starts,
        site.materialize, site.avoidSeconds, site.memoryMB, site.diskMB, site.gpus, site.querySeconds,
        site.retry.memoryHolds, site.retry.transferHolds, site.retry.transferWaitSeconds, rules.starts, rules.heldHours,
        rules.folderEntries, rules.spoolJobs, rules.spoolMB, rules.evaluationSeconds, rules.workspaceMB,
      ]
      return divisors.allSatisfy { 1...100_000_000 ~= $0 ?? 1 } && others.allSatisfy { 0...100_000_000 ~= $0 ?? 0 }
    }
  }

  /// That HTCondor has it: positive evidence, by condor_submit or found in the queue.
  package typealias Receipt = SubmissionRecord

  /// Whether condor_submit may have been started on it, and it is not known what became of that.
  package var isCutOff: Bool { token != nil && receipt == nil && forgotten == nil }

  func receipt(cluster: Int, schedd: String?, time: Double = Date().timeIntervalSince1970) -> Receipt {
    Receipt(
      sweep: manifest.sweep, site: manifest.site.name, schedd: schedd, cluster: cluster, runs: manifest.runs,
      packed: manifest.packed, isDag: manifest.dag, time: time, utcOffset: LogClock.utcOffset(at: time))
  }

  init(folder: String, manifest: Manifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// Reads a submission's folder; nil when it is none.
  package init?(folder: String) {
    guard let manifest = try? CanonicalJSON.value(Manifest.self, inFile: folder + "/" + Self.manifestName) else {
      return nil
    }
    self.init(folder: folder, manifest: manifest)
  }

  /// The submissions of a workspace, oldest first by sweep and number.
  package static func all(in workspace: String) -> [Submission] {
    Files.names(in: workspace + "/submissions").filter { !$0.hasPrefix(".") }
      .compactMap { Submission(folder: "\(workspace)/submissions/\($0)") }
      .sorted { ($0.manifest.sweep, $0.number) < ($1.manifest.sweep, $1.number) }
  }

  /// The submissions of a workspace that HTCondor may have, and of which this is not known any more: their
  /// `submission.json` cannot be read.
  package static func unreadable(in workspace: String) -> [String] {
    Files.names(in: workspace + "/submissions").filter { !$0.hasPrefix(".") }
      .map { "\(workspace)/submissions/\($0)" }
      .filter { Files.exists("\($0)/\(Self.tokenName)") && Submission(folder: $0) == nil }
  }

  /// Does nothing where it is known which runs HTCondor may have.
  /// - Throws: `CondorError` where it is not.
  package static func requireReadable(in workspace: String) throws(CondorError) {
    guard let folder = unreadable(in: workspace).first else { return }
    throw CondorError.silent(
      "\(folder)/\(manifestName) cannot be read, so that it is not known which runs HTCondor has; put it back, or, once "
        + "none of its jobs is in the queue, remove the folder")
  }

  /// The n of `<sweep>-<n>`.
  var number: Int { name.split(separator: "-").last.flatMap { Int32($0) }.map(Int.init) ?? 0 }

  /// Marks the submission's jobs at HTCondor; there once condor_submit may have been started.
  package var token: String? { tokenLines.first }

  /// The schedd that condor_submit was started for; nil where an earlier version did not note it.
  var schedd: String? { receipt?.schedd ?? (tokenLines.count > 1 ? tokenLines[1] : nil) }

  /// The options of HTCondor's tools for the schedd that has the jobs.
  var address: [String] { schedd.map { ["-name", $0] } ?? [] }

  private var tokenLines: [String] { Files.text(tokenFile)?.split(separator: "\n").map(String.init) ?? [] }

  /// Notes, for good, that condor_submit is about to be started.
  /// - Throws: `StorageError`.
  func mark(_ token: String, schedd: String) throws {
    // DAGMan submits the nodes: their submit description includes it.
    if manifest.dag {
      try DurableFile.write(Submitter.attributeLine(token) + "\n", to: "\(folder)/\(Self.nodesTokenName)")
    }
    try DurableFile.write("\(token)\n\(schedd)\n", to: tokenFile, shared: true)
  }

  /// Takes back the note: HTCondor has nothing of it, and the folder is as one that was never sent.
  /// - Throws: `StorageError`.
  func setAside() throws { try DurableFile.move(tokenFile, to: tokenFile + ".unsent") }

  /// The receipt in `submitted.json`; nil before the submission is known to have happened, or where it cannot be read.
  package var receipt: Receipt? { try? CanonicalJSON.value(Receipt.self, inFile: receiptFile) }

  /// Whether a journal of a run is in its folder that did not go along with the submission: the job has left something.
  package func hasBroughtBack(_ run: String) -> Bool {
    let sent = Set(Files.names(in: "\(folder)/\(input(of: run).state)/journal"))
    return Files.names(in: "\(folder)/../../runs/\(run)/journal").contains {
      RunFolder.attempt(ofJournal: $0) != nil && !sent.contains($0)
    }
  }

  /// The exit code with which a run of a pack has ended; nil for other runs, and before its job has brought it back.
  func packedEnd(of run: String) -> Int32? {
    guard manifest.packed != nil else { return nil }
    return Files.text("\(folder)/\(SubmitDescription.packEnded)/\(run)")
      .flatMap { Int32($0.trimmingSuffix(while: \.isNewline)) }
  }

  func record(_ receipt: Receipt) throws {
    let text = String(decoding: try CanonicalJSON.data(receipt, pretty: true), as: UTF8.self)
    try DurableFile.write(text + "\n", to: receiptFile, shared: true)
  }
}

extension StringProtocol {
  func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
    return self[startIndex..<end]
  }
}

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
  static let manifestName = "submission.json"

  /// The folder's name, which is the submission's.
  package var name: String { Folder.name(of: folder) }
  /// The path of `events.log`, which HTCondor writes for all jobs of the submission.
  package var eventLog: String { folder + "/" + Self.eventLogName }
  /// The log of the cluster that condor_submit named: with a DAG, DAGMan's own job.
  var clusterLog: String { manifest.dag ? "\(folder)/\(Self.dagName).dagman.log" : eventLog }
  var tokenFile: String { folder + "/token" }
  var receiptFile: String { folder + "/submitted.json" }
  /// The record of what its jobs have trained in vain.
  var lostWork: String { folder + "/lost.json" }

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
    /// The runs in the order of the table: proc i of the cluster trains run i.
    package var runs: [String]
    /// The package's SHA-256; nil where the worker is installed.
    package var package: String?

    package init(
      sweep: String, site: SiteProfile, resources: Resources, dag: Bool, runs: [String], package: String?
    ) {
      self.sweep = sweep
      self.site = site
      self.resources = resources
      self.dag = dag
      self.runs = runs
      self.package = package
    }
  }

  /// That HTCondor has it: positive evidence, by condor_submit or found in the queue.
  package typealias Receipt = SubmissionRecord

  /// Whether condor_submit may have been started on it, and it is not known what became of that.
  package var isCutOff: Bool { token != nil && receipt == nil && forgotten == nil }

  func receipt(cluster: Int, schedd: String?, time: Double = Date().timeIntervalSince1970) -> Receipt {
    Receipt(
      sweep: manifest.sweep, site: manifest.site.name, schedd: schedd, cluster: cluster, runs: manifest.runs,
      isDag: manifest.dag, time: time, utcOffset: LogClock.utcOffset(at: time))
  }

  init(folder: String, manifest: Manifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// Reads a submission's folder; nil when it is none.
  package init?(folder: String) {
    guard let data = FileManager.default.contents(atPath: folder + "/" + Self.manifestName),
      let manifest = try? CanonicalJSON.value(Manifest.self, from: data)
    else { return nil }
    self.init(folder: folder, manifest: manifest)
  }

  /// The submissions of a workspace, oldest first by sweep and number.
  package static func all(in workspace: String) -> [Submission] {
    Files.names(in: workspace + "/submissions").filter { !$0.hasPrefix(".") }
      .compactMap { Submission(folder: "\(workspace)/submissions/\($0)") }
      .sorted { ($0.manifest.sweep, $0.number) < ($1.manifest.sweep, $1.number) }
  }

  /// The n of `<sweep>-<n>`.
  var number: Int { name.split(separator: "-").last.flatMap { Int($0) } ?? 0 }

  /// Marks the submission at HTCondor; there once condor_submit may have been started.
  var token: String? { Files.text(tokenFile)?.trimmingSuffix(while: \.isNewline).description }

  /// The receipt in `submitted.json`; nil before the submission is known to have happened, or where it cannot be read.
  package var receipt: Receipt? {
    FileManager.default.contents(atPath: receiptFile).flatMap { try? CanonicalJSON.value(Receipt.self, from: $0) }
  }

  /// Whether a journal of a run is in its folder that did not go along with the submission: the job has left something.
  package func hasBroughtBack(_ run: String) -> Bool {
    let sent = Set(Files.names(in: "\(folder)/jobs/\(run)/journal"))
    return Files.names(in: "\(folder)/../../runs/\(run)/journal").contains {
      RunFolder.attempt(ofJournal: $0) != nil && !sent.contains($0)
    }
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

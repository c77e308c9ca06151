package import Experiment
import FoundationEssentials
import Storage

/// One run to be submitted.
package struct SubmittedJob: Hashable, Sendable {
  /// What the run's worker is given, with the run's name.
  package var description: JobDescription
  /// The prepared dataset's file.
  package var dataset: String
  /// The run's folder, `<workspace>/runs/<run>`: what it has of journals and checkpoints goes along.
  package var runFolder: String

  package init(description: JobDescription, dataset: String, runFolder: String) {
    self.description = description
    self.dataset = dataset
    self.runFolder = runFolder
  }
}

/// Writes a submission's folder: aside, then renamed, so that it is complete or not there.
package struct SubmissionWriter: Sendable {
  /// The workspace's folder, absolute.
  package var workspace: String
  /// The wrapper's and the site files' folder.
  package var library: SiteLibrary
  /// The pool that it is written for.
  package var site: SiteProfile
  /// The sweep's name.
  package var sweep: String
  /// The worker's package; nil where the site profile has a `worker_path`.
  package var package: String?
  /// The path of `qcalo` for the report of a DAG; nil: a plain submission.
  package var dagProgram: String?

  package init(
    workspace: String, library: SiteLibrary, site: SiteProfile, sweep: String, package: String?,
    dagProgram: String? = nil
  ) {
    self.workspace = workspace
    self.library = library
    self.site = site
    self.sweep = sweep
    self.package = package
    self.dagProgram = dagProgram
  }

  private var submissions: String { workspace + "/submissions" }

  private func packs(_ jobs: [SubmittedJob]) -> [PackedJob] { PackedJob.divide(jobs, by: site.pack ?? 1) }

  /// What would be submitted.
  package func manifest(_ jobs: [SubmittedJob]) throws -> Submission.Manifest {
    let packageBytes = try package.map { path in
      try InputFile.bytes(of: path, "the worker's package", advice: "make one with `qcalo package`")
    }
    guard package != nil || site.workerPath != nil else {
      throw InputError("site \(site.name) has no worker_path, so the worker's package is needed: `qcalo package`")
    }
    let (packs, isPacked) = (packs(jobs), (site.pack ?? 1) > 1)
    if isPacked && dagProgram != nil {
      throw InputError(
        "site \(site.name) has pack: \(site.pack ?? 1), and a node of a DAG has one run; leave out one of them")
    }
    return Submission.Manifest(
      sweep: try Quoting.token(sweep, "the sweep's name"), site: site,
      resources: Resources(
        ofAll: jobs.map(\.description), packageMB: (packageBytes?.count ?? 0) / 1_000_000 + 1, cores: site.cpus,
        pack: packs.map(\.runs.count).max() ?? 1),
      dag: dagProgram != nil,
      runs: try packs.flatMap { try $0.runs.map { try Quoting.token($0.description.run, "the run") } },
      packed: isPacked ? packs.map(\.runs.count) : nil, package: packageBytes.map { SHA256.hexDigest(of: $0) })
  }

  /// The submit description and the table of jobs, of a submission with this name.
  package func files(
    _ jobs: [SubmittedJob], _ manifest: Submission.Manifest, name: String
  ) throws -> [(name: String, text: String)] {
    let packs = packs(jobs)
    let description = SubmitDescription(
      site: site, batchName: name, resources: manifest.resources, jobs: packs.count, isPacked: manifest.packed != nil)
    for job in jobs { _ = try Quoting.token(Folder.name(of: job.dataset), "the dataset's file name") }
    let rows = packs.map { (run: $0.name, dataset: $0.dataset) }
    let manifestText = String(decoding: try CanonicalJSON.data(manifest, pretty: true), as: UTF8.self) + "\n"
    var files = [
      (Submission.manifestName, manifestText),
      (Submission.descriptionName, try description.text(fromTable: !manifest.dag)),
    ]
    if let dagProgram {
      files += Dag(rows: rows, sweep: sweep, program: dagProgram).files
    } else {
      files.append((Submission.tableName, rows.map { "\($0.run) \($0.dataset)\n" }.joined()))
    }
    return files
  }

  /// Writes the folder under the sweep's next number.
  ///
  /// A folder that is already there for the same thing and that condor_submit was never started on is taken instead.
  package func write(_ jobs: [SubmittedJob]) async throws -> Submission {
    let manifest = try manifest(jobs)
    let earlier = Submission.all(in: workspace).filter { $0.manifest.sweep == sweep }
    if let unsent = earlier.last, unsent.token == nil, unsent.manifest == manifest, try isFresh(unsent, jobs) {
      return unsent
    }
    let aside = "\(submissions)/.writing-\(sweep)"
    if Files.exists(aside) { try Files.remove(aside) }
    for folder in ["out", "err"] { try Folder.make("\(aside)/\(folder)") }
    var number = (earlier.map(\.number).max() ?? 0) + 1
    while Files.exists("\(submissions)/\(sweep)-\(number)") { number += 1 }
    for (name, text) in try files(jobs, manifest, name: "\(sweep)-\(number)") {
      try DurableFile.write(text, to: "\(aside)/\(name)", executable: name.hasSuffix(".sh"))
    }
    guard let wrapper = Files.text(library.wrapper) else { throw InputError("\(library.wrapper) cannot be read") }
    try DurableFile.write(wrapper, to: aside + "/job-wrapper", executable: true)
    if let package {
      try Files.share(package, to: "\(aside)/\(SubmitDescription.packageFile)")
      if !site.transfersFiles {
        // Once for all jobs, which share the folder.
        _ = try await CondorTools(timeout: 300).output("tar", ["-xzf", SubmitDescription.packageFile], in: aside)
        try DurableFile.write("", to: aside + "/qcalo-worker/complete")
      }
    }
    for pack in packs(jobs) { try writeInput(of: pack, in: aside) }
    let folder = "\(submissions)/\(sweep)-\(number)"
    try DurableFile.move(aside, to: folder)
    return Submission(folder: folder, manifest: manifest)
  }

  /// Whether a folder's inputs are still what the runs' folders hold: nobody has trained since it was written.
  private func isFresh(_ submission: Submission, _ jobs: [SubmittedJob]) throws -> Bool {
    guard site.transfersFiles else { return true }
    return try packs(jobs).allSatisfy { pack in
      try pack.runs.allSatisfy { job in
        let input = pack.input(of: job)
        return try Files.text("\(submission.folder)/\(input.description)") == jobText(job.description, input)
          && Files.names(in: "\(submission.folder)/\(input.state)/journal")
            == Files.names(in: job.runFolder + "/journal")
      }
    }
  }

  /// The job description's text, with the dataset where it lies for the job.
  private func jobText(_ job: JobDescription, _ input: JobInput) throws -> String {
    var description = job
    description.dataset.path = input.dataset
    return String(decoding: try CanonicalJSON.data(description, pretty: true), as: UTF8.self) + "\n"
  }

  private func writeInput(of pack: PackedJob, in folder: String) throws {
    if pack.isPack {
      try Folder.make("\(folder)/jobs/\(pack.name)")
      try DurableFile.write(
        pack.runs.map { $0.description.run + "\n" }.joined(),
        to: "\(folder)/jobs/\(pack.name)/\(SubmitDescription.packFile)")
      try Folder.make("\(folder)/\(SubmitDescription.packEnded)")
    }
    guard site.transfersFiles else { return }
    for job in pack.runs {
      let input = pack.input(of: job)
      try Folder.make(Folder.parent(of: "\(folder)/\(input.description)"))
      try DurableFile.write(try jobText(job.description, input), to: "\(folder)/\(input.description)")
      try writeState(of: job, in: "\(folder)/\(input.state)")
      // Where its files come home to while the job runs: generators, and of a pack what is over.
      for name in pack.isPack ? ["checkpoints", "journal"] : ["checkpoints"] {
        try Folder.make("\(job.runFolder)/\(name)")
      }
    }
  }

  /// The run so far: its journals, and the full checkpoints that they name.
  ///
  /// The generators of earlier checkpoints stay where they are.
  private func writeState(of job: SubmittedJob, in folder: String) throws {
    for name in SubmitDescription.stateFolders { try Folder.make("\(folder)/\(name)") }
    for journal in Files.names(in: job.runFolder + "/journal") where journal.hasSuffix(".jsonl") {
      try Files.copy("\(job.runFolder)/journal/\(journal)", to: "\(folder)/journal/\(journal)")
    }
    for path in try RunHistory(runFolder: job.runFolder).fullCheckpoints {
      try Files.copy("\(job.runFolder)/\(path)", to: "\(folder)/\(path)")
    }
  }
}

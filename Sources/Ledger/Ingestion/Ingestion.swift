package import Experiment
import Foundation
import GRDB
import Glibc
import Records
package import Storage

/// What a reading of journals brought.
package struct IngestReport: Hashable, Sendable {
  /// New lines taken in.
  package var records = 0
  /// Sweeps and job descriptions that were new or had changed.
  package var descriptions = 0
  /// Sentences on what could not be read, each with its file and line.
  package var problems: [String] = []

  package init() {}

  /// What was taken in, as in "12 records and 1 description".
  package var counts: String { "\(counted(records, "record")) and \(counted(descriptions, "description"))" }

  /// What came of it, for people: "12 records and 1 description taken in; 0 problems.".
  package var summary: String { "\(counts) taken in; \(counted(problems.count, "problem"))." }

  /// Adds the counts and the problems of another ingestion.
  package static func += (left: inout Self, right: Self) {
    left.records += right.records
    left.descriptions += right.descriptions
    left.problems += right.problems
  }
}

extension Ledger {
  /// Records a sweep as it is started: its rows, and the run of each row and seed whose data are prepared.
  ///
  /// Again with the same plan it changes nothing; with a changed one it takes the old one's place, and runs that
  /// nobody asks for any more stay if they have begun.
  /// - Throws: `LedgerError`, `StorageError`.
  package func record(_ plan: SweepPlan, source: String, datasets: [RequestedDataset]) throws {
    let sweep = RecordedSweep(plan: plan, source: source, datasets: datasets)
    let data = try CanonicalJSON.data(sweep)
    let path = workspace.sweepRecord(plan.name)
    if (try? FileContent.data(of: path)) != data {
      try Folder.make(workspace.sweeps)
      try DurableFile.write(data, to: path, shared: true)
    }
    _ = try writing { db in try ingestSweep(plan.name, db) }
  }

  /// Takes in what is new in one run's folder: its job description and its journals.
  /// - Throws: `LedgerError`, `StorageError`.
  @discardableResult
  package func ingest(run: String) throws -> IngestReport {
    var report = IngestReport()
    var isMore = true
    var unreadable: [String] = []
    while isMore { isMore = try writing { db in try ingest(run, db, &report, &unreadable) } }
    report.problems += unreadable
    return report
  }

  /// Takes in what is new in the whole workspace, in transactions of about a second.
  ///
  /// What cannot be read is a problem each time, until it is mended.
  /// - Parameter progress: Tells how many of the runs are read.
  /// - Returns: What was taken in.
  /// - Throws: `LedgerError`, `StorageError`.
  @discardableResult
  package func collect(progress: ProgressLine? = nil) throws -> IngestReport {
    var report = IngestReport()
    let sweeps = try Self.names(in: workspace.sweeps).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    try inTransactions(over: sweeps) { sweep, db in
      report += try ingestSweep(sweep, db)
      return false
    }
    try inTransactions(over: Self.names(in: workspace.submissions)) { submission, db in
      report += try ingestSubmission(submission, db)
      return false
    }
    let rehearsals = try Self.names(in: workspace.rehearsals).filter { $0.hasSuffix(".json") }
    try inTransactions(over: rehearsals) { rehearsal, db in
      report += try ingestRehearsal(rehearsal, db)
      return false
    }
    let searches = try Self.names(in: workspace.searches).filter { $0.hasSuffix(".jsonl") }
      .map { String($0.dropLast(6)) }
    try inTransactions(over: searches) { sweep, db in
      report += try ingestSearch(sweep, db)
      return false
    }
    var unreadable: [String] = []
    let runs = try Self.names(in: workspace.runs)
    progress?.begin("reading the journals of runs", of: runs.count)
    try inTransactions(over: runs) { run, db in
      var isMore = false
      do {
        isMore = try ingest(run, db, &report, &unreadable)
      } catch let error as StorageError where error.isOfThePath {
        // Another run's journals can be read all the same.
        report.problems.append("\(error)")
      }
      if !isMore { progress?.advance() }
      return isMore
    }
    report.problems += try unreadableLines() + vanishedJournals()
    return report
  }

  /// Makes a workspace's ledger anew from its files.
  ///
  /// It is made aside and then copied over the old one in a transaction, so that processes that have the old one open
  /// go on with the new. An old one that is no database any more is set aside.
  /// - Parameters:
  ///   - workspace: The workspace.
  ///   - progress: Tells how many of the runs are read.
  /// - Returns: What was taken in.
  /// - Throws: `LedgerError`, `StorageError`.
  @discardableResult
  package static func rebuild(_ workspace: Workspace, progress: ProgressLine? = nil) throws -> IngestReport {
    try rebuild(workspace, progress: progress) {}
  }

  /// The same, for tests: `meanwhile` is what others do before the new one takes the old one's place.
  /// - Parameters:
  ///   - workspace: The workspace.
  ///   - progress: Tells how many of the runs are read.
  ///   - meanwhile: What happens then.
  /// - Returns: What was taken in.
  /// - Throws: `LedgerError`, `StorageError`; what `meanwhile` throws.
  static func rebuild(
    _ workspace: Workspace, progress: ProgressLine? = nil, meanwhile: () throws -> Void
  ) throws -> IngestReport {
    try Folder.make(workspace.path)
    removeAbandoned(workspace)
    try? FileManager.default.removeItem(atPath: Integrity(path: workspace.ledger).note)
    let aside = asidePath(workspace)
    // Of a killed process that had this one's number.
    removeDatabase(aside)
    defer { removeDatabase(aside) }
    let ledger = try Ledger(workspace, path: aside)
    var report = try ledger.collect(progress: progress)
    try meanwhile()
    do {
      try replace(workspace.ledger, with: ledger)
    } catch LedgerError.damaged {
      // A link to a local disk stays one.
      let path = URL(fileURLWithPath: workspace.ledger).resolvingSymlinksInPath().path
      for end in ["", "-journal"] where FileManager.default.fileExists(atPath: path + end) {
        let damaged = "\(path).damaged\(end)"
        try? FileManager.default.removeItem(atPath: damaged)
        try? FileManager.default.moveItem(atPath: path + end, toPath: damaged)
      }
      try replace(path, with: ledger)
    }
    // What others have taken in meanwhile went into the old one.
    report.problems = []
    report += try Ledger(workspace).collect()
    return report
  }

  /// Where this process makes a ledger that takes the workspace's place when it is whole.
  static func asidePath(_ workspace: Workspace) -> String { "\(workspace.ledger).rebuild-\(getpid())" }

  static func removeDatabase(_ path: String) {
    for end in ["", "-journal"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  /// What rebuilding processes that were killed have left.
  static func removeAbandoned(_ workspace: Workspace) {
    for name in (try? names(in: workspace.path)) ?? [] where name.hasPrefix("ledger.sqlite.rebuild-") {
      let owner = name.dropFirst("ledger.sqlite.rebuild-".count).prefix { $0.isNumber }
      if let pid = Int32(owner), ProcessIdentity.startTicks(of: pid) == nil {
        try? FileManager.default.removeItem(atPath: workspace.path + "/" + name)
      }
    }
  }

  private static func replace(_ path: String, with ledger: Ledger) throws {
    try translating(path) {
      try ledger.queue.backup(to: DatabaseQueue(path: path, configuration: configuration(of: path)))
    }
  }

  /// Calls `body`, which takes in a part and tells whether there is more of the same item, in transactions of a second,
  /// between which others have a turn: who waits tries again at its own pace.
  func inTransactions(
    over items: [String], seconds: Double = 1, _ body: (String, Database) throws -> Bool
  ) throws {
    var rest = items[...]
    while !rest.isEmpty {
      try writing { db in
        let deadline = ContinuousClock.now + .seconds(seconds)
        while let item = rest.first, ContinuousClock.now < deadline {
          if try !body(item, db) { rest = rest.dropFirst() }
        }
      }
      if !rest.isEmpty { usleep(50_000) }
    }
  }

  /// The names in a folder; none where there is no such folder.
  private static func names(in folder: String) throws -> [String] {
    FileStatus(folder) == nil ? [] : try Folder.names(in: folder)
  }

  /// A sentence for each journal line that could not be read, whenever that was.
  private func unreadableLines() throws -> [String] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT run, attempt, -sequence AS line, text FROM events WHERE kind = 'unreadable' ORDER BY run, attempt, line
          """
      ).map { row in
        let (run, attempt, line, text): (String, Int, Int, String) = (
          row["run"], row["attempt"], row["line"], row["text"]
        )
        // The text begins with the file and the line.
        let reason = text.dropFirst("journal/\(RunFolder.journalName(attempt)):\(line): ".count)
        return JournalLine.sentence(RunFolder(workspace.runFolder(run)).journal(attempt), line, reason)
      }
    }
  }

  /// A sentence for each journal that is gone while the ledger still has what it said.
  private func vanishedJournals() throws -> [String] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT run, file, records FROM ingested_files WHERE file LIKE 'journal/%' AND records > 0 ORDER BY run, file
          """
      ).compactMap { row in
        let (run, file, lines): (String, String, Int) = (row["run"], row["file"], row["records"])
        let path = workspace.runFolder(run) + "/" + file
        guard !FileManager.default.fileExists(atPath: path) else { return nil }
        return "\(path): the journal is gone, and the ledger has its \(lines) lines still; put it back, or make the "
          + "ledger anew without them: qcalo collect --rebuild"
      }
    }
  }

  private func ingestSweep(_ name: String, _ db: Database) throws -> IngestReport {
    try ingestDescription("sweeps/\(name).json", as: "the record of a sweep", hint: "start the sweep again", db) {
      (sweep: RecordedSweep) in
      for table in [Schema.sweepVariants, Schema.sweepRuns] {
        try db.execute(sql: "DELETE FROM \(table.name) WHERE sweep = ?", arguments: [name])
      }
      try RowWriter(db: db).insert(sweep)
      try forgetUnused(db)
    }
  }

  /// Takes in a small file of the workspace, if it is new or has changed; one that cannot be read is a problem to report.
  /// - Parameters:
  ///   - file: Its path in the workspace.
  ///   - what: What it should be, for the sentence that says that it is not.
  ///   - hint: What writes it anew; nil where there is nothing to advise.
  ///   - db: The ledger, in a transaction.
  ///   - insert: Puts the record into the ledger.
  /// - Returns: One description if it was taken in, and what is wrong with it.
  /// - Throws: What `insert` throws but for a `DecodingError`; `DatabaseError`; what reading the file throws.
  func ingestDescription<Record: Decodable>(
    _ file: String, as what: String, hint: String? = nil, _ db: Database, _ insert: (Record) throws -> Void
  ) throws -> IngestReport {
    var report = IngestReport()
    let path = workspace.path + "/" + file
    guard let (data, progress) = try changed(run: "", file: file, path: path, db) else { return report }
    do {
      try insert(CanonicalJSON.value(Record.self, from: data))
      try progress.save(run: "", file: file, db)
      report.descriptions += 1
    } catch let error as DecodingError {
      let remedy = hint.map { "; \($0) to write it" } ?? ""
      report.problems.append("\(path): not \(what): \(error.explanation)\(remedy)")
    }
    return report
  }

  /// What only an earlier plan asked for, and was never begun.
  private func forgetUnused(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM runs WHERE NOT described AND id NOT IN (SELECT run FROM sweep_runs)")
    try db.execute(
      sql: """
        DELETE FROM variants WHERE id NOT IN (SELECT variant FROM runs UNION SELECT variant FROM sweep_variants)
        """)
    try db.execute(
      sql: """
        DELETE FROM datasets WHERE sha256 NOT IN (
          SELECT dataset FROM runs UNION SELECT dataset FROM sweep_variants WHERE dataset IS NOT NULL)
        """)
  }

  /// - Returns: Whether there is more to take in.
  private func ingest(
    _ run: String, _ db: Database, _ report: inout IngestReport, _ unreadable: inout [String]
  ) throws -> Bool {
    let problems = try ingestJob(run, db, &report)
    report.problems += problems
    let folder = RunFolder(workspace.runFolder(run))
    var attempts: [Int] = []
    do { attempts = try folder.attempts() } catch {
      if FileStatus(folder.journalFolder) != nil { report.problems.append("\(error)") }
    }
    if !attempts.isEmpty, try !Self.has(run: run, db) {
      if problems.isEmpty {
        report.problems.append("\(folder.path): it has journals but no job description; they are left alone")
      }
      return false
    }
    for attempt in attempts {
      var reading = try JournalReading(run: run, attempt: attempt, path: folder.journal(attempt), db: db)
      let isMore = try reading.take()
      report.records += reading.records
      unreadable += reading.unreadable
      if isMore { return true }
    }
    if problems.isEmpty {
      report += try ingestNotes(run, db)
      report.problems += try ingestMetrics(run, db, &report)
      report.problems += try ingestMeasurements(run, db, &report)
    }
    return false
  }

  /// Takes in what a person has written on a run, if it is new or has changed.
  private func ingestNotes(_ run: String, _ db: Database) throws -> IngestReport {
    try ingestDescription(
      "runs/\(run)/\(RunNotes.fileName)", as: "notes on a run", hint: "`qcalo note` the run anew", db
    ) { (notes: RunNotes) in
      try RowWriter(db: db).insert(
        Schema.notes, ["run": run, "tags": notes.tags.joined(separator: ","), "text": notes.text])
    }
  }

  /// Takes in a run's job description, if it is new or has changed.
  /// - Returns: What is wrong with it.
  private func ingestJob(_ run: String, _ db: Database, _ report: inout IngestReport) throws -> [String] {
    let path = workspace.jobDescription(run)
    if let (data, progress) = try changed(run: run, file: "job.json", path: path, db) {
      do {
        let job = try CanonicalJSON.value(JobDescription.self, from: data)
        if job.run == run {
          try RowWriter(db: db).insert(job)
          try progress.save(run: run, file: "job.json", db)
          report.descriptions += 1
        } else {
          return ["\(path): it describes the run \(job.run); a run's folder has the run's name"]
        }
      } catch let error as DecodingError {
        return ["\(path): not a job description: \(error.explanation); plan the run again to write it"]
      }
    }
    return []
  }

  /// The content of a small file that is new or has changed since it was last taken in, and what is to be saved once it
  /// is taken in; nil when it has not.
  ///
  /// One that cannot be taken in is met again and again.
  func changed(
    run: String, file: String, path: String, _ db: Database
  ) throws -> (data: Data, progress: FileProgress)? {
    guard let opened = try WorkspaceFile(path: path) else { return nil }
    let known = try FileProgress.known(run: run, file: file, db)
    if let known, known.bytes == opened.size, known.modified == opened.modified { return nil }
    let digest = try opened.digest()
    let progress = FileProgress(bytes: opened.size, records: 1, modified: opened.modified, tail: digest)
    guard known?.tail == digest else { return (try opened.all(), progress) }
    try progress.save(run: run, file: file, db)
    return nil
  }
}

/// How far a file has been taken in: a row of `ingested_files`.
struct FileProgress {
  var bytes = 0
  var records = 0
  var modified = 0.0
  var tail = ""

  static func known(run: String, file: String, _ db: Database) throws -> FileProgress? {
    let statement = try db.cachedStatement(
      sql: "SELECT bytes, records, modified, tail FROM ingested_files WHERE run = ? AND file = ?")
    return try Row.fetchOne(statement, arguments: [run, file]).map {
      FileProgress(bytes: $0["bytes"], records: $0["records"], modified: $0["modified"], tail: $0["tail"])
    }
  }

  func save(run: String, file: String, _ db: Database) throws {
    try RowWriter(db: db).insert(
      Schema.files,
      ["run": run, "file": file, "bytes": bytes, "records": records, "modified": modified, "tail": tail])
  }
}

package import Experiment
import Foundation
import Ledger
package import Records
import Storage
import Subprocess
import SystemPackage

/// A run trained undisturbed and again with kills at random moments, and the comparison.
package final class Rehearsal {
  /// The signals that the worker gets.
  package enum Signal: String, CaseIterable, Sendable {
    case kill = "KILL"
    case term = "TERM"
    case mixed
  }

  private let job: JobDescription
  private let folder: String
  private let signal: Signal
  private var random: SplitMix64
  private let say: (String) -> Void

  /// The rehearsal of a run.
  /// - Parameters:
  ///   - job: The run, with a budget of checkpoints and an absolute path of its dataset.
  ///   - folder: Gets the records of rehearsals, and what is trained as long as it is compared.
  ///   - signal: What the worker gets at those moments.
  ///   - seed: The seed of the moments.
  ///   - say: Takes how it goes on.
  package init(
    job: JobDescription, folder: String, signal: Signal, seed: UInt64, say: @escaping (String) -> Void
  ) {
    self.say = say
    self.job = job
    self.folder = folder
    self.signal = signal
    random = SplitMix64(state: seed)
  }

  private var quiet: String { "\(folder)/\(job.run)/undisturbed" }
  /// A run that finishes before all kills are spent is followed by another.
  private func disturbed(_ round: Int) -> String { "\(folder)/\(job.run)/disturbed-\(round)" }
  private var checkpoints: Int { job.budget.checkpoints ?? 0 }

  /// Trains undisturbed, then with so many kills, and compares.
  ///
  /// What was trained is removed if nothing differs.
  /// - Throws: `InputError`, `StorageError`, `WorkerFailure`; `StopRequest` where `StopSignals` were asked for a stop.
  package func run(kills count: Int) async throws -> RehearsalRecord {
    try? FileManager.default.removeItem(atPath: "\(folder)/\(job.run)")
    try prepare(quiet)
    let start = Date()
    try expect(await train(quiet).end, .finished)
    let perCheckpoint = Date().timeIntervalSince(start) / Double(checkpoints + 1)
    let reference = try await WorkerProgram.output(["checkpoints", "digest", quiet])

    var kills: [RehearsalRecord.Kill] = []
    var passed = true
    var round = 0
    repeat {
      round += 1
      let folder = disturbed(round)
      try prepare(folder)
      while true {
        let left = count - kills.count
        if left == 0 { try expect(await train(folder).end, .finished) }
        guard left > 0 else { break }
        // The kills spread over what is left to train, but leave time to get from one checkpoint to the next.
        let remaining = Double(checkpoints - Journals(folder).checkpoint)
        let mean = max(remaining / Double(left), 0.8) * perCheckpoint
        guard let kill = try await disturb(folder, after: 2 * mean * random.unit()) else { break }
        kills.append(kill)
        say(
          "kill \(kills.count): SIG\(kill.signal) after \(Self.digits(kill.seconds)) s, "
            + "\(Self.phrase(kill.place)), checkpoint \(Journals(folder).checkpoint) recorded")
      }
      let found = try await WorkerProgram.output(["checkpoints", "digest", folder])
      for line in differences(from: reference, to: found).prefix(20) {
        passed = false
        say("round \(round) differs: \(line)")
      }
    } while kills.count < count

    guard let provenance = Journals(quiet).provenance else {
      throw InputError("\(quiet): the journal does not say which binary trained")
    }
    let record = RehearsalRecord(
      run: job.run, time: Date().timeIntervalSince1970, provenance: provenance, checkpoints: checkpoints, kills: kills,
      passed: passed)
    try DurableFile.write(CanonicalJSON.data(record, pretty: true), to: "\(folder)/\(record.fileName)")
    if passed { try? FileManager.default.removeItem(atPath: "\(folder)/\(job.run)") }
    return record
  }

  /// What a rehearsal has shown, for people.
  package func summary(_ record: RehearsalRecord) -> String {
    let places = RehearsalRecord.Place.allCases.map { place in
      "\(record.kills.count { $0.place == place }) \(Self.phrase(place))"
    }
    let killed = record.kills.count { $0.signal == "KILL" }
    return """
      \(record.kills.count) kills (\(killed) SIGKILL, \(record.kills.count - killed) SIGTERM): \
      \(places.joined(separator: ", "))
      \(record.passed ? "identical to the last bit" : "NOT identical: see above, and \(folder)/\(job.run)"): every array of \
      \(record.checkpoints + 1) checkpoints of \(record.run), and every record
      binary \(record.provenance.binary.prefix(12)), \(record.provenance.processor), kernels \(record.provenance.kernels)
      """
  }

  private static func phrase(_ place: RehearsalRecord.Place) -> String {
    switch place {
    case .start: "at the start"
    case .training: "between checkpoints"
    case .checkpoint: "inside a checkpoint write"
    case .end: "at the end"
    }
  }

  private static func digits(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

  // MARK: Workers

  private func prepare(_ folder: String) throws {
    try Folder.make(folder)
    try DurableFile.write(CanonicalJSON.data(job, pretty: true), to: folder + "/job.json")
  }

  /// Trains and kills once.
  ///
  /// Nil when the run finished before that.
  private func disturb(_ folder: String, after delay: Double) async throws -> RehearsalRecord.Kill? {
    let number =
      switch signal {
      case .kill: SIGKILL
      case .term: SIGTERM
      case .mixed: random.unit() < 0.5 ? SIGKILL : SIGTERM
      }
    // A checkpoint's write is short: every third kill waits for one, and falls some time into it.
    let aimed = random.unit() < 1 / 3
    let (extra, twice) = (0.08 * random.unit(), random.unit() < 0.3)
    let attempts = Journals(folder).attempts
    let (end, killed) = try await train(folder) { pid, started in
      try? await Task.sleep(for: .seconds(delay))
      let patience = Date(timeIntervalSinceNow: 30)
      while aimed && !Task.isCancelled && !Self.isWriting(folder) && Date() < patience
        && ProcessIdentity.startTicks(of: pid) != nil
      {
        try? await Task.sleep(for: .microseconds(200))
      }
      if aimed { try? await Task.sleep(for: .seconds(extra)) }
      let seconds = Date().timeIntervalSince(started)
      kill(pid, number)
      if twice && number == SIGTERM {
        try? await Task.sleep(for: .milliseconds(5))
        kill(pid, number)
      }
      return seconds
    }
    switch end {
    case .signaled(number): break
    case .exited(let code) where code == ProgramEnd.resumable.rawValue && number == SIGTERM: break
    case .exited(ProgramEnd.finished.rawValue): return nil
    default:
      throw WorkerFailure(
        programEnd: .checkFailed, description: "the worker ended with \(end); see \(folder)/worker.log")
    }
    return RehearsalRecord.Kill(
      signal: number == SIGKILL ? "KILL" : "TERM", seconds: killed,
      place: place(folder, attempts: attempts, exited: number == SIGTERM))
  }

  /// Where a kill fell, from what the worker left behind.
  private func place(_ folder: String, attempts: Int, exited: Bool) -> RehearsalRecord.Place {
    let journals = Journals(folder)
    if journals.attempts == attempts || !journals.lastHasStarted { return .start }
    // Asked to stop, it completes a checkpoint that it is at; what it was at cannot be told afterwards.
    if exited { return .training }
    return Self.isWriting(folder) || journals.newestFull(in: folder) > journals.checkpoint ? .checkpoint : .training
  }

  private static func isWriting(_ folder: String) -> Bool {
    let names = (try? Folder.names(in: RunFolder(folder).checkpointFolder)) ?? []
    return names.contains { $0.contains(".partial") }
  }

  private func expect(_ end: TerminationStatus, _ code: ProgramEnd) throws {
    guard case .exited(code.rawValue) = end else {
      throw WorkerFailure(
        programEnd: .checkFailed,
        description: "the worker ended with \(end) instead of \(code.rawValue); see \(folder)/\(job.run)")
    }
  }

  private func train(
    _ folder: String, _ body: @escaping @Sendable (pid_t, Date) async -> Double = { _, _ in 0 }
  ) async throws -> (end: TerminationStatus, value: Double) {
    let log = open(folder + "/worker.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard log >= 0 else {
      throw InputError("\(folder)/worker.log cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(log) }
    let output = FileDescriptorOutput.fileDescriptor(
      FileDescriptor(rawValue: log), closeAfterSpawningProcess: false)
    let started = Date()
    let path = FilePath(try WorkerProgram.path())
    let outcome = await WorkerProgram.untilStopped { options in
      try await Subprocess.run(
        .path(path), arguments: ["train", folder + "/job.json"], platformOptions: options, input: .none,
        output: output, error: output
      ) { execution in await body(execution.processIdentifier.value, started) }
    }
    try StopSignals.check()
    let result = try outcome.get()
    return (result.terminationStatus, result.closureResult)
  }

  private func differences(from reference: String, to found: String) -> [String] {
    guard reference != found else { return [] }
    let (old, new) = (reference.split(separator: "\n"), found.split(separator: "\n"))
    return (0..<max(old.count, new.count)).compactMap { line in
      let (was, now) = (line < old.count ? old[line] : "", line < new.count ? new[line] : "")
      return was == now ? nil : "undisturbed \(was) | disturbed \(now)"
    }
  }
}

/// What the journals of a folder say; a line that was not completed says nothing.
private struct Journals {
  private(set) var attempts = 0
  private(set) var lastHasStarted = false
  /// The last checkpoint that is recorded; -1 for none.
  private(set) var checkpoint = -1
  private(set) var provenance: Provenance?

  init(_ path: String) {
    let folder = RunFolder(path)
    for attempt in (try? folder.attempts()) ?? [] {
      attempts += 1
      lastHasStarted = false
      var reader = JournalReader(folder.journal(attempt))
      try? reader.read(of: Folder.name(of: path)) { _, line in
        guard case .record(let record) = line else { return }
        switch record.event {
        case .attemptStarted(let start): (lastHasStarted, provenance) = (true, start.provenance)
        case .checkpoint(let record): checkpoint = max(checkpoint, record.checkpoint)
        case .notice, .attemptEnded: break
        }
      }
    }
  }

  /// The number of the newest checkpoint of which a file is there, journalled or not.
  func newestFull(in folder: String) -> Int {
    let names = (try? Folder.names(in: RunFolder(folder).checkpointFolder)) ?? []
    return names.compactMap(CheckpointName.init(file:)).filter { $0.offset == 0 }.map(\.checkpoint).max() ?? -1
  }
}

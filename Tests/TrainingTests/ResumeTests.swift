import Experiment
import Foundation
import Records
import Storage
import TestSupport
import Testing

@testable import Training

@Suite("A resume")
struct ResumeTests {
  /// A run that was stopped at iteration 25 of 40.
  static func stopped() throws -> ToyRun {
    let run = try ToyRun()
    var stopped = run
    var calls = 0
    stopped.control.stopRequest = {
      calls += 1
      return calls == 26 ? "SIGTERM" : nil
    }
    try stopped.train()
    return run
  }

  enum Damage: CaseIterable { case empty, cut, flipped, foreign, renamed }

  @Test(
    "passes over a damaged checkpoint, names it, sets it aside and takes the one before", arguments: Damage.allCases)
  func damaged(by damage: Damage) throws {
    let run = try Self.stopped()
    let newest = run.temporary("checkpoints/full-000002+5.h5")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: newest))
    switch damage {
    case .empty: bytes = Data()
    case .cut: bytes = bytes.prefix(bytes.count / 2)
    case .flipped: bytes[bytes.count / 2] ^= 4
    case .foreign: bytes = Data("not at all".utf8)
    case .renamed: bytes = try Data(contentsOf: URL(fileURLWithPath: run.temporary("checkpoints/full-000001.h5")))
    }
    try bytes.write(to: URL(fileURLWithPath: newest))
    try run.train()
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
    let notice = try #require(run.told.notices.last)
    #expect(notice.hasPrefix(newest + ": "))
    #expect(
      notice.hasSuffix(
        "; it is now set-aside/full-000002+5.h5, and checkpoints/full-000002.h5 is taken instead"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: run.temporary("set-aside/full-000002+5.h5"))) == bytes)
    #expect(try run.folder.history().records.contains { $0.event == .notice(notice) })
  }

  @Test("starts from nothing when no checkpoint is left, and records nothing twice")
  func allDamaged() throws {
    let run = try Self.stopped()
    for name in try run.checkpointFiles() { try run.temporary.write("x", to: "checkpoints/" + name) }
    try run.train()
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
    #expect(try Folder.names(in: run.temporary("set-aside")).count == 3)
    let checkpoints = try run.folder.history().records.compactMap {
      if case .checkpoint(let record) = $0.event { record.checkpoint } else { nil }
    }
    #expect(checkpoints == [0, 1, 2, 3, 4])
  }

  @Test("that does a checkpoint again and finds something else goes by the new record, as its files do")
  func cameOutDifferently() throws {
    let run = try Self.stopped()
    let first = try #require(try run.folder.history().checkpoints[2])
    for name in ["full-000002.h5", "full-000002+5.h5"] { try run.temporary.write("x", to: "checkpoints/" + name) }
    try run.train { $0.factor = 1.6 }
    let history = try run.folder.history()
    let records = history.records.compactMap { record in
      if case .checkpoint(let found) = record.event, found.checkpoint == 2 { found } else { nil }
    }
    #expect(records.count == 2 && records[0] == first && records[1].evaluation != first.evaluation)
    #expect(history.checkpoints[2] == records[1])
    #expect(run.told.notices.contains { $0.contains("checkpoint 2, done again, came out differently; the new record") })
    #expect(try CheckpointVerification(folder: run.folder).flaws == [])
    #expect(try CheckpointCatalogue(folder: run.folder).checkpoints[2].reduced == records[1].evaluation.reduced)
  }

  @Test("that does a checkpoint again and keeps its generator, which it did not before, has found the same")
  func keepsMore() throws {
    var run = try ToyRun(checkpoints: 2, keep: Retention(generatorEvery: 0))
    try run.train()
    try run.temporary.write("x", to: "checkpoints/full-000002.h5")
    run.job.keep.generatorEvery = 1
    try run.write()
    #expect(try run.train().exit == .finished)
    #expect(!run.told.notices.contains { $0.contains("came out differently") })
    #expect(try CheckpointVerification(folder: run.folder).flaws == [])
  }

  @Test("leaves two records of a checkpoint that may say of different files; of another file they differ")
  func twoRecords() throws {
    let run = try ToyRun(checkpoints: 2, keep: Retention(generatorEvery: 0))
    try run.train()
    let journal = run.folder.journal(1)
    let text = try String(contentsOfFile: journal, encoding: .utf8)
    func add(_ sums: [String]) throws {
      let first = try #require(try run.folder.history().records.first { $0.event.isCheckpoint(2) })
      let lines = try sums.enumerated().map { index, sum in
        var record = first
        guard case .checkpoint(var checkpoint) = record.event else { throw TestFailure("no checkpoint") }
        checkpoint.generator = CheckpointFile(path: "checkpoints/generator-000002.h5", sha256: sum, bytes: 1)
        (record.sequence, record.event) = (10 + index, .checkpoint(checkpoint))
        return String(decoding: try JournalLine.data(record), as: UTF8.self)
      }
      try (text + lines.joined()).write(toFile: journal, atomically: true, encoding: .utf8)
    }
    try add(["a"])
    #expect(try RunDigest(folder: run.folder).records.count == 3)
    try add(["a", "b"])
    let error = #expect(throws: InputError.self) { try RunDigest(folder: run.folder) }
    #expect(error?.description.hasSuffix("the journals hold two different records of checkpoint 2") ?? false)
  }

  @Test("takes for the best no checkpoint whose χ²/NDF is not a number")
  func bestIsANumber() throws {
    let run = try ToyRun(checkpoints: 9)
    try run.train()
    var history = try run.folder.history()
    let best = try #require(history.best?.checkpoint)
    func spoil(_ isSpoilt: (Int) -> Bool) {
      for index in history.records.indices {
        guard case .checkpoint(var record) = history.records[index].event, isSpoilt(record.checkpoint) else { continue }
        record.evaluation.reduced = .nan
        history.records[index].event = .checkpoint(record)
      }
    }
    for other in 0...9 where other != best {
      spoil { $0 == other }
      #expect(history.best?.checkpoint == best)
    }
    spoil { _ in true }
    #expect(history.best == nil)
  }

  @Test("shows signs of life while it looks for the last finite state of a diverged run")
  func replayBeats() throws {
    var run = try ToyRun(checkpoints: 2, interval: 30)
    run.control.heartbeat = 0
    let lock = run.folder.lockFile
    func touched() -> Int {
      var status = stat()
      return stat(lock, &status) == 0 ? Int(status.st_mtim.tv_sec) : -1
    }
    var silent: [Int] = []
    let end = try run.train { toy in
      toy.breaksAt = (27, false)
      toy.before = { iteration in
        if touched() <= 1000 { silent.append(iteration) }
        var times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
        utimensat(AT_FDCWD, lock, &times, 0)
      }
    }
    #expect(end.exit == .diverged && end.iteration == 26)
    #expect(silent == [])
  }

  @Test("of another job is refused with the difference spelt out")
  func otherJob() throws {
    var run = try Self.stopped()
    let before = run.job
    run.job = JobDescription(
      variant: before.variant, settings: before.settings, seed: 4, dataset: before.dataset, budget: before.budget)
    try run.write()
    #expect {
      try run.train()
    } throws: { error in
      "\(error)"
        == "\(run.temporary.path): checkpoints/full-000002+5.h5 is of another job: seed: 3 there, 4 here; "
        + "give this job a folder of its own" && ProgramEnd(of: error) == .badInput
    }
  }

  @Test("into the folder of another job is refused, and the folder's job stays")
  func otherFolder() throws {
    let (run, other) = (try Self.stopped(), try ToyRun(seed: 5))
    #expect {
      _ = try TrainingRun.train(jobFile: other.folder.jobFile, folder: run.folder, control: run.control) { job, _ in
        ToyTrainee(seed: job.seed)
      }
    } throws: { error in
      "\(error)"
        == "\(run.temporary.path) is the folder of another job: seed: 3 there, 5 here; give this one a folder of its own"
    }
    #expect(try run.folder.job()?.seed == 3)
  }

  @Test("by another numerics version is refused, or accepted and recorded")
  func otherNumerics() throws {
    var run = try Self.stopped()
    #expect {
      try run.train(NewerToy.self)
    } throws: { error in
      "\(error)".hasSuffix(
        "checkpoints/full-000002+5.h5 was trained with numerics version 1, this worker has 2 and would train other "
          + "numbers; go on with the worker of before, or accept it with --accept-different-binary")
    }
    #expect(try run.folder.history().lastAttempt == 1)
    run.control.acceptDifferentBinary = true
    #expect(try run.train(NewerToy.self).exit == .finished)
    guard case .attemptStarted(let start)? = try run.folder.history().records.first(where: { $0.attempt == 2 })?.event
    else { throw TestFailure("no start") }
    #expect(start.notBitIdentical == "numerics version 1, then 2 (accepted)")
  }

  @Test(
    "AVX-512, AVX2 and NEON agree, and generic with none of them", arguments: InstructionSet.allCases,
    InstructionSet.allCases)
  func agreeingSets(one: InstructionSet, other: InstructionSet) {
    let isGeneric = [one, other].map { $0 == .generic }
    #expect(InstructionSet.agree(one.rawValue, other.rawValue) == (isGeneric[0] == isGeneric[1]))
  }

  @Test("on another processor, with other kernels or another binary goes on and is marked")
  func otherProcessor() throws {
    let run = try Self.stopped()
    let journal = run.temporary("journal/attempt-0001.jsonl")
    let here = try Provenance.current(of: ToyTrainee.self)
    let lines = try run.folder.history().records.map { record in
      var record = record
      if case .attemptStarted(var start) = record.event {
        (start.provenance.binary, start.provenance.kernels) = (String(repeating: "0", count: 64), "avx2")
        record.event = .attemptStarted(start)
      }
      return String(decoding: try JournalLine.data(record), as: UTF8.self)
    }
    try lines.joined().write(toFile: journal, atomically: true, encoding: .utf8)
    #expect(try run.train().exit == .finished)
    guard case .attemptStarted(let start)? = try run.folder.history().records.first(where: { $0.attempt == 2 })?.event
    else { throw TestFailure("no start") }
    #expect(
      start.notBitIdentical == "binary 000000000000, then \(here.binary.prefix(12)); kernels avx2, then toy")
    #expect(run.told.notices == ["not bit-identical by construction: \(start.notBitIdentical ?? "")"])
  }

  @Test("repairs the torn last line of a journal, keeping what it cuts off")
  func tornJournal() throws {
    let run = try Self.stopped()
    let journal = run.temporary("journal/attempt-0001.jsonl")
    let text = try String(contentsOfFile: journal, encoding: .utf8)
    // Through the record of checkpoint 2 and what follows it: the record has to come again.
    let lines = text.split(separator: "\n").map(String.init)
    let kept = lines[..<3].map { $0 + "\n" }.joined()
    try (kept + lines[3].prefix(40)).write(toFile: journal, atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: run.temporary("checkpoints/full-000002+5.h5"))
    try run.train()
    #expect(try String(contentsOfFile: journal, encoding: .utf8) == kept)
    #expect(
      run.told.notices == [
        "journal/attempt-0001.jsonl: the last line was torn; its 40 bytes are now in set-aside/attempt-0001.jsonl.torn",
        "the journal had no record of checkpoint 2; it is recorded again from checkpoints/full-000002.h5",
      ])
    #expect(
      try String(contentsOfFile: run.temporary("set-aside/attempt-0001.jsonl.torn"), encoding: .utf8)
        == lines[3].prefix(40))
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
  }

  @Test("leaves a journal's unreadable line alone, and says so")
  func unreadableJournal() throws {
    let run = try Self.stopped()
    let journal = run.temporary("journal/attempt-0001.jsonl")
    let text = try String(contentsOfFile: journal, encoding: .utf8)
    try ("{}\n" + text).write(toFile: journal, atomically: true, encoding: .utf8)
    try run.train()
    #expect(
      run.told.notices == [
        "journal/attempt-0001.jsonl:1: not a record of this journal: 'run' is missing; the line is passed over"
      ])
    #expect(try String(contentsOfFile: journal, encoding: .utf8) == "{}\n" + text)
  }

  @Test("removes what a killed writer left half-written")
  func partial() throws {
    let run = try Self.stopped()
    try run.temporary.write("half", to: "checkpoints/full-000003.h5.partial")
    try run.train()
    #expect(try !Folder.names(in: run.temporary("checkpoints")).contains { $0.contains("partial") })
  }
}

extension JournalRecord.Event {
  fileprivate func isCheckpoint(_ number: Int) -> Bool {
    if case .checkpoint(let record) = self { record.checkpoint == number } else { false }
  }
}

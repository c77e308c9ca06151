import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Training

@Suite("A lost record")
struct LostRecordTests {
  private func lines(_ run: ToyRun, attempt: Int) throws -> [String] {
    try String(contentsOfFile: run.folder.journal(attempt), encoding: .utf8).split(separator: "\n").map { $0 + "\n" }
  }

  private func write(_ lines: some Sequence<String>, to run: ToyRun, attempt: Int) throws {
    try lines.joined().write(toFile: run.folder.journal(attempt), atomically: true, encoding: .utf8)
  }

  private func note(_ checkpoint: Int, _ file: String) -> String {
    "the journal had no record of checkpoint \(checkpoint); it is recorded again from checkpoints/\(file)"
  }

  @Test(
    "of a finished run's larger budget, killed before the line of its last checkpoint, is recorded by the next start")
  func continued() throws {
    var run = try ToyRun(checkpoints: 2)
    try run.train()
    run.job.budget.checkpoints = 4
    try run.write()
    try run.train()
    try write(
      lines(run, attempt: 2).filter { !$0.contains("attemptEnded") && !$0.contains("full-000004") }, to: run, attempt: 2
    )
    #expect(try run.folder.history().checkpoints[4] == nil)
    let end = try run.train()
    #expect(end.exit == .finished && end.reason == "checkpoint 4 is reached")
    #expect(run.told.notices == [note(4, "full-000004.h5")])
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
    try run.train()
    #expect(try run.folder.history().lastAttempt == 3, "it is finished now")
  }

  @Test("is recorded again although the run's end stands in the journal")
  func beforeTheEnd() throws {
    let run = try ToyRun()
    try run.train()
    try write(lines(run, attempt: 1).filter { !$0.contains("full-000004") }, to: run, attempt: 1)
    #expect(try run.train().exit == .finished)
    #expect(run.told.notices == [note(4, "full-000004.h5")])
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
  }

  @Test("of a journal cut at a line's end is recorded again from the files that are there", arguments: 1...5)
  func cut(lines kept: Int) throws {
    let run = try ToyRun()
    try run.train()
    let whole = try run.folder.history().checkpoints
    try write(lines(run, attempt: 1).prefix(kept), to: run, attempt: 1)
    #expect(try run.train().exit == .finished)
    #expect(
      run.told.notices
        == (kept - 1...4).map { note($0, $0 < 3 ? "generator-00000\($0).h5" : "full-00000\($0).h5") })
    let found = try run.folder.history().checkpoints
    #expect(found.keys.sorted() == [0, 1, 2, 3, 4])
    for (number, record) in whole {
      var expected = record
      // The files of older full checkpoints are gone.
      if number >= kept - 1, number < 3 { expected.full = nil }
      #expect(found[number]?.sameResult(as: expected) == true, "checkpoint \(number)")
    }
    try run.train()
    #expect(try run.folder.history().lastAttempt == 2, "it is finished now")
  }

  @Test("is not made of a file that is damaged or of another job")
  func damagedFile() throws {
    let (run, other) = (try ToyRun(), try ToyRun(seed: 5))
    try run.train()
    try other.train()
    try write(lines(run, attempt: 1).prefix(1), to: run, attempt: 1)
    try run.temporary.write("x", to: "checkpoints/generator-000001.h5")
    let foreign = try Data(contentsOf: URL(fileURLWithPath: other.temporary("checkpoints/generator-000002.h5")))
    try foreign.write(to: URL(fileURLWithPath: run.temporary("checkpoints/generator-000002.h5")))
    try run.train()
    #expect(try run.folder.history().checkpoints.keys.sorted() == [0, 3, 4])
  }

  @Test("and the end of an earlier attempt: only what the last one says last is the run's end")
  func endOfAnEarlierAttempt() throws {
    var run = try ToyRun(checkpoints: 2)
    try run.train()
    #expect(try run.folder.history().end?.exit == .finished)
    run.job.budget.checkpoints = 4
    try run.write()
    try run.train()
    try write(lines(run, attempt: 2).prefix(1), to: run, attempt: 2)
    #expect(try run.folder.history().end == nil)
    try write([], to: run, attempt: 2)
    #expect(try run.folder.history().end == nil)
  }

  @Test("of a line that was changed after it was written is told, by a check too, and recorded again")
  func changedLine() throws {
    let run = try ToyRun()
    try run.train()
    var whole = try lines(run, attempt: 1)
    let place = try #require(whole.firstIndex { $0.contains("full-000003") })
    whole[place] = whole[place].replacing("\"sequence\":", with: "\"sequence\":9")
    try write(whole, to: run, attempt: 1)
    let named =
      "journal/attempt-0001.jsonl:\(place + 1): not a record of this journal: its checksum does not match: it was "
      + "changed after it was written; the line is passed over"
    #expect(
      try CheckpointVerification(folder: run.folder).journal == [
        named, "\(run.folder.path): no journal records checkpoint 3, whose file is there",
      ])
    #expect(try run.train().exit == .finished)
    #expect(run.told.notices == [named, note(3, "full-000003.h5")])
    #expect(difference(from: try ToyRun.undisturbed(), to: try run.digest()) == nil)
  }

  @Test("is told by a check of the checkpoints, as are a score that is not the file's and a file that is gone")
  func verified() throws {
    let run = try ToyRun()
    try run.train()
    let folder = run.folder.path
    #expect(try CheckpointVerification(folder: run.folder).journal == [])
    let whole = try lines(run, attempt: 1)
    try write(whole.filter { !$0.contains("full-000002") }, to: run, attempt: 1)
    #expect(
      try CheckpointVerification(folder: run.folder).journal == [
        "\(folder): no journal records checkpoint 2, whose file is there"
      ])
    try FileManager.default.removeItem(atPath: run.temporary("checkpoints/generator-000002.h5"))
    #expect(
      try CheckpointVerification(folder: run.folder).journal == [
        "\(folder): 1 checkpoints before 4 have neither record nor file"
      ])
    try write(whole, to: run, attempt: 1)
    #expect(try CheckpointVerification(folder: run.folder).journal == [], "files of older checkpoints may go")
    let other = try run.folder.history().records.map { record in
      var record = record
      if case .checkpoint(var checkpoint) = record.event, checkpoint.checkpoint == 3 {
        checkpoint.diagnostics.deadVoxels += 1
        record.event = .checkpoint(checkpoint)
      }
      return String(decoding: try JournalLine.data(record), as: UTF8.self)
    }
    try write(other, to: run, attempt: 1)
    #expect(
      try CheckpointVerification(folder: run.folder).flaws
        == ["full", "generator"].map {
          "\(folder)/checkpoints/\($0)-000003.h5: its score is not the one that the journal records"
        })
    try write(whole, to: run, attempt: 1)
    for name in ["full-000003.h5", "full-000004.h5"] {
      try FileManager.default.removeItem(atPath: run.temporary("checkpoints/" + name))
    }
    #expect(
      try CheckpointVerification(folder: run.folder).journal == [
        "\(folder): checkpoints/full-000004.h5 is the last full checkpoint that is recorded, and is not there"
      ])
  }
}

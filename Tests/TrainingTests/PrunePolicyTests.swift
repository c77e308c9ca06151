import Experiment
import Foundation
import Records
import TestSupport
import Testing

@testable import Training

@Suite("A policy for pruning")
struct PrunePolicyTests {
  /// A run of 20 checkpoints and the number of the best one.
  static func run() throws -> (run: ToyRun, best: Int) {
    let run = try ToyRun(checkpoints: 20, interval: 2, keep: Retention(full: 5))
    try run.train()
    return (run, try #require(try run.folder.history().best?.checkpoint))
  }

  private func generators(_ run: ToyRun) throws -> [Int] {
    try CheckpointStore(folder: run.folder).names(.generator).map(\.checkpoint)
  }

  @Test("keeps the window around the best, the first, the last and every k-th")
  func window() throws {
    let (run, best) = try Self.run()
    let policy = PrunePolicy(full: 2, window: 1, every: 6)
    let expected = (0...20).filter { abs($0 - best) <= 1 || $0 % 6 == 0 || $0 == 20 }
    let superfluous = try policy.superfluous(in: run.folder)
    #expect(try generators(run) == Array(0...20))
    #expect(try policy.apply(to: run.folder) == superfluous)
    #expect(try generators(run) == expected)
    #expect(try run.checkpointFiles() == ["full-000019.h5", "full-000020.h5"])
    #expect(try policy.apply(to: run.folder) == [])
  }

  @Test("keeps the last recorded full checkpoint also beside a newer one that is not recorded", arguments: [1, 2])
  func unrecorded(full: Int) throws {
    let (run, _) = try Self.run()
    try FileManager.default.copyItem(
      atPath: run.temporary("checkpoints/full-000020.h5"), toPath: run.temporary("checkpoints/full-000021.h5"))
    _ = try PrunePolicy(full: full, window: 0).apply(to: run.folder)
    #expect(try run.checkpointFiles() == ["full-000020.h5", "full-000021.h5"])
  }

  @Test("keeps all that a window of the usual size needs")
  func usual() throws {
    let (run, _) = try Self.run()
    _ = try PrunePolicy().apply(to: run.folder)
    #expect(try generators(run) == Array(0...20))
  }

  @Test("leaves a run alone that a worker trains")
  func locked() throws {
    let (run, _) = try Self.run()
    let lock = try RunLock(folder: run.folder)
    #expect(throws: RunLocked.self) { try PrunePolicy(window: 0).apply(to: run.folder) }
    lock.release()
  }

  @Test("the last attempt is the one with the highest number, whichever journals are gone")
  func lastAttempt() throws {
    let temporary = try TemporaryFolder()
    #expect(try RunFolder(temporary.path).history().lastAttempt == 0)
    for attempt in [3, 7] { try temporary.write("", to: "journal/attempt-000\(attempt).jsonl") }
    #expect(try RunFolder(temporary.path).history().lastAttempt == 7)
  }

  @Test("a catalogue lists what is recorded and what is on the disk; a check names what is damaged")
  func catalogue() throws {
    let (run, best) = try Self.run()
    _ = try PrunePolicy(window: 0).apply(to: run.folder)
    let catalogue = try CheckpointCatalogue(folder: run.folder)
    #expect(catalogue.best == best && catalogue.checkpoints.count == 21)
    let other = best == 10 ? 11 : 10
    #expect(catalogue.checkpoints[other].generator == nil && catalogue.checkpoints[other].reduced != nil)
    #expect(catalogue.checkpoints[20].full == "checkpoints/full-000020.h5")
    // One that a stop between two checkpoints has left.
    let interval = try #require(try run.folder.job()).settings.checkpointInterval
    for kind in ["full", "generator"] {
      try run.temporary.write("x", to: "checkpoints/\(kind)-000019+1.h5")
      let left = try CheckpointCatalogue(folder: run.folder).checkpoints
      let between = try #require(left.first { $0.iteration == 19 * interval + 1 })
      #expect(between.checkpoint == 19 && between.reduced == nil && left.count == 22)
      #expect(
        (between.full, between.generator) == (
          kind == "full" ? "checkpoints/full-000019+1.h5" : nil,
          kind == "full" ? nil : "checkpoints/generator-000019+1.h5"
        ))
      try FileManager.default.removeItem(atPath: run.temporary("checkpoints/\(kind)-000019+1.h5"))
    }
    let before = try CheckpointVerification(folder: run.folder)
    #expect(before.flaws.isEmpty && before.intact.contains("checkpoints/generator-000020.h5"))
    try run.temporary.write("x", to: "checkpoints/generator-000020.h5")
    let after = try CheckpointVerification(folder: run.folder)
    #expect(
      after.flaws == [
        "\(run.temporary("checkpoints/generator-000020.h5")): this is not a checkpoint of qcalo-worker"
      ])
    let empty = try TemporaryFolder()
    #expect(throws: InputError("\(empty.path): there is no job.json, so this is not the folder of a run")) {
      try CheckpointCatalogue(folder: RunFolder(empty.path))
    }
  }
}

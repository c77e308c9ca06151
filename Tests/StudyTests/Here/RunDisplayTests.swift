import Experiment
import Ledger
import Synchronization
import TestSupport
import Testing

@testable import Study

@Suite struct RunDisplayTests {
  private let study: StudyWorkspace
  private let shown = Asked()
  private let time = FakeClock()

  init() throws { study = try StudyWorkspace() }

  private func display(isInteractive: Bool, columns: Int = 60, rows: Int = 24) -> RunDisplay {
    var screen = Screen(
      isInteractive: isInteractive, size: { (columns, rows) }, write: { [shown] in shown.note($0) },
      say: { [shown] in shown.note("said: \($0)") })
    screen.now = time.clock.now
    return RunDisplay("small", on: screen)
  }

  /// Tasks in training, each at the checkpoint that it has got to; nil: before the first.
  private func tasks(_ checkpoints: [Int?]) throws -> [RunTask] {
    let ledger = try study.ledger()
    return try zip(study.prepared.jobs, checkpoints).map { job, checkpoint in
      var task = RunTask(
        KnownRun(job, in: study.workspace), title: "\(study.prepared.labels[job.run] ?? ""), seed \(job.seed)",
        threads: 1,
        in: study.workspace, worker: { _, _, _ in WorkerProcess(look: { nil }, stop: {}) }, now: time.clock.now())
      try task.start()
      if let checkpoint { try study.journal(job.run, checkpoints: 0...checkpoint) }
      _ = try task.advance(in: ledger)
      return task
    }
  }

  @Test func `elsewhere than at a terminal a run is told of every ten seconds, if it has got further`() async throws {
    var display = display(isInteractive: false)
    let before = try tasks([1, nil])
    display.update(before)
    let first = shown.lines
    #expect(
      first.count == 1 && first[0].hasPrefix("said: Classical, seed 1: checkpoint 1 of 3, χ²/NDF 30.0, best 30.0 at 1"))
    let after = try tasks([2, nil])
    display.update(after)
    #expect(shown.lines == first, "not before ten seconds have passed")
    for _ in 0..<100 { await time.clock.pause() }
    display.update(before)
    #expect(shown.lines == first, "it has got no further")
    display.update(after)
    #expect(shown.lines.count == 2 && shown.lines[1].hasPrefix("said: Classical, seed 1: checkpoint 2 of 3"))
  }

  @Test func `at a terminal a block is drawn over, and what is said stands above it`() async throws {
    var display = display(isInteractive: true, columns: 40)
    let tasks = try tasks([1, nil])
    display.update(tasks)
    let block = [
      "small: 0 of 2 runs done, 2 in training,", "  Classical, seed 1  checkpoint 1 of 3,",
      "  2x, seed 1         starting",
    ].map { $0 + "\n" }.joined()
    #expect(shown.lines == [block])
    display.update(tasks)
    #expect(shown.lines == [block], "the same is not drawn again")
    display.say("a notice")
    let cleared = "\u{1b}[3A\r\u{1b}[J"
    #expect(shown.lines == [block, cleared, "said: a notice", block])
    display.update([tasks[1]])
    #expect(shown.lines.count == 4, "not four times a second")
    for _ in 0..<3 { await time.clock.pause() }
    display.update([tasks[1]])
    #expect(shown.lines.suffix(2) == [cleared, "small: 0 of 1 runs done, 1 in training,\n  2x, seed 1  starting\n"])
    display.finish()
    #expect(shown.lines.last == "\u{1b}[2A\r\u{1b}[J")
  }

  @Test func `a block is no higher than the terminal`() throws {
    var display = display(isInteractive: true, rows: 4)
    display.update(try tasks([nil, nil, nil]))
    #expect(
      shown.lines == [
        "small: 0 of 3 runs done, 3 in training, 0 waiting\n  Classical, seed 1  starting\n  … and 2 more\n"
      ])
  }

  @Test func `a start, and an end, are said`() throws {
    var display = display(isInteractive: false)
    let tasks = try tasks([1, nil])
    for task in tasks { display.started(task) }
    display.changed(tasks[1])
    #expect(
      shown.lines == [
        "said: Classical, seed 1: goes on from checkpoint 1", "said: 2x, seed 1: starts", "said: 2x, seed 1: starting",
      ])
  }
}

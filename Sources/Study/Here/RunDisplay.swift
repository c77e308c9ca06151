import Experiment
import Storage

/// What a display is shown on.
package struct Screen {
  /// Whether lines can be drawn over.
  var isInteractive: Bool
  /// How many columns and rows it has now.
  var size: () -> (columns: Int, rows: Int)
  /// Writes a text as it is.
  var write: (String) -> Void
  /// Writes a sentence that stays.
  var say: (String) -> Void
  /// The present time.
  var now: () -> ContinuousClock.Instant = { .now }

  /// A screen by what it can do.
  /// - Parameters:
  ///   - isInteractive: Whether lines can be drawn over.
  ///   - size: How many columns and rows it has now.
  ///   - write: Writes a text as it is.
  ///   - say: Writes a sentence that stays.
  package init(
    isInteractive: Bool, size: @escaping () -> (columns: Int, rows: Int), write: @escaping (String) -> Void,
    say: @escaping (String) -> Void
  ) {
    (self.isInteractive, self.size, self.write, self.say) = (isInteractive, size, write, say)
  }
}

/// Tells a person how the runs go: a block that is drawn over on a terminal, plain lines elsewhere.
package struct RunDisplay: RunObserver {
  private let sweep: String
  private let screen: Screen
  /// Whoever else is told how runs end.
  private let notifier: Notifier?
  /// Lines of the block on the screen.
  private var drawn: [String] = []
  /// When each run's last plain line was printed, and for which checkpoint.
  private var printed: [String: (time: ContinuousClock.Instant, checkpoint: Int?)] = [:]
  private var lastDrawn: ContinuousClock.Instant?

  /// The least time between two plain lines of one run, and between two drawings of the block.
  private static let pause = Duration.seconds(10)
  private static let frame = Duration.milliseconds(250)

  /// A display of a sweep's runs.
  /// - Parameters:
  ///   - sweep: The sweep's name.
  ///   - screen: What it is shown on.
  ///   - notifier: Whoever else is told how runs end.
  package init(_ sweep: String, on screen: Screen, notifier: Notifier? = nil) {
    (self.sweep, self.screen, self.notifier) = (sweep, screen, notifier)
  }

  /// Writes a line that stays.
  package mutating func say(_ text: String) {
    let block = drawn
    clear()
    screen.say(text)
    draw(block)
  }

  /// Says that a run starts, or from where it goes on.
  package mutating func started(_ task: RunTask) {
    let checkpoint = task.progress.checkpoint.map { "goes on from checkpoint \($0)" } ?? "starts"
    say("\(task.title): \(checkpoint)")
    printed[task.job.run] = (screen.now(), task.progress.checkpoint)
  }

  /// Says how a run has ended, or why it waits.
  package mutating func changed(_ task: RunTask) {
    say("\(task.title): \(task.summary)")
    notifier?.tell(RunNews(task).map { [$0] } ?? [])
  }

  /// Draws the block anew, or says how far runs are of which that was not said for a while.
  package mutating func update(_ tasks: [RunTask]) {
    screen.isInteractive ? redraw(tasks) : printLines(tasks)
  }

  /// Leaves the screen to what is printed next.
  package mutating func finish() { clear() }

  private mutating func printLines(_ tasks: [RunTask]) {
    for task in tasks where task.process != nil && task.progress.checkpoint != nil {
      let last = printed[task.job.run]
      guard last?.checkpoint != task.progress.checkpoint, last.map({ screen.now() - $0.time >= Self.pause }) ?? true
      else {
        continue
      }
      say("\(task.title): \(task.summary)")
      printed[task.job.run] = (screen.now(), task.progress.checkpoint)
    }
  }

  private mutating func redraw(_ tasks: [RunTask]) {
    guard lastDrawn.map({ screen.now() - $0 >= Self.frame }) ?? true else { return }
    lastDrawn = screen.now()
    let size = screen.size()
    let active = tasks.filter { $0.process != nil || $0.isLocked }
    let done = tasks.count { $0.outcome != nil }
    let waiting = tasks.count - done - active.count
    var lines = ["\(sweep): \(done) of \(tasks.count) runs done, \(active.count) in training, \(waiting) waiting"]
    let room = max(1, size.rows - 3)
    let width = active.prefix(room).map(\.title.count).max() ?? 0
    for task in active.prefix(room) {
      lines.append("  " + task.title + String(repeating: " ", count: width - task.title.count) + "  " + task.summary)
    }
    if active.count > room { lines.append("  … and \(active.count - room) more") }
    lines = lines.map { String($0.printable.prefix(size.columns - 1)) }
    if lines == drawn { return }
    clear()
    draw(lines)
  }

  private mutating func draw(_ lines: [String]) {
    guard screen.isInteractive, !lines.isEmpty else { return }
    screen.write(lines.map { $0 + "\n" }.joined())
    drawn = lines
  }

  private mutating func clear() {
    guard !drawn.isEmpty else { return }
    // Up to the block's first line, and everything below it gone.
    screen.write("\u{1b}[\(drawn.count)A\r\u{1b}[J")
    drawn = []
  }
}

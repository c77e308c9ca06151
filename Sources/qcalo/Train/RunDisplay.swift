import Storage
import Experiment
import Reports
import Study

/// Tells a person how the runs go: a block that is drawn over on a terminal, plain lines elsewhere.
struct RunDisplay: RunObserver {
  private let sweep: String
  private let isInteractive: Bool
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

  init(_ sweep: String, notifier: Notifier? = nil, isInteractive: Bool = Terminal.isInteractive) {
    (self.sweep, self.notifier, self.isInteractive) = (sweep, notifier, isInteractive)
  }

  /// A line that stays.
  mutating func say(_ text: String) {
    let block = drawn
    clear()
    Terminal.say(text)
    draw(block)
  }

  mutating func started(_ task: RunTask) {
    let checkpoint = task.progress.checkpoint.map { "goes on from checkpoint \($0)" } ?? "starts"
    say("\(task.title): \(checkpoint)")
    printed[task.job.run] = (.now, task.progress.checkpoint)
  }

  /// A run has ended, or waits.
  mutating func changed(_ task: RunTask) {
    say("\(task.title): \(task.summary)")
    notifier?.tell(RunNews(task).map { [$0] } ?? [])
  }

  mutating func update(_ tasks: [RunTask]) {
    isInteractive ? redraw(tasks) : printLines(tasks)
  }

  /// Leaves the screen to what is printed next.
  mutating func finish() { clear() }

  private mutating func printLines(_ tasks: [RunTask]) {
    for task in tasks where task.process != nil && task.progress.checkpoint != nil {
      let last = printed[task.job.run]
      guard last?.checkpoint != task.progress.checkpoint, last.map({ .now - $0.time >= Self.pause }) ?? true else {
        continue
      }
      say("\(task.title): \(task.summary)")
      printed[task.job.run] = (.now, task.progress.checkpoint)
    }
  }

  private mutating func redraw(_ tasks: [RunTask]) {
    guard lastDrawn.map({ .now - $0 >= Self.frame }) ?? true else { return }
    lastDrawn = .now
    let size = Terminal.size
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
    guard isInteractive, !lines.isEmpty else { return }
    Terminal.write(lines.map { $0 + "\n" }.joined())
    drawn = lines
  }

  private mutating func clear() {
    guard !drawn.isEmpty else { return }
    // Up to the block's first line, and everything below it gone.
    Terminal.write("\u{1b}[\(drawn.count)A\r\u{1b}[J")
    drawn = []
  }
}

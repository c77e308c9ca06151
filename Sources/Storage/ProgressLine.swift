import Glibc
import Synchronization

/// How far something is that may take long: from two seconds on a line at the terminal, drawn over, and gone at the end.
///
/// Elsewhere than at a terminal nothing is written.
package final class ProgressLine: Sendable {
  private struct State {
    var what: String
    var total: Int?
    var done = 0
    var begun = ContinuousClock.now
    /// When the last of those that are done was.
    var advanced = ContinuousClock.now
    var isOver = false
  }

  private let state: Mutex<State>
  private let begun = ContinuousClock.now

  /// So long a person does not wonder.
  private static let silence = Duration.seconds(2)
  private static let frame = Duration.milliseconds(250)

  /// - Parameters:
  ///   - what: What is being done: "evaluating runs".
  ///   - total: How many there are to do; nil where they are not counted.
  package init(_ what: String, of total: Int? = nil) {
    state = Mutex(State(what: what, total: total))
    guard Terminal.isInteractive else { return }
    Task.detached { [weak self] in
      while self?.draw() ?? false { try? await Task.sleep(for: Self.frame) }
    }
  }

  deinit { end() }

  /// Goes over to another part.
  package func begin(_ what: String, of total: Int? = nil) {
    state.withLock { if !$0.isOver { $0 = State(what: what, total: total) } }
  }

  /// Counts what is done.
  package func advance() {
    state.withLock { state in
      state.done += 1
      state.advanced = .now
    }
  }

  /// Takes the line away for good.
  package func end() {
    state.withLock { state in
      if !state.isOver, Terminal.isInteractive { Terminal.showStatus("") }
      state.isOver = true
    }
  }

  /// Draws the line, if two seconds are over.
  /// - Returns: Whether there is more to draw.
  private func draw() -> Bool {
    let now = ContinuousClock.now
    return state.withLock { state in
      if !state.isOver, now - begun >= Self.silence {
        Terminal.showStatus(
          Self.text(
            state.what, done: state.done, total: state.total, seconds: (now - state.begun) / .seconds(1),
            doneAfter: (state.advanced - state.begun) / .seconds(1)))
      }
      return !state.isOver
    }
  }

  /// "evaluating runs: 3 of 12, 24 s, about 72 s left", the pace being that of what was done after so many seconds.
  static func text(_ what: String, done: Int, total: Int?, seconds: Double, doneAfter: Double) -> String {
    guard let total, total > 1 else { return "\(what): \(duration(seconds))" }
    let rest = max(0, doneAfter * Double(total) / Double(max(1, done)) - seconds)
    let left = done > 0 ? ", about \(duration(rest)) left" : ""
    return "\(what): \(done) of \(total), \(duration(seconds))\(left)"
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 90 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
  }
}

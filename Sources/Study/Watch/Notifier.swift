import Subprocess
import Synchronization

/// A command of the user's that is told what becomes of runs.
///
/// It is started once at a time, with all that has happened meanwhile: a line for each run on its standard input, and the
/// runs' names in its environment, in QCALO_FINISHED, QCALO_DIVERGED, QCALO_FAILED, QCALO_STOPPED and QCALO_HELD.
package final class Notifier: Sendable {
  private struct State {
    var pending: [RunNews] = []
    var delivery: Task<Void, Never>?
  }

  private let command: String
  private let limit: Duration
  private let say: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - command: A line for the shell.
  ///   - limit: How long it may take.
  ///   - say: Takes what goes wrong with it, which stops nothing.
  package init(_ command: String, limit: Duration = .seconds(60), say: @escaping @Sendable (String) -> Void) {
    (self.command, self.limit, self.say) = (command, limit, say)
  }

  /// Has the command told, soon; returns at once.
  package func tell(_ news: [RunNews]) {
    guard !news.isEmpty else { return }
    state.withLock { state in
      state.pending += news
      if state.delivery == nil { state.delivery = Task { await self.deliver() } }
    }
  }

  /// Waits until it has been told everything.
  package func finish() async { await state.withLock { $0.delivery }?.value }

  private func deliver() async {
    while let news = take() {
      do {
        if let trouble = try await run(news) { say("--notify: '\(command)' \(trouble)") }
      } catch {
        say("--notify: '\(command)' could not be started: \(error)")
      }
    }
  }

  private func take() -> [RunNews]? {
    state.withLock { state in
      defer { state.pending = [] }
      if state.pending.isEmpty { state.delivery = nil }
      return state.pending.isEmpty ? nil : state.pending
    }
  }

  /// - Returns: What went wrong, a clause; nil for nothing.
  private func run(_ news: [RunNews]) async throws -> String? {
    var variables: [Environment.Key: String?] = [:]
    for kind in RunNews.Kind.allCases {
      let runs = news.filter { $0.kind == kind }.map(\.run)
      variables[Environment.Key(stringLiteral: "QCALO_" + kind.rawValue.uppercased())] = runs.joined(separator: " ")
    }
    let (environment, text) = (Environment.inherit.updating(variables), news.map { $0.line + "\n" }.joined())
    return try await withThrowingTaskGroup(of: String?.self) { [command, limit] group in
      group.addTask {
        let result = try await Subprocess.run(
          .name("sh"), arguments: ["-c", command], environment: environment, input: try .text(text), output: .discarded,
          error: .string(limit: 1 << 16))
        if case .exited(0) = result.terminationStatus { return nil }
        let words = result.standardError.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return "ended with \(result.terminationStatus)\(words)"
      }
      group.addTask {
        try await Task.sleep(for: limit)
        return "has not ended within \(limit.components.seconds) s"
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}

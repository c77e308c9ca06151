import Experiment
import Subprocess
import SystemPackage

/// HTCondor's commands, each with a time limit: a pool that does not answer must not hang anybody.
package struct CondorTools: Sendable {
  /// Seconds.
  package var timeout: Int
  /// The folder of HTCondor's programs; nil: where the PATH finds them.
  package var folder: String?

  package init(timeout: Int = 20, folder: String? = nil) {
    self.timeout = timeout
    self.folder = folder
  }

  /// The same, with at least so much time.
  func patient(_ seconds: Int) -> CondorTools { CondorTools(timeout: max(timeout, seconds), folder: folder) }

  /// How a program of HTCondor is called.
  func path(_ program: String) -> String {
    folder.map { program.hasPrefix("condor_") ? "\($0)/\(program)" : program } ?? program
  }

  /// How a command ended.
  package struct Outcome: Sendable {
    /// nil when a signal ended it.
    package var exit: Int32?
    /// Everything that it wrote to the standard output.
    package var output: String
    /// Everything that it wrote to the standard error.
    package var errors: String

    /// The first line of what it complained, for a message.
    var complaint: String {
      let text = errors.isEmpty ? output : errors
      return text.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }.map(String.init) ?? "no message"
    }
  }

  /// Runs a command in a folder, without a shell.
  /// - Throws: `CondorError` when it cannot be started or takes too long.
  func run(_ program: String, _ arguments: [String], in folder: String? = nil) async throws -> Outcome {
    let limit = timeout
    let path = path(program)
    do {
      return try await withThrowingTaskGroup(of: Outcome?.self) { group in
        group.addTask {
          let result = try await Subprocess.run(
            path.contains("/") ? .path(FilePath(path)) : .name(path), arguments: Arguments(arguments),
            workingDirectory: folder.map { FilePath($0) },
            output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
          let exit: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
          return Outcome(exit: exit, output: result.standardOutput, errors: result.standardError)
        }
        group.addTask {
          try await Task.sleep(for: .seconds(limit))
          return nil
        }
        defer { group.cancelAll() }
        guard let outcome = try await group.next() ?? nil else {
          throw CondorError.silent("\(program) has not answered within \(limit) s; nothing is known by it")
        }
        return outcome
      }
    } catch let error as CondorError {
      throw error
    } catch {
      throw CondorError.unsuitable("\(program) cannot be started: \(error); is HTCondor in the PATH of this machine?")
    }
  }

  /// Runs a command and returns what it printed.
  /// - Throws: `CondorError` also when it fails.
  func output(_ program: String, _ arguments: [String], in folder: String? = nil) async throws -> String {
    let outcome = try await run(program, arguments, in: folder)
    guard outcome.exit == 0 else {
      let how = outcome.exit.map { "exit code \($0)" } ?? "a signal"
      throw CondorError.silent("\(program) failed with \(how): \(outcome.complaint)")
    }
    return outcome.output
  }
}

import Glibc
import Storage
import Subprocess
import Synchronization
import SystemPackage

/// A worker that trains one run.
package struct WorkerProcess: Sendable {
  /// How it ended.
  package enum End: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// It could not be started; a clause.
    case notStarted(String)
  }

  /// What starts a worker: on the path of a job description, with so many threads.
  ///
  /// The file gets what the worker says, at its end.
  package typealias Start = @Sendable (_ job: String, _ threads: Int, _ log: String) -> WorkerProcess

  /// Tells how it ended; nil while it has not.
  let look: @Sendable () -> End?
  /// Asks it to save and stop.
  let stop: @Sendable () -> Void

  var end: End? { look() }

  /// The start of the worker's program as a child of this process.
  ///
  /// It has a process group of its own, so that Ctrl-C reaches it by way of this process only; should this process be
  /// killed, it trains on, and the next `run` waits for it.
  package static let child: Start = { job, threads, log in
    let child = ChildProcess()
    Task { await child.run(["train", job, "--threads", "\(threads)"], log: log) }
    return WorkerProcess(look: { child.end }, stop: { child.stop(by: StopSignals.requested ?? SIGTERM) })
  }
}

/// The worker's program while it runs.
private final class ChildProcess: Sendable {
  private enum State: Sendable {
    case starting(stop: Int32?)
    case running(pid_t)
    case ended(WorkerProcess.End)
  }

  private let state = Mutex<State>(.starting(stop: nil))

  var end: WorkerProcess.End? { state.withLock { if case .ended(let end) = $0 { end } else { nil } } }

  /// Passes the signal on that asked this process to stop: how a run ended is then told as it was.
  func stop(by number: Int32) {
    state.withLock { state in
      switch state {
      case .starting: state = .starting(stop: number)
      case .running(let pid): kill(pid, number)
      case .ended: break
      }
    }
  }

  func run(_ arguments: [String], log: String) async {
    let end = await finish(arguments, log: log)
    state.withLock { $0 = .ended(end) }
  }

  private func finish(_ arguments: [String], log: String) async -> WorkerProcess.End {
    let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return .notStarted("writing \(log): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    let output = FileDescriptorOutput.fileDescriptor(
      FileDescriptor(rawValue: descriptor), closeAfterSpawningProcess: false)
    var options = PlatformOptions()
    options.processGroupID = 0
    do {
      let result = try await Subprocess.run(
        .path(FilePath(try WorkerProgram.path())), arguments: Arguments(arguments), platformOptions: options,
        input: .none,
        output: output, error: output
      ) { execution in began(execution.processIdentifier.value) }
      return switch result.terminationStatus {
      case .exited(let code): .exited(code)
      case .signaled(let number): .signalled(number)
      }
    } catch {
      return .notStarted("\(error)")
    }
  }

  private func began(_ pid: pid_t) {
    state.withLock { state in
      if case .starting(let number?) = state { kill(pid, number) }
      state = .running(pid)
    }
  }
}

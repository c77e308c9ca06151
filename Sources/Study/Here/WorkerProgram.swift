package import Experiment
import Foundation
import Storage
import Subprocess
import SystemPackage

/// The program that computes: `qcalo-worker` beside this one, or what $QCALO_WORKER names.
package enum WorkerProgram {
  /// The verbs that are the worker's; `qcalo` hands them on, so that a user types one name.
  package static let verbs = ["train", "evaluate", "generate", "dataset", "circuit", "checkpoints", "bench"]

  /// - Throws: `InputError` when there is no such program.
  package static func path() throws -> String {
    if let named = ProcessInfo.processInfo.environment["QCALO_WORKER"], !named.isEmpty {
      guard access(named, X_OK) == 0 else {
        throw InputError("$QCALO_WORKER is \(named), which cannot be executed; name the worker's program or unset it")
      }
      return named
    }
    let beside = ThisProgram.beside("qcalo-worker")
    guard access(beside, X_OK) == 0 else {
      throw InputError(
        "there is no \(beside); build it with `scripts/build`, or set $QCALO_WORKER to the worker's program")
    }
    return beside
  }

  /// Becomes the worker.
  ///
  /// Returns only by throwing.
  /// - Parameter arguments: The verb and what follows it.
  /// - Throws: `InputError` when there is no such program, or it cannot be started.
  package static func become(_ arguments: [String]) throws -> Never {
    let path = try path()
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    // This thread is one of a pool that takes no signals, and what it becomes would take none either.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    execv(path, &argv)
    throw InputError("starting \(path): \(String(cString: strerror(errno)))")
  }

  /// What runs the worker with arguments to its end and returns what it prints.
  package typealias Call = @Sendable ([String]) async throws -> String

  /// The call of the program.
  /// - Throws: `InputError` when there is no such program.
  static func call() throws -> Call {
    _ = try path()
    return { try await output($0) }
  }

  /// Runs the worker to its end and returns what it prints.
  ///
  /// It is ended where `StopSignals` were asked for a stop.
  /// - Throws: `WorkerFailure` with the worker's own sentence, or with the signal's name.
  package static func output(_ arguments: [String], input: String = "") async throws -> String {
    let path = FilePath(try path())
    let outcome = await untilStopped { options in
      try await Subprocess.run(
        .path(path), arguments: Arguments(arguments), platformOptions: options, input: try .text(input),
        output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
    }
    if case .success(let result) = outcome, result.terminationStatus.isSuccess { return result.standardOutput }
    if let signal = StopSignals.request {
      throw WorkerFailure(programEnd: .resumable, description: "stopped by \(signal); what came before is recorded")
    }
    let result = try outcome.get()
    let code: ProgramEnd? =
      if case .exited(let code) = result.terminationStatus { ProgramEnd(rawValue: code) } else { nil }
    throw WorkerFailure(programEnd: code ?? .defect, description: sentence(in: result.standardError))
  }

  /// Starts a program with options by which it is ended where `StopSignals` are asked for a stop.
  static func untilStopped<Value: Sendable>(
    _ start: @escaping @Sendable (PlatformOptions) async throws -> Value
  ) async -> Result<Value, any Error> {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let call = Task { [options] in try await start(options) }
    let watch = Task {
      while StopSignals.request == nil { try await Task.sleep(for: .milliseconds(100)) }
      call.cancel()
    }
    defer { watch.cancel() }
    return await call.result
  }

  /// The sentence by which the worker has ended: behind "Error:" where its options were wrong, which is followed by its
  /// usage; else the last line.
  static func sentence(in said: String) -> String {
    let lines = said.split(separator: "\n")
    guard let line = lines.last(where: { $0.hasPrefix("Error: ") }) ?? lines.last else {
      return "it ended without a word"
    }
    for start in ["qcalo-worker: ", "Error: "] where line.hasPrefix(start) {
      return String(line.dropFirst(start.count))
    }
    return String(line)
  }
}

/// The worker failed at what it was asked to do; the description is its sentence.
package struct WorkerFailure: EndingError, CustomStringConvertible {
  /// The worker's exit code.
  package var programEnd: ProgramEnd
  /// The worker's sentence.
  package var description: String
}

extension StopRequest: EndingError {
  package var programEnd: ProgramEnd { .resumable }
}

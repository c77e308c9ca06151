import Foundation
import TestSupport

/// Programs started by tests.
enum Program {
  struct Result {
    var code: Int32
    var signalled: Bool
    var output: String
    var errors: String
  }

  /// `qcalo-worker`, built beside the tests.
  static let worker = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("qcalo-worker").path

  /// Runs a program to its end.
  ///
  /// `started` is called with the process's id once it runs.
  static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], started: (Int32) -> Void = { _ in }
  ) throws -> Result {
    let done = try Execution(
      path, arguments, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, started: started)
    return Result(
      code: done.signal ?? done.status, signalled: done.signal != nil, output: done.output, errors: done.errors)
  }
}

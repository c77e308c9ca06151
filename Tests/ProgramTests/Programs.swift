import Foundation
import Glibc
import Synchronization
import TestSupport

/// The two programs as the build that these tests belong to left them.
enum Programs {
  /// The folder of the build's products: that of the test bundle, or the one that $QCALO_TEST_PROGRAMS names.
  static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["QCALO_TEST_PROGRAMS"] { return URL(fileURLWithPath: named) }
    let bundle = CommandLine.arguments.compactMap { argument -> URL? in
      argument.hasSuffix(".xctest") ? URL(fileURLWithPath: argument).deletingLastPathComponent() : nil
    }.first
    return bundle ?? Bundle.main.bundleURL
  }()

  typealias Outcome = Execution

  /// Runs qcalo to its end.
  static func run(
    _ arguments: [String], in directory: String? = nil, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run("qcalo", arguments, in: directory, input: input, environment: environment)
  }

  /// Runs a program to its end.
  static func run(
    _ name: String, _ arguments: [String], in directory: String? = nil, input: String = "",
    environment: [String: String] = [:], started: (Int32) -> Void = { _ in }
  ) throws -> Outcome {
    var variables = ProcessInfo.processInfo.environment
    variables["QCALO_WORKSPACE"] = nil
    variables.merge(environment) { $1 }
    return try Execution(
      folder.appendingPathComponent(name).path, arguments, in: directory, input: input, environment: variables,
      started: started)
  }
}

/// A process that a test started and interrupts.
final class Started: Sendable {
  private let pid = Mutex<Int32>(0)

  func note(_ pid: Int32) { self.pid.withLock { $0 = pid } }
  func interrupt() { pid.withLock { _ = kill($0, SIGINT) } }
}

import Foundation
import TestSupport

/// The two programs as the build that these tests belong to left them.
enum Programs {
  /// The folder of the build's products: that of the test bundle.
  static let folder: URL = {
    let bundle = CommandLine.arguments.compactMap { argument -> URL? in
      argument.hasSuffix(".xctest") ? URL(fileURLWithPath: argument).deletingLastPathComponent() : nil
    }.first
    return bundle ?? Bundle.main.bundleURL
  }()

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Runs qcalo to its end.
  static func run(
    _ arguments: [String], in directory: String? = nil, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run("qcalo", arguments, in: directory, input: input, environment: environment)
  }

  /// Runs a program to its end.
  static func run(
    _ name: String, _ arguments: [String], in directory: String? = nil, input: String = "",
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = folder.appendingPathComponent(name)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    var variables = ProcessInfo.processInfo.environment
    variables["QCALO_WORKSPACE"] = nil
    variables.merge(environment) { $1 }
    process.environment = variables
    let scratch = try TemporaryFolder()
    for name in ["out", "err"] { try scratch.write("", to: name) }
    try scratch.write(input, to: "in")
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch("out")))
    let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch("err")))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch("in")))
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: scratch("out"), encoding: .utf8),
      errors: try String(contentsOfFile: scratch("err"), encoding: .utf8))
  }
}

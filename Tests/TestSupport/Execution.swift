public import Foundation
import Glibc

/// What a program that a test started did.
public struct Execution: Sendable {
  /// The exit code, or 128 + the signal that ended it.
  public let status: Int32
  /// The signal that ended it, if one did.
  public let signal: Int32?
  public let output: String
  public let errors: String

  /// Runs a program to its end; `started` is given its process id.
  ///
  /// By `posix_spawn`, since Foundation's `Process` now and then misses a child's end.
  public init(
    _ program: String, _ arguments: [String], in directory: String? = nil, input: String = "",
    environment: [String: String] = ProcessInfo.processInfo.environment, started: (Int32) -> Void = { _ in }
  ) throws {
    let scratch = try TemporaryFolder()
    try scratch.write(input, to: "in")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, scratch("in"), O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, scratch("out"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, scratch("err"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let line = (directory.map { ["env", "-C", $0] } ?? []) + [program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var pid = pid_t()
    let result = posix_spawnp(&pid, line[0], &actions, nil, &words, &variables)
    guard result == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EINVAL, userInfo: [NSFilePathErrorKey: program])
    }
    started(pid)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    self.signal = signal == 0 ? nil : signal
    self.status = signal == 0 ? (status >> 8) & 0xff : 128 + signal
    output = try String(contentsOfFile: scratch("out"), encoding: .utf8)
    errors = try String(contentsOfFile: scratch("err"), encoding: .utf8)
  }
}

import Foundation

/// A library to preload into programs: it numbers the calls with which one of them changes a folder's files and, at the
/// one whose number is asked for, kills the process or makes the call fail.
///
/// Each process has its own numbers, from 1. Its source is `faults.c` beside this file.
public struct FaultShim: Sendable {
  /// What happens at that call.
  public enum Fault: String, CaseIterable, Sendable {
    /// Killed before the call.
    case kill
    /// Killed in the middle of a write, half of whose bytes are in the file; before the call where it is another one.
    case torn
    /// Killed after the call.
    case after
    /// The call fails: no room.
    case full
    /// Asked to stop, by SIGINT, before the call.
    case stop
  }

  /// A call that was met.
  public struct Call: Hashable, Sendable, CustomStringConvertible {
    /// Its number in its process.
    public let number: Int
    /// The function's name: "open" also of `open64`.
    public let name: String
    /// The whole path of the file that it changes.
    public let path: String
    public var description: String { "\(number) \(name) \(path)" }
    /// Whether it can be torn.
    public var isWrite: Bool { ["write", "pwrite", "writev"].contains(name) }
  }

  private let library: String

  /// Compiles the library into a folder.
  /// - Throws: `TestFailure` if it does not compile.
  public init(in folder: TemporaryFolder) throws {
    library = folder("faults.so")
    let compiled = try Execution(
      "clang",
      [
        "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, Repository.path("Tests/TestSupport/faults.c"),
        "-ldl",
      ])
    guard compiled.status == 0 else { throw TestFailure("the shim does not compile: \(compiled.errors)") }
  }

  /// The environment that makes a call a fault.
  /// - Parameters:
  ///   - program: The name of the program whose calls are numbered.
  ///   - folder: What it changes in there counts.
  ///   - number: The call's number; 0: none.
  ///   - fault: What happens there.
  ///   - log: A file that gets a line for each call, of all processes of the program; see `calls`.
  /// - Returns: The variables, to be added to the program's.
  public func environment(
    of program: String, folder: String, at number: Int, _ fault: Fault, log: String? = nil
  ) -> [String: String] {
    var environment = [
      "LD_PRELOAD": library, "FAULT_PROGRAM": program, "FAULT_FOLDER": folder, "FAULT_AT": "\(number)",
      "FAULT_KIND": fault.rawValue,
    ]
    environment["FAULT_LOG"] = log
    return environment
  }

  /// The calls in a log, none where there is none.
  public static func calls(in log: String) -> [Call] {
    ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let number = Int(words[0]) else { return nil }
      return Call(number: number, name: String(words[1]), path: String(words[2]))
    }
  }
}

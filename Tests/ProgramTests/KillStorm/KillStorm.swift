import Foundation
import Glibc
import TestSupport

/// A program killed at each call that changes the workspace, in a fresh copy of it each time, started again, and compared
/// with what comes when nobody kills it.
struct KillStorm {
  /// What came of one kill.
  struct Kill: CustomStringConvertible {
    let number: Int
    let fault: FaultShim.Fault
    /// The call; nil where the program ended before it came to so many.
    let call: FaultShim.Call?
    /// How the outcome differs from that without a kill; nil when it does not.
    var difference: String?
    var description: String { "\(fault) at \(call.map { "\($0)" } ?? "call \(number), which never came")" }
  }

  /// The kills that a call is due: before it, after it and, of a write, in its middle.
  private static let faults: [FaultShim.Fault] = [.kill, .torn, .after]

  /// The calls of an undisturbed start; what else runs meanwhile may make it a few more or less.
  let calls: Int
  private let scenario: StormScenario
  private let shim: FaultShim
  private let place: StormPlace
  private let tools: TemporaryFolder
  /// What asks for every row of the ledger.
  private let rows: String
  /// The result without a kill.
  private let expected: String

  init(_ scenario: StormScenario) throws {
    self.scenario = scenario
    tools = try TemporaryFolder()
    (shim, place) = (try FaultShim(in: tools), try StormPlace())
    try scenario.prepare(place, shim: shim)
    let quiet = try StormPlace(copying: place)
    let done = try Self.start(scenario, in: quiet, shim, at: 0, .kill)
    guard done.status == 0 else { throw TestFailure("\(scenario) without a kill: \(done)") }
    calls = FaultShim.calls(in: quiet.log).map(\.number).max() ?? 0
    try quiet.succeed("qcalo", ["collect"])
    rows = try quiet.questionForRows()
    expected = try quiet.result(rows: rows)
  }

  /// Kills at every call, in each way, until three calls in a row never come.
  /// - Parameter each: Called after each kill.
  /// - Throws: What keeps the programs from being started.
  func killAtEveryCall(_ each: (Kill) -> Void) throws {
    var (number, missed) = (0, 0)
    while missed < 3 {
      number += 1
      var isWrite = false
      for fault in Self.faults where fault != .torn || isWrite {
        let kill = try kill(at: number, fault)
        if fault == .kill { (isWrite, missed) = (kill.call?.isWrite ?? false, kill.call == nil ? missed + 1 : 0) }
        each(kill)
        if kill.call == nil { break }
      }
    }
  }

  /// Kills at so many calls, spread over all, each way in turn.
  func killNowAndThen(_ kills: Int, _ each: (Kill) -> Void) throws {
    for index in 0..<kills {
      each(try kill(at: 1 + (2 * index + 1) * calls / (2 * kills), Self.faults[index % Self.faults.count]))
    }
  }

  private func kill(at number: Int, _ fault: FaultShim.Fault) throws -> Kill {
    let place = try StormPlace(copying: place)
    let disturbed = try Self.start(scenario, in: place, shim, at: number, fault)
    let call = FaultShim.calls(in: place.log).first { $0.number == number }
    var kill = Kill(number: number, fault: fault, call: call)
    if scenario.killsWhatIsStarted, call != nil, disturbed.signal != SIGKILL {
      kill.difference = "it was not killed: \(disturbed)"
      return kill
    }
    // What was started and outlives it goes on, or is killed too.
    place.settle(killing: number % 2 == 0)
    do {
      kill.difference = try place.readingFails()
      let again = scenario.recovery(run: try place.runs.first)
      try place.succeed(again.program, again.arguments)
      if let other = difference(from: expected, to: try place.result(rows: rows)) { kill.difference = other }
    } catch let failure as TestFailure {
      kill.difference = failure.what
    }
    return kill
  }

  private static func start(
    _ scenario: StormScenario, in place: StormPlace, _ shim: FaultShim, at number: Int, _ fault: FaultShim.Fault
  ) throws -> Execution {
    let (program, arguments) = scenario.command(run: try place.runs.first)
    // Of what has made the place.
    try? FileManager.default.removeItem(atPath: place.log)
    return try place.start(
      program, arguments,
      shim.environment(of: scenario.program, folder: place.work, at: number, fault, log: place.log))
  }
}

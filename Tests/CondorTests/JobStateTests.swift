import Testing

@testable import Condor

@Suite("A job's state")
struct JobStateTests {
  /// The state after events with these codes, a second apart.
  private func state(_ events: [(code: Int, body: [String])]) throws -> JobState {
    var state = JobState(cluster: 7, proc: 0, time: 0)
    for (second, event) in events.enumerated() {
      let code = String(repeating: "0", count: 3 - "\(event.code)".count) + "\(event.code)"
      let head = "\(code) (007.000.000) 2026-11-28 11:00:0\(second)Z What happened."
      let (_, header, after) = try #require(LogEvent.Header.first(in: Array(head.utf8)[...]))
      let lines = [String(decoding: after, as: UTF8.self)] + event.body
      state.apply(LogEvent(header, lines: lines, clock: LogClock(now: 1_800_000_000), before: 0))
    }
    return state
  }

  private func state(_ codes: Int...) throws -> JobState { try state(codes.map { ($0, []) }) }

  @Test("counts an interruption of a job that ran or was suspended, once", arguments: [4, 7, 24, 2])
  func interruptions(code: Int) throws {
    #expect(try state(1, code).interruptions == 1)
    #expect(try state(1, 10, code).interruptions == 1, "suspended")
    #expect(try state(1, 10, 11, code).interruptions == 1, "suspended and continued")
    #expect(try state(1, code, code).interruptions == 1, "a lost node is logged twice")
    #expect(try state(1, code, 1, code).interruptions == 2)
    #expect(try state(code).interruptions == 0, "it was idle")
    #expect(try state(1, code).phase == .idle)
  }

  @Test(
    "forgets that the access point had lost sight of it with whatever comes next",
    arguments: [1, 4, 5, 9, 10, 11, 12, 13, 23, 24])
  func lostSight(code: Int) throws {
    let lost = try state(1, 22)
    #expect(lost.lostSince == 1_795_863_601 && lost.phase == .running)
    #expect(try state(1, 22, code).lostSince == nil)
  }

  @Test("stays lost through what says nothing of it", arguments: [6, 40, 0])
  func stillLost(code: Int) throws { #expect(try state(1, 22, code).lostSince == 1_795_863_601) }

  @Test("an event behind the end changes nothing", arguments: [1, 2, 4, 7, 9, 10, 11, 12, 13, 22, 24])
  func afterTheEnd(code: Int) throws {
    let end: (Int, [String]) = (5, ["\t(0) Abnormal termination (signal 11)"])
    let ended = try state([(1, []), end])
    #expect(ended.phase == .ended && ended.end == .signalled(11))
    #expect(try state([(1, []), end, (code, [])]) == ended)
  }
}

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
    var long = lost
    long.since -= 7200
    let clock = CondorState.clock(1_795_863_601)
    #expect(CondorState.sentence(long, heldHours: nil) == "running, but out of sight since \(clock)")
    #expect(try state(1, 22, code).lostSince == nil)
  }

  @Test("stays lost through what says nothing of it", arguments: [6, 40, 0])
  func stillLost(code: Int) throws { #expect(try state(1, 22, code).lostSince == 1_795_863_601) }

  @Test(
    "a hold has a meaning for each of HTCondor's codes",
    arguments: [
      (1, 0, "held by you or an administrator"), (3, 0, "held by the job's own policy"),
      (4, 0, "its credential (Kerberos or proxy) is missing or has expired"),
      (5, 0, "a policy expression could not be evaluated"), (27, 0, "a policy expression could not be evaluated"),
      (6, 2, "the job's program could not be started on the execution point"),
      (7, 0, "its output file cannot be written on the access point"),
      (9, 0, "its output file cannot be written on the access point"),
      (8, 0, "its input file cannot be read on the access point"),
      (10, 0, "its input file cannot be read on the access point"),
      (12, 28, "no room or quota on the access point for what it wrote"),
      (12, 2, "what it wrote could not be transferred back: a missing folder, or one that cannot be written"),
      (13, 28, "no room on the execution point for its input"),
      (13, 2, "its input could not be transferred: a file is missing or unreadable"),
      (14, 0, "the submission's folder cannot be entered from the access point"), (15, 0, "submitted on hold"),
      (16, 0, "its input is still being copied to the access point"),
      (34, 104, "it used more disk than it had asked for"), (34, 102, "it used more memory than it had asked for"),
      (22, 0, "the event log cannot be written"), (26, 0, "held by the site's policy"),
      (32, 0, "its files are larger than the site transfers"), (33, 0, "its files are larger than the site transfers"),
      (46, 0, "it ran longer than allowed_job_duration"),
      (47, 0, "it ran longer than allowed_execute_duration between two checkpoints"), (99, 0, "hold code 99"),
    ])
  func meaning(code: Int, subcode: Int, meaning: String) {
    #expect(HoldReason(code: code, subcode: subcode, text: "x").meaning == meaning)
  }

  @Test("an event behind the end changes nothing", arguments: [1, 2, 4, 7, 9, 10, 11, 12, 13, 22, 24])
  func afterTheEnd(code: Int) throws {
    let end: (Int, [String]) = (5, ["\t(0) Abnormal termination (signal 11)"])
    let ended = try state([(1, []), end])
    #expect(ended.phase == .ended && ended.end == .signalled(11))
    #expect(try state([(1, []), end, (code, [])]) == ended)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Condor

/// Work that is lost, by the times in the event log.
@Suite struct JobWorkTests {
  /// The seconds that job 7.0 has lost after events, each a code with the seconds since the start.
  private func lost(_ events: [(code: Int, second: Int)]) throws -> Double {
    let folder = try TemporaryFolder()
    let heads = [
      1: "Job executing on host: <x>", 4: "Job was evicted.",
      5: "Job terminated.\n\t(1) Normal termination (return value 0)",
      7: "Shadow exception!", 9: "Job was aborted.\n\tby the site", 10: "Job was suspended.",
      11: "Job was unsuspended.",
      12: "Job was held.\n\tno room\n\tCode 12 Subcode 28", 13: "Job was released.", 24: "Job reconnection failed",
      40: "Finished transferring output files", 41: "Finished transferring input files",
      42: "Started transferring output files",
    ]
    let log = events.map { event in
      let code = "0" + String(event.code > 40 ? 40 : event.code, radix: 10)
      let time = "18:\(10 + event.second / 60):\(String(100 + event.second % 60).dropFirst())"
      return "\(code.count == 2 ? "0" : "")\(code) (007.000.000) 2026-11-23 \(time)Z \(heads[event.code] ?? "")\n...\n"
    }
    var reader = EventLogReader()
    try reader.advance(folder.write(log.joined(), to: "log"))
    return try #require(reader.jobs["7.0"]?.work.lost)
  }

  @Test("a kill loses what was done since the last transfer to the access point", arguments: [4, 7, 12, 24])
  func killed(code: Int) throws {
    #expect(try lost([(1, 0), (code, 100)]) == 100)
    #expect(try lost([(1, 0), (42, 58), (40, 60), (code, 100)]) == 40)
    #expect(try lost([(1, 0), (41, 60), (42, 70), (code, 100)]) == 100, "only finished transfers of output count")
    #expect(try lost([(1, 0), (40, 60), (code, 100), (1, 110), (code, 140)]) == 70)
    #expect(try lost([(1, 0), (code, 100), (code, 101), (13, 200)]) == 100, "logged twice")
  }

  @Test("an orderly eviction loses nothing, also where the transfer is logged behind it")
  func evicted() throws {
    #expect(try lost([(1, 0), (40, 100), (4, 100)]) == 0)
    #expect(try lost([(1, 0), (40, 50), (4, 100), (40, 101)]) == 0)
    #expect(try lost([(1, 0), (4, 100), (1, 110), (40, 120), (4, 120)]) == 100, "that transfer is the next start's")
  }

  @Test("a second start without an eviction between loses the first")
  func shadow() throws { #expect(try lost([(1, 0), (40, 30), (1, 50)]) == 20) }

  @Test("removed, a job takes all that the access point had along")
  func removed() throws {
    #expect(try lost([(1, 0), (40, 60), (9, 100)]) == 100)
    #expect(try lost([(1, 0), (40, 60), (4, 60), (1, 100), (40, 150), (9, 160), (40, 161)]) == 120)
    #expect(try lost([(1, 0), (40, 60), (4, 60), (12, 61), (9, 500)]) == 60, "while it was held")
  }

  @Test("what ends by itself brings everything back, and suspended seconds are no work")
  func ended() throws {
    #expect(try lost([(1, 0), (40, 60), (5, 100)]) == 0)
    #expect(try lost([(1, 0), (5, 100)]) == 0)
    #expect(try lost([(1, 0), (10, 20), (11, 80), (4, 100)]) == 40)
  }
}

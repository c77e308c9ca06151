import TestSupport
import Testing

/// Workers, `run`, `resume` and `collect` killed at the calls that change a workspace's files.
///
/// `scripts/kill-storm` kills at every call: `$QCALO_TEST_STORM` names the scenarios of which it does, or is "all".
@Suite(.serialized) struct KillStormTests {
  @Test(
    "A program that is killed at any call that changes a file has lost nothing when it is started again",
    arguments: StormScenario.chosen)
  func storm(_ scenario: StormScenario) throws {
    try #require(
      StormScenario.unknown.isEmpty,
      "there is no scenario \(StormScenario.unknown): \(StormScenario.allCases.map(\.rawValue))")
    let storm = try KillStorm(scenario)
    #expect(storm.calls > 20)
    var (kills, differences, last) = (0, 0, 0)
    func note(_ kill: KillStorm.Kill) {
      if let call = kill.call { (kills, last) = (kills + 1, max(last, call.number)) }
      guard let difference = kill.difference else { return }
      differences += 1
      Issue.record("\(kill): \(difference.prefix(1000))")
    }
    guard StormScenario.isWhole else { return try storm.killNowAndThen(2, note) }
    try storm.killAtEveryCall(note)
    #expect(last >= storm.calls / 2)
    print("kill storm: \(scenario.rawValue): \(last) calls, \(kills) kills, \(differences) differences")
  }
}

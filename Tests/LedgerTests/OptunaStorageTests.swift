import Foundation
import GRDB
import Search
import TestSupport
import Testing

@testable import Ledger

@Suite struct OptunaStorageTests {
  private let folder: TemporaryFolder
  private static let space = SearchSpace([
    Parameter("kind", .choices(["a", "\"b\""])), Parameter("rate", .logUniform(1e-4...1e-1)),
    Parameter("size", .int(2...8)), Parameter("batch", .logInt(5...50), where: .init("kind", [1])),
    Parameter("weight", .uniform(0...2)),
  ])

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ sql: String) throws -> [String] {
    try DatabaseQueue(path: folder("x.db")).read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { "\($0)".trimmingCharacters(in: ["\""]) }.joined(separator: " ")
      }
    }
  }

  @Test func `trials have Optuna's states, values, steps and distributions`() throws {
    func trial(
      _ kind: Double, _ state: TrialStanding.State, _ value: Double?, curve: [CurveValue] = [], heard: Double? = 1.25
    ) -> OptunaStorage.Trial {
      var point: Point = ["kind": kind, "rate": 0.01, "size": 3, "weight": 0.5]
      if kind == 1 { point["batch"] = 20 }
      return OptunaStorage.Trial(
        point, state: state, value: value, curve: curve, reason: "because \"x\"", started: 1_700_000_000.5, heard: heard
      )
    }
    let curve = [CurveValue(0, 9), CurveValue(1, .nan), CurveValue(2, 4)]
    let storage = OptunaStorage(
      name: "wanted", space: Self.space,
      trials: [
        trial(0, .done, 1.5, curve: curve), trial(1, .stopped, 2.5), trial(0, .failed, nil), trial(0, .training, nil),
        trial(0, .waiting, 3, heard: nil),
      ])
    try folder.write("something else", to: "x.db")
    try storage.write(to: folder("x.db"))
    #expect(try rows("SELECT study_name FROM studies") == ["wanted"])
    #expect(try rows("SELECT schema_version FROM version_info") == ["12"])
    #expect(try rows("SELECT direction, objective FROM study_directions") == ["MINIMIZE 0"])
    #expect(
      try rows("SELECT number, state, datetime_start FROM trials ORDER BY number")
        == [
          "0 COMPLETE 2023-11-14 22:13:20.500000", "1 PRUNED 2023-11-14 22:13:20.500000",
          "2 FAIL 2023-11-14 22:13:20.500000", "3 RUNNING 2023-11-14 22:13:20.500000",
          "4 RUNNING 2023-11-14 22:13:20.500000",
        ])
    #expect(try rows("SELECT count(*) FROM trials WHERE datetime_complete = '1970-01-01 00:00:01.250000'") == ["3"])
    #expect(try rows("SELECT trial_id, value FROM trial_values ORDER BY 1") == ["1 1.5", "2 2.5", "5 3.0"])
    #expect(
      try rows("SELECT trial_id, step, intermediate_value FROM trial_intermediate_values ORDER BY 2")
        == ["1 0 9.0", "1 2 4.0"])
    #expect(
      try rows("SELECT count(*) FROM trial_params GROUP BY trial_id ORDER BY trial_id") == ["4", "5", "4", "4", "4"])
    let texts = try DatabaseQueue(path: folder("x.db")).read { db in
      try String.fetchAll(db, sql: "SELECT distribution_json FROM trial_params WHERE trial_id = 2 ORDER BY param_id")
        + String.fetchAll(db, sql: "SELECT value_json FROM trial_user_attributes WHERE trial_id = 1")
    }
    #expect(
      texts == [
        #"{"name": "CategoricalDistribution", "attributes": {"choices": ["a", "\"b\""]}}"#,
        #"{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}"#,
        #"{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 2, "high": 8}}"#,
        #"{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 5, "high": 50}}"#,
        #"{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 2.0, "log": false}}"#,
        #""because \"x\"""#,
      ])
  }
}

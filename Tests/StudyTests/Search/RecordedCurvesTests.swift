import Experiment
import Foundation
import Ledger
import Reports
import Search
import TestSupport
import Testing

@testable import Study

@Suite struct RecordedCurvesTests {
  private static func file(_ text: String, in folder: TemporaryFolder) throws -> String {
    let path = folder("curves.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `a table's curves are read by model and seed`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      """
      sweep,label,seed,checkpoint,reduced,mean_response
      a,"2x, fast",1,0,9,0.5
      a,"2x, fast",1,1,4,0.9
      a,"2x, fast",2,0,8,
      a,1,1,0,,0.1
      """, in: folder)
    let curves = try RecordedCurves(csv: path)
    #expect(curves.models.map(\.label) == ["a/2x, fast", "a/1"])
    #expect(
      curves.models[0].seeds
        == [[CurveValue(0, 9, response: 0.5), CurveValue(1, 4, response: 0.9)], [CurveValue(0, 8)]])
    #expect(curves.models[1].seeds[0][0].value.isNaN)
    #expect(curves.perRun.models.map(\.label) == ["a/2x, fast, 1", "a/2x, fast, 2", "a/1, 1"])
    #expect(curves.perRun.models.map(\.seeds.count) == [1, 1, 1])
  }

  @Test(arguments: ["-1", "100000001", "9223372036854775807"])
  func `a checkpoint that no run has is refused with its line`(checkpoint: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      "sweep,label,seed,checkpoint,reduced,mean_response\na,b,1,\(checkpoint),3,\na,c,1,0,5,\n", in: folder)
    #expect(throws: InputError("\(path):2: '\(checkpoint)' is no number of a checkpoint")) {
      try RecordedCurves(csv: path)
    }
  }

  @Test func `rows may come in any order`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      "sweep,label,seed,checkpoint,reduced,mean_response\na,b,1,2,3,\na,c,1,0,5,\na,b,1,0,9,\na,b,1,1,nan,\n",
      in: folder)
    let models = try RecordedCurves(csv: path).models
    #expect(models.map(\.label) == ["a/b", "a/c"] && models[0].seeds[0].map(\.checkpoint) == [0, 1, 2])
    #expect(models[0].seeds[0][2].value == 3 && models[0].seeds[0][1].value.isNaN)
  }

  @Test func `the study's own curves can be replayed`() throws {
    let curves = try RecordedCurves(csv: Repository.path("docs/study/curves.csv"))
    let models = curves.models.filter { ($0.seeds[0].last?.checkpoint ?? 0) >= 40 }.map(\.seeds)
    #expect(models.count >= 9)
    let replay = SearchReplay(models: models, objective: Objective(), orders: 20)
    let outcome = replay.outcome(of: .init(rungs: [5, 15, 40]), tolerance: 0.1)
    #expect(outcome.cost < 0.6 && outcome.regret >= 0 && outcome.near >= outcome.found)
  }

  @Test(arguments: [
    ("label,seed\n", ":1: there is no column 'sweep'"),
    ("sweep,label,seed,checkpoint,reduced,mean_response\na,b,1\n", ":2: it has 3 values, not 6"),
    (
      "sweep,label,seed,checkpoint,reduced,mean_response\na,b,1,0,2,\na,b,1,1,abc,\n",
      "curves.csv:3: reduced 'abc' is no number"
    ),
    (
      "sweep,label,seed,checkpoint,reduced,mean_response\na,b,1,0,2,x\n", "curves.csv:2: mean_response 'x' is no number"
    ),
    (
      "sweep,label,seed,checkpoint,reduced,mean_response\na,b,1,0,2,\n",
      "wants the curves of two finished models, and has 1"
    ),
  ]) func `what is no table of curves is told`(text: String, problem: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(text, in: folder)
    let error = #expect(throws: InputError.self) { try RecordedCurves(csv: path) }
    #expect(error?.description.contains(problem) ?? false, "\(String(describing: error))")
  }

  @Test func `a sweep's finished runs are models, and rungs beyond them are refused`() throws {
    let study = try StudyWorkspace()
    for job in study.prepared.jobs { try study.journal(job.run, exit: .finished) }
    _ = try study.ledger()
    let curves = try RecordedCurves(sweep: "small", in: Ledger(reading: study.workspace))
    #expect(curves.models.map(\.label) == ["Classical", "2x"] && curves.models.allSatisfy { $0.seeds.count == 2 })
    func table(_ rungs: [Int]) throws -> TextTable {
      try TextTable(curves, [.init(rungs: rungs, factor: 2)], objective: Objective(), orders: 5, tolerance: 0)
    }
    #expect(try table([1, 3]).rows[0].prefix(5) == ["1 3", 2, 0, .number(0, digits: 0), 2])
    #expect(throws: InputError.self) { try table([1, 4]) }
  }
}

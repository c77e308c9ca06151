import Experiment
import Foundation
import Testing

@Suite struct BudgetTests {
  @Test func `a job description of another schema is told by that, whatever else is in it`() throws {
    let error = try #require(throws: DecodingError.self) {
      try CanonicalJSON.value(JobDescription.self, from: Data("{\"schema\": 2, \"colour\": \"red\"}".utf8))
    }
    #expect(error.explanation == "schema: 2 is not 1, the one that this program knows")
  }

  @Test(
    arguments: [
      (Budget(checkpoints: 3), 2, 9.0, nil), (Budget(checkpoints: 3), 3, 0, .checkpoints(3)),
      (Budget(checkpoints: 0), nil, 0, nil), (Budget(checkpoints: 0), 0, 0, .checkpoints(0)),
      (Budget(trainingSeconds: 10), 99, 9.9, nil), (Budget(trainingSeconds: 10), nil, 10, .trainingSeconds(10)),
      (Budget(checkpoints: 3, trainingSeconds: 10), 1, 11, .trainingSeconds(10)), (Budget(), 99, 1e9, nil),
    ] as [(Budget, Int?, Double, Budget.Part?)])
  func `a budget is used by its first part that is`(
    budget: Budget, checkpoint: Int?, seconds: Double, part: Budget.Part?
  ) {
    #expect(budget.use(checkpoint: checkpoint, trainingSeconds: seconds) == part)
    #expect(budget.isUsed(checkpoint: checkpoint, trainingSeconds: seconds) == (part != nil))
  }
}

import Ansatz
import Experiment
import Foundation
import Testing

@Suite struct NoNumberTests {
  @Test func `χ²/NDF without degrees of freedom is no number, and absent in JSON`() throws {
    let evaluation = Evaluation(energies: [EnergyEvaluation(incidentEnergy: 256, chi2: 3, ndf: 0)])
    #expect(evaluation.reduced.isNaN && evaluation.energies[0].reduced.isNaN)
    let text = String(decoding: try CanonicalJSON.data(evaluation), as: UTF8.self)
    #expect(text == #"{"chi2":3,"energies":[{"chi2":3,"incidentEnergy":256,"ndf":0}],"ndf":0}"#)
    for written in [text, text.replacing("\"ndf\":0", with: "\"ndf\":0,\"reduced\":0")] {
      let found = try CanonicalJSON.value(Evaluation.self, from: Data(written.utf8))
      #expect(found.reduced.isNaN && found.energies[0].reduced.isNaN, "earlier workers wrote 0")
    }
    let lacking = text.replacing("\"ndf\":0", with: "\"ndf\":1")
    #expect(throws: DecodingError.self) { try CanonicalJSON.value(Evaluation.self, from: Data(lacking.utf8)) }
  }

  @Test func `a number that is not one stays in JSON where there are degrees of freedom`() throws {
    var evaluation = Evaluation(energies: [EnergyEvaluation(incidentEnergy: 256, chi2: 3, ndf: 2)])
    evaluation.uncertainty = 0.5
    evaluation.energies[0].meanResponse = 0.7
    let data = try CanonicalJSON.data(evaluation)
    #expect(try CanonicalJSON.value(Evaluation.self, from: data) == evaluation)
    evaluation.reduced = .nan
    #expect(String(decoding: try CanonicalJSON.data(evaluation), as: UTF8.self).contains("\"reduced\":\"nan\""))
  }

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

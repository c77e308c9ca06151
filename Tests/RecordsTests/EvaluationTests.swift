import Experiment
import Foundation
import Records
import Testing

@Suite struct EvaluationTests {
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
}

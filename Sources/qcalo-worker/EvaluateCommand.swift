import ArgumentParser
import Calorimetry
import Experiment

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compare generated showers with Geant4's, by the study's reduced χ² of E_tot.",
    discussion: """
      Both files are in the CaloChallenge layout and have the same incident energies; their numbers of events may \
      differ. Prints JSON.

      Examples:
        qcalo evaluate --reference single.h5 --generated generated.h5
        qcalo evaluate --reference held-out.h5 --generated generated.h5
      """)

  @Option(help: "The Geant4 events.", completion: .file())
  var reference: String
  @Option(help: "The generated events.", completion: .file())
  var generated: String

  func run() throws {
    let geant4 = try EvaluationReference(try ShowerTotals(reading: reference))
    print(try json(try geant4.evaluate(try ShowerTotals(reading: generated)).comparison))
  }
}

extension Evaluation {
  /// Without the responses: χ² and NDF alone.
  var comparison: Evaluation {
    Evaluation(
      energies: energies.map { EnergyEvaluation(incidentEnergy: $0.incidentEnergy, chi2: $0.chi2, ndf: $0.ndf) })
  }
}

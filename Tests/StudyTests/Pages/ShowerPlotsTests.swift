import Experiment
import Foundation
import Ledger
import Reports
import TestSupport
import Testing

@testable import Study

@Suite struct ShowerPlotsTests {
  @Test func `a model whose best checkpoint is not kept is told and passed over`() async throws {
    let study = try StudyWorkspace()
    let run = study.prepared.jobs[0].run
    try study.journal(run, checkpoints: 0...3, exit: .finished)
    let (ledger, said) = (try study.ledger(), Asked())
    let results = try SweepResults("small", in: ledger)
    let plots = ShowerPlots(study.workspace, say: said.note)
    #expect(try await plots.plots(results, ledger).isEmpty)
    #expect(
      said.lines == [
        "\(study.workspace.runFolder(run)): checkpoint 3 is not kept here; its showers are not drawn"
      ])
  }
}

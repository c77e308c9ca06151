import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Study

@Suite struct LiveReportTests {
  private let study: StudyWorkspace
  private let report: LiveReport

  init() throws {
    study = try StudyWorkspace()
    try study.journal(study.prepared.jobs[0].run, checkpoints: 0...1)
    _ = try study.ledger()
    report = LiveReport(
      ReportSource(workspace: study.workspace, sweep: "small", drawsShowers: false, say: { _ in }), every: 7)
  }

  @Test func `a page is made when it is asked for, and anew only when something has come in`() async throws {
    #expect(await report.number == 0)
    let first = try await report.page()
    #expect(first.contains("content=\"7\"") && first.contains("data-changes"))
    #expect(await report.number == 1)
    await report.renew()
    #expect(await report.number == 1, "nothing new")
    #expect(try await report.page() == first)
    try study.journal(study.prepared.jobs[0].run, attempt: 2, start: 1000, checkpoints: 2...3, exit: .finished)
    await report.renew()
    #expect(await report.number == 2)
    #expect(try await report.page() != first)
  }

  @Test func `why there is no page is told, and it comes back`() async throws {
    _ = try await report.page()
    let (ledger, aside) = (study.workspace.ledger, study.folder("aside"))
    try FileManager.default.moveItem(atPath: ledger, toPath: aside)
    try FileManager.default.createDirectory(atPath: ledger, withIntermediateDirectories: false)
    await report.renew()
    await #expect(throws: (any Error).self) { try await report.page() }
    try FileManager.default.removeItem(atPath: ledger)
    try FileManager.default.moveItem(atPath: aside, toPath: ledger)
    await report.renew()
    #expect(try await report.page().contains("</html>"))
    #expect(await report.number == 3)
  }
}

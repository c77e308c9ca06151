import Experiment
import Ledger
import Storage
import Sweeps
import TestSupport
import Testing

@testable import Study

@Suite struct PlanSourcesTests {
  private let study: StudyWorkspace
  init() throws { study = try StudyWorkspace() }

  private func plan(_ sources: [String], skip: String? = nil) -> SweepPlan {
    var plan = study.plan
    plan.variants = sources.map { source in
      var variant = study.plan.variants[0]
      variant.dataset.source = source
      variant.skip = skip
      return variant
    }
    return plan
  }

  @Test func `files that are there are looked into, each once, and what they lack is told`() async throws {
    let (good, bad) = (try study.folder.write("events", to: "good"), try study.folder.write("events", to: "bad"))
    let asked = Asked()
    let sources = await PlanSources(
      of: plan([good, bad, study.folder("gone"), bad, good]), in: study.workspace,
      worker: { arguments in
        asked.note(arguments.joined(separator: " "))
        if arguments[2] == bad { throw WorkerFailure(programEnd: .badInput, description: "no such events") }
        return "{\"voxels\": 17}"
      })
    #expect(sources.missing == [study.folder("gone")])
    #expect(sources.flaws == ["no such events"])
    var request = study.request
    request.source = good
    #expect(sources.voxels == [request: 17])
    #expect(
      asked.lines
        == [good, bad].map {
          "dataset prepare \($0) --check --energies 65536.0 --events 500 --format json"
        })
  }

  @Test func `rows that are skipped, and a machine without a worker, have nothing looked into`() async throws {
    let source = try study.folder.write("events", to: "events")
    let skipped = await PlanSources(of: plan([source], skip: "no"), in: study.workspace) { _ in "{\"voxels\": 1}" }
    #expect(skipped.voxels.isEmpty && skipped.missing.isEmpty)
    let alone = await PlanSources(of: plan([source]), in: study.workspace) { _ in throw InputError("no worker") }
    #expect(alone.voxels.isEmpty && alone.flaws.isEmpty)
  }
}

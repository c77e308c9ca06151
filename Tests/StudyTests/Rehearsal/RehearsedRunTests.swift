import Experiment
import Ledger
import TestSupport
import Testing

@testable import Study

@Suite struct RehearsedRunTests {
  private let study: StudyWorkspace

  init() throws { study = try StudyWorkspace() }

  private func rehearsed(_ subject: String, only: [String] = []) async throws -> JobDescription {
    try await RehearsedRun(
      subject, only: only, checkpoints: 4, interval: 20, in: study.workspace, say: { _ in }
    ).job
  }

  @Test func `a short run has the networks, the seed and the data of a job description, wherever that lies`()
    async throws
  {
    var job = study.prepared.jobs[3]
    job.dataset.path = "../data/x.h5"
    let path = try study.folder.write(
      String(decoding: try CanonicalJSON.data(job), as: UTF8.self), to: "jobs/job.json")
    let short = try await rehearsed(path)
    #expect(short.variant == job.variant && short.seed == job.seed)
    #expect(short.dataset.path == study.folder("data/x.h5"))
    #expect(short.settings.checkpointInterval == 20 && short.budget == Budget(checkpoints: 4))
    #expect(short.run != job.run, "it is a run of its own")
  }

  @Test func `of a sweep the first run that is meant is rehearsed, with data from the workspace`() async throws {
    let source = try study.folder.write("showers", to: "pions.hdf5")
    let request = DatasetRequest(source: source, energies: [65536], eventsPerEnergy: 500)
    let dataset = try await study.store().dataset(request, say: { _ in })
    let sweep = try study.folder.write(
      """
      dataset: {source: pions.hdf5, energies: [65536], events: 500}
      budget: {checkpoints: 10}
      hidden: [5]
      variants: [{label: a}, {label: b, circuit: {cnot: [1]}}]

      """, to: "x.yaml")
    let job = try await rehearsed(sweep, only: ["b"])
    #expect(job.variant.generator.circuit != nil)
    #expect(job.dataset.path == "\(study.workspace.path)/datasets/\(dataset.sha256).h5")
    await #expect(throws: InputError.self) { try await rehearsed(sweep, only: ["c"]) }
  }

  @Test func `what is no job description is refused with a sentence`() async throws {
    let absent = study.folder("none.json")
    await #expect(throws: InputError("\(absent): the job description cannot be read: No such file or directory")) {
      try await rehearsed(absent)
    }
    let other = try study.folder.write("[1]", to: "other.json")
    let error = await #expect(throws: InputError.self) { try await rehearsed(other) }
    #expect(error?.description.hasPrefix("\(other): not a job description: ") == true)
    var job = study.prepared.jobs[0]
    job.seed = 7
    let edited = try study.folder.write(String(decoding: CanonicalJSON.data(job), as: UTF8.self), to: "edited.json")
    let flaw = await #expect(throws: InputError.self) { try await rehearsed(edited) }
    #expect(flaw?.description.hasSuffix("; was the file edited by hand?") == true)
  }
}

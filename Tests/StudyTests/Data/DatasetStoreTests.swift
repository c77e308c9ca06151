import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Study

@Suite struct DatasetStoreTests {
  private var study: StudyWorkspace
  private let asked = Asked()
  private let said = Asked()

  init() throws {
    study = try StudyWorkspace()
    study.request.source = try study.folder.write("showers", to: "pions.hdf5")
  }

  private var store: DatasetStore { study.store(asked: asked) }
  private var folder: String { study.workspace.path + "/datasets" }

  private func dataset(_ request: DatasetRequest? = nil) async throws -> DatasetDescription {
    try await store.dataset(request ?? study.request, say: said.note)
  }

  @Test func `a dataset is prepared once, and known as long as its source is as it was`() async throws {
    #expect(store.known(study.request) == nil)
    let first = try await dataset()
    #expect(first.path == "../../datasets/\(first.sha256).h5")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(first.sha256).h5"))
    #expect(said.lines == ["preparing \(study.request.source): 500 events of 65536 MeV"])
    #expect(asked.lines.count == 1)
    #expect(asked.lines[0].hasPrefix("dataset prepare \(study.request.source) --energies 65536"))

    #expect(try await dataset() == first)
    #expect(store.known(study.request) == first)
    #expect(asked.lines.count == 1, "it is not read again")

    try study.folder.write("other showers", to: "pions.hdf5")
    #expect(store.known(study.request) == nil)
    let second = try await dataset()
    #expect(second.sha256 != first.sha256 && asked.lines.count == 2)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(first.sha256).h5"), "runs use it still")
  }

  @Test func `a source of the same size that was written since is another one`() async throws {
    let first = try await dataset()
    try study.folder.write("SHOWERS", to: "pions.hdf5")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -1000)], ofItemAtPath: study.request.source)
    #expect(store.known(study.request) == nil)
    #expect(try await dataset() != first)
  }

  @Test func `a folder is no source, and what is skipped needs none`() async throws {
    var request = study.request
    request.source = study.folder.path
    let error = await #expect(throws: InputError.self) { try await dataset(request) }
    #expect(error?.description.hasPrefix("dataset.source: there is no file \(study.folder.path);") == true)
    #expect(asked.lines.isEmpty)
    var plan = study.plan
    for index in plan.variants.indices {
      plan.variants[index].dataset.source = "/nowhere.hdf5"
      plan.variants[index].skip = "not today"
    }
    let prepared = try await PreparedSweep.prepare(plan, in: study.workspace, say: said.note)
    #expect(prepared.datasets.isEmpty && prepared.jobs.isEmpty)
  }

  @Test func `another selection of the same source is another dataset, and both stay known`() async throws {
    let first = try await dataset()
    var request = study.request
    request.eventsPerEnergy = 100
    _ = try await dataset(request)
    #expect(asked.lines.count == 2)
    #expect(store.known(study.request) == first && store.known(request) != nil)
  }

  @Test func `the worker is told what the showers are of, in which detector and bins`() async throws {
    func options(_ kind: ShowerKind) async throws -> String {
      var request = DatasetRequest(
        source: study.request.source, energies: [65536], eventsPerEnergy: 500, kind: kind)
      request.eventsPerEnergy += asked.lines.count
      _ = try await dataset(request)
      return try #require(asked.lines.last).replacing("dataset prepare \(request.source) ", with: "")
    }
    #expect(try await options(.init()).hasPrefix("--energies 65536.0 --events"))
    #expect(try await options(.init(particle: .photon)).hasPrefix("--energies 65536.0 --particle photon --events"))
    let bins = ShowerKind(geometry: .datasetOnePions, bins: EnergyBins(edges: [1, 100, 1000]))
    #expect(try await options(bins).hasPrefix("--energy-bins 1.0,100.0,1000.0 --geometry dataset_1_pions --events"))
    let own = VoxelGeometry(layers: [(3, 2, [0, 1.5])])
    let layers = #"[{"alphaBins":2,"id":3,"offset":0,"radialEdges":[0,1.5]}]"#
    #expect(try await options(.init(geometry: own)).contains("--geometry \(layers) --events"))
  }

  @Test func `a dataset that is gone, or an index that cannot be read, costs one preparation`() async throws {
    let first = try await dataset()
    try FileManager.default.removeItem(atPath: "\(folder)/\(first.sha256).h5")
    #expect(store.known(study.request) == nil)
    #expect(try await dataset() == first)
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/index.json"))
    #expect(store.known(study.request) == nil)
    #expect(try await dataset() == first)
    #expect(asked.lines.count == 3)
    #expect(store.known(study.request) == first)
  }

  @Test func `a preparation that fails leaves nothing, and what a killed one left is removed after an hour`()
    async throws
  {
    let old = folder + "/1.tmp"
    try study.folder.write("old", to: "work/datasets/1.tmp")
    try study.folder.write("young", to: "work/datasets/2.tmp")
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3700)], ofItemAtPath: old)
    struct Failure: Error {}
    let failing = DatasetStore(study.workspace) { arguments in
      try Data().write(to: URL(fileURLWithPath: arguments[arguments.firstIndex(of: "--output")! + 1]))
      throw Failure()
    }
    await #expect(throws: Failure.self) { try await failing.dataset(study.request, say: { _ in }) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["2.tmp"])
  }

  @Test func `a source that is not there is bad input that says where the real files are`() async throws {
    var request = study.request
    request.source = study.folder("none.hdf5")
    let error = await #expect(throws: InputError.self) { try await dataset(request) }
    #expect(error?.description.contains("there is no file \(request.source); the real CaloChallenge files") == true)
    #expect(store.known(request) == nil)
  }
}

package import Experiment
import Foundation
package import Ledger
import Storage

/// The prepared datasets of a workspace: `datasets/<SHA-256>.h5`, each once, and an index of what they were made from.
package struct DatasetStore {
  let workspace: Workspace

  /// What a dataset was made from; the same source, unchanged, is not read again.
  private struct Entry: Codable {
    var request: DatasetRequest
    var sourceBytes: Int
    /// Seconds since 1970.
    var sourceModified: Double
    /// Its path is relative to a run's folder, as job descriptions have it.
    var dataset: DatasetDescription
  }

  private var folder: String { workspace.datasets }
  private var index: String { folder + "/index.json" }

  private let worker: WorkerProgram.Call?

  /// - Parameters:
  ///   - workspace: Where the datasets are.
  ///   - worker: What prepares datasets; nil: the worker's program.
  package init(_ workspace: Workspace, worker: WorkerProgram.Call? = nil) {
    (self.workspace, self.worker) = (workspace, worker)
  }

  /// The dataset that is asked for, prepared if it is not there yet.
  /// - Throws: `InputError`, `StorageError`, `WorkerFailure`.
  package func dataset(_ request: DatasetRequest, say: (String) -> Void) async throws -> DatasetDescription {
    let dataset = try await prepared(request, say: say)
    for sentence in dataset.oddities.sentences { say("\(request.source): of the selected events \(sentence)") }
    if let remark = dataset.remark { say("\(request.source): \(remark)") }
    return dataset
  }

  /// The voxels of a shower of a source that has the events asked for.
  /// - Throws: `InputError` when there is no such file or no worker, `WorkerFailure` when it has not these events.
  func check(_ request: DatasetRequest) async throws -> Int {
    _ = try Self.status(request.source)
    let worker = try worker ?? WorkerProgram.call()
    let printed = try await worker(
      ["dataset", "prepare", request.source, "--check"] + (try request.selection)
        + ["--events", "\(request.eventsPerEnergy)", "--format", "json"])
    let found: [String: Int] = try CanonicalJSON.value(from: Data(printed.utf8))
    guard let voxels = found["voxels"] else { throw InputError("the worker does not say the voxels: \(printed)") }
    return voxels
  }

  private func prepared(_ request: DatasetRequest, say: (String) -> Void) async throws -> DatasetDescription {
    let source = try Self.status(request.source)
    if let known = known(request, source) { return known }
    let worker = try worker ?? WorkerProgram.call()
    say("preparing \(request.source): \(request.eventsPerEnergy) events of \(energyNames(request.energies)) MeV")
    try Folder.make(folder)
    removeRemains()
    let aside = "\(folder)/\(getpid()).tmp"
    defer { try? FileManager.default.removeItem(atPath: aside) }
    let printed = try await worker(
      ["dataset", "prepare", request.source] + (try request.selection)
        + ["--events", "\(request.eventsPerEnergy)", "--output", aside, "--format", "json"])
    var dataset: DatasetDescription = try CanonicalJSON.value(from: Data(printed.utf8))
    let name = dataset.sha256 + ".h5"
    try DurableFile.move(aside, to: "\(folder)/\(name)")
    dataset.path = "../../datasets/" + name
    let entry = Entry(request: request, sourceBytes: source.size, sourceModified: source.modified, dataset: dataset)
    let entries = entries().filter { $0.request != request } + [entry]
    try DurableFile.write(CanonicalJSON.data(entries, pretty: true), to: index, shared: true)
    return dataset
  }

  /// The dataset if it is prepared, and its source, where it is at hand, unchanged.
  package func known(_ request: DatasetRequest) -> DatasetDescription? {
    guard let source = try? Self.status(request.source) else { return nil }
    return known(request, source)
  }

  private func known(_ request: DatasetRequest, _ source: FileStatus) -> DatasetDescription? {
    let entry = entries().first { entry in
      entry.request == request && entry.sourceBytes == source.size && entry.sourceModified == source.modified
    }
    guard let entry, FileManager.default.fileExists(atPath: "\(folder)/\(entry.dataset.sha256).h5") else { return nil }
    return entry.dataset
  }

  /// What a preparation that was killed left behind.
  private func removeRemains() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".tmp") {
      let path = "\(folder)/\(name)"
      guard let status = FileStatus(path), status.modified < Date().timeIntervalSince1970 - 3600 else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// An index that cannot be read costs one preparation, no more.
  private func entries() -> [Entry] {
    (try? CanonicalJSON.value(inFile: index)) ?? []
  }

  private static func status(_ path: String) throws -> FileStatus {
    guard let status = FileStatus(path), status.isFile else {
      throw InputError(
        "dataset.source: there is no file \(path); the real CaloChallenge files are at doi:10.5281/zenodo.8099322")
    }
    return status
  }
}

extension DatasetRequest {
  /// The options of the worker's `dataset prepare` that say which energies of what.
  fileprivate var selection: [String] {
    get throws {
      func list(_ energies: [Double]) -> String { energies.map { "\($0)" }.joined(separator: ",") }
      var options = energyBins.map { ["--energy-bins", list($0.edges)] } ?? ["--energies", list(energies)]
      if let particle { options += ["--particle", particle.rawValue] }
      if let geometry {
        let layers = try CanonicalJSON.data(geometry)
        options += ["--geometry", geometry.builtIn?.rawValue ?? String(decoding: layers, as: UTF8.self)]
      }
      return options
    }
  }
}

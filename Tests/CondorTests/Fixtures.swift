import Experiment
import Foundation
import TestSupport

@testable import Condor

/// The folder `condor` of this checkout.
let library = SiteLibrary(folder: Repository.path("condor"))

extension FakePool {
  var tools: CondorTools { CondorTools(timeout: 5, folder: bin) }
}

/// A run of a small classical model.
func job(seed: UInt64, in workspace: String, checkpoints: Int = 10) -> SubmittedJob {
  let description = JobDescription(
    variant: Variant(generator: GeneratorArchitecture(hidden: [8])), settings: TrainingSettings(), seed: seed,
    dataset: DatasetDescription(
      path: "d.hdf5", sha256: "00", energies: [65536], eventsPerEnergy: 100, voxels: 533),
    budget: Budget(checkpoints: checkpoints))
  return SubmittedJob(
    description: description, dataset: workspace + "/datasets/d.hdf5", runFolder: "\(workspace)/runs/\(description.run)"
  )
}

/// A workspace with a package of a stand-in worker, a shell script.
struct PoolWorkspace {
  let folder: TemporaryFolder
  var path: String { folder("work") }
  var package: String { folder("package/qcalo-worker.tar.gz") }

  /// The workspace with a stand-in that does `worker`, in shell; its arguments are the worker's.
  init(worker: String = "exit 0") throws {
    folder = try TemporaryFolder()
    try folder.write("events", to: "work/datasets/d.hdf5")
    try folder.write("#!/bin/sh\n\(worker)\n", to: "package/qcalo-worker/bin/qcalo-worker")
    // In the place of the loader: the program follows its two options.
    try folder.write(
      "#!/bin/sh\nshift 2\nexec sh \"$@\"\n", to: "package/qcalo-worker/lib/" + WorkerPackage.loader)
    try shell(
      """
      chmod 755 qcalo-worker/lib/* && tar -czf qcalo-worker.tar.gz qcalo-worker
      """, in: folder("package"))
  }

  func writer(_ site: String = "local-pool") throws -> SubmissionWriter {
    SubmissionWriter(
      workspace: path, library: library, site: try library.profile(site), sweep: "demo", package: package)
  }

  func jobs(_ count: UInt64 = 3) -> [SubmittedJob] { (1...count).map { job(seed: $0, in: path) } }
}

/// Runs a shell script and returns how it ended and what it said.
@discardableResult
func shell(
  _ script: String, in folder: String, arguments: [String] = []
) throws -> (exit: Int32, output: String, errors: String) {
  let done = try Execution("sh", ["-c", script, "sh"] + arguments, in: folder)
  return (done.status, done.output, done.errors)
}

/// Every file below a folder, with its content.
func contents(of folder: String) throws -> [String: Data] {
  let root = URL(fileURLWithPath: folder)
  var found: [String: Data] = [:]
  for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
    found[path] = FileManager.default.contents(atPath: root.appendingPathComponent(path).path) ?? Data()
  }
  return found
}

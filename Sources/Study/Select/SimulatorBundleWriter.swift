import Experiment
import Foundation
package import Ledger
package import Records
package import Reports
import Storage

/// Puts what was chosen into a folder that `generate --bundle` simulates from: the checkpoints, what other software reads
/// of them, and last the description.
package struct SimulatorBundleWriter {
  private let selection: SimulatorSelection
  private let ledger: Ledger
  private let folder: String
  private let worker: WorkerProgram.Call

  /// Showers that are timed of each simulator.
  private static let timedShowers = 1000

  /// - Parameters:
  ///   - selection: What was chosen.
  ///   - ledger: Has the files of the generators.
  ///   - folder: The bundle's path; it must not be there, or be empty.
  ///   - worker: What exports and times; nil: the worker's program.
  /// - Throws: `InputError` when there is something already, or no worker; `StorageError`.
  package init(
    _ selection: SimulatorSelection, of ledger: Ledger, to folder: String, worker: WorkerProgram.Call? = nil
  ) throws {
    (self.selection, self.ledger, self.folder) = (selection, ledger, folder)
    self.worker = try worker ?? WorkerProgram.call()
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue, try Folder.names(in: folder).isEmpty else {
        throw InputError("\(folder) is there already, and nothing is overwritten; name another folder, or remove it")
      }
    }
  }

  /// Writes the bundle.
  /// - Returns: Its description.
  /// - Throws: `InputError` when a generator is not kept here; `WorkerFailure`; `LedgerError`; `StorageError`.
  package func write() async throws -> SimulatorBundle {
    var (parts, times) = ([String: SimulatorBundle.Files](), [String: Double]())
    var choices: [SimulatorBundle.Choice] = []
    for choice in selection.choices {
      let (chosen, simulator) = (choice.chosen, choice.chosen.simulator)
      let job: JobDescription = try CanonicalJSON.value(inFile: ledger.workspace.jobDescription(simulator.run))
      let files: SimulatorBundle.Files
      if let known = parts[simulator.run] { files = known } else { files = try await write(chosen, job) }
      parts[simulator.run] = files
      if times[simulator.run] == nil {
        times[simulator.run] = try await microsecondsPerShower(files.checkpoint, at: chosen.energy)
      }
      var written = SimulatorBundle.Choice(
        particle: simulator.particle, energy: chosen.energy, range: job.simulatedRange(at: chosen.energy),
        label: simulator.label, sweep: simulator.sweep, run: simulator.run, seed: simulator.seed,
        checkpoint: chosen.checkpoint, dataset: simulator.dataset, commit: simulator.commit,
        parameters: simulator.parameters, score: chosen.score, metrics: chosen.metrics,
        ties: choice.ties.map { "\($0.simulator.label) seed \($0.simulator.seed)" }, files: files)
      written.microsecondsPerShower = times[simulator.run]
      choices.append(written)
    }
    let bundle = SimulatorBundle(
      by: selection.by.text, program: "qcalo \(BuildInfo.version) (\(BuildInfo.commit))", choices: choices)
    try DurableFile.write(
      CanonicalJSON.data(bundle, pretty: true), to: "\(folder)/\(SimulatorBundle.manifestName)", shared: true)
    return bundle
  }

  /// The files of one simulator.
  private func write(_ chosen: SimulatorSelection.Candidate, _ job: JobDescription) async throws
    -> SimulatorBundle.Files
  {
    let (run, source) = (chosen.simulator.run, ledger.workspace.runFolder(chosen.simulator.run))
    guard let file = try ledger.generatorFile(of: run, at: chosen.checkpoint),
      FileManager.default.fileExists(atPath: "\(source)/\(file)")
    else {
      throw InputError(
        "\(source): the generator of checkpoint \(chosen.checkpoint) is not kept here; `qcalo checkpoints list \(run)`")
    }
    let name = "\(run)-\(chosen.checkpoint)"
    func path(_ part: String) throws -> String {
      try Folder.make(Folder.parent(of: "\(folder)/\(part)"))
      return "\(folder)/\(part)"
    }
    let bytes = try FileContent.bytes(of: "\(source)/\(file)")
    var files = SimulatorBundle.Files(checkpoint: "simulators/\(name).h5", sha256: SHA256.hexDigest(of: bytes))
    try DurableFile.write(bytes, to: path(files.checkpoint), shared: true)
    guard job.variant.kind == .gan else { return files }
    let onnx = "onnx/\(name).onnx"
    _ = try await worker(["export", "\(folder)/\(files.checkpoint)", "--format", "onnx", "--output", path(onnx)])
    files.onnx = onnx
    if job.variant.generator.circuit != nil, job.variant.generator.features == .standard {
      let circuit = "circuits/\(name).qasm"
      let text = try await worker([
        "circuit", "export", "--checkpoint", "\(folder)/\(files.checkpoint)", "--format", "openqasm3",
      ])
      try DurableFile.write(Array(text.utf8), to: path(circuit), shared: true)
      files.circuit = circuit
    }
    return files
  }

  /// What a shower takes here and now, on one core; nil where the clock saw nothing.
  private func microsecondsPerShower(_ checkpoint: String, at energy: Double) async throws -> Double? {
    struct Timing: Decodable {
      var showers: Int
      var seconds: Double
    }
    let printed = try await worker([
      "generate", "--checkpoint", "\(folder)/\(checkpoint)", "--energies", energyName(energy), "--events",
      "\(Self.timedShowers)", "--time",
    ])
    let timing: Timing = try CanonicalJSON.value(from: Data(printed.utf8))
    return timing.seconds > 0 ? 1e6 * timing.seconds / Double(timing.showers) : nil
  }
}

extension JobDescription {
  /// The least and the greatest incident energy (MeV) that its simulator reaches from one of its energies: all of them
  /// where it is told the energy, or interpolates.
  fileprivate func simulatedRange(at energy: Double) -> [Double] {
    let all = dataset.energyBins?.edges ?? dataset.energies
    let isTold = variant.generator.conditioned || variant.kind != .gan || dataset.energyBins != nil
    return isTold ? [all.min() ?? energy, all.max() ?? energy] : [energy, energy]
  }
}

package import Experiment
import FoundationEssentials
import Glibc

/// The best simulator for each particle and energy, in one folder: `manifest.json`, and beside it the files that it names.
package struct SimulatorBundle: Codable, Hashable, Sendable {
  /// The version of this format.
  package static let currentSchema = 1
  /// The name of the description in the folder.
  package static let manifestName = "manifest.json"

  /// The version of the format that it was written in.
  package var schema = Self.currentSchema
  /// The metric that decided: `chi2` or a metric's name.
  package var by: String
  /// The version and source commit of the program that chose.
  package var program: String
  /// One for each particle and energy, by particle, then energy.
  package var choices: [Choice]

  package init(by: String, program: String, choices: [Choice]) {
    (self.by, self.program, self.choices) = (by, program, choices)
  }

  /// The simulator of one particle at one energy.
  package struct Choice: Codable, Hashable, Sendable {
    /// What the showers are of.
    package var particle: Particle
    /// MeV.
    package var energy: Double
    /// The least and the greatest incident energy (MeV) that it can simulate.
    package var range: [Double]
    /// What the sweep calls it.
    package var label: String
    /// The sweep that it was found in.
    package var sweep: String
    /// The run's identity.
    package var run: String
    /// The seed that it was trained with.
    package var seed: UInt64
    /// The checkpoint's number.
    package var checkpoint: Int
    /// SHA-256 of the training events.
    package var dataset: String
    /// The worker's source commit at the run's last start; nil when unknown.
    package var commit: String?
    /// The trained or fitted numbers, a circuit's angles included.
    package var parameters: Int
    /// What it was chosen by, with its uncertainty and its floor.
    package var score: MetricValue
    /// Every metric that is recorded of it, over all energies of its run.
    package var metrics: MetricsRecord?
    /// Microseconds that a shower took at the choice, on one core there; nil where nobody measured.
    package var microsecondsPerShower: Double?
    /// The labels of those that are as good within the uncertainties and were dearer.
    package var ties: [String]
    /// The paths in the folder: of the generator's checkpoint, and of what other software reads.
    package var files: Files

    package init(
      particle: Particle, energy: Double, range: [Double], label: String, sweep: String, run: String, seed: UInt64,
      checkpoint: Int, dataset: String, commit: String?, parameters: Int, score: MetricValue, metrics: MetricsRecord?,
      ties: [String], files: Files
    ) {
      (self.particle, self.energy, self.range) = (particle, energy, range)
      (self.label, self.sweep, self.run, self.seed) = (label, sweep, run, seed)
      (self.checkpoint, self.dataset, self.commit) = (checkpoint, dataset, commit)
      (self.parameters, self.score, self.metrics) = (parameters, score, metrics)
      (self.ties, self.files) = (ties, files)
    }
  }

  /// Where a simulator is in the folder.
  package struct Files: Codable, Hashable, Sendable {
    /// The checkpoint that `generate` simulates from.
    package var checkpoint: String
    /// SHA-256 of that file's bytes.
    package var sha256: String
    /// The classical layers as ONNX; nil for what is no GAN, which has none.
    package var onnx: String?
    /// The circuit with its angles, OpenQASM 3; nil where there is none.
    package var circuit: String?

    package init(checkpoint: String, sha256: String) { (self.checkpoint, self.sha256) = (checkpoint, sha256) }
  }

  /// Reads a bundle's description.
  /// - Parameter folder: The bundle's path.
  /// - Throws: `InputError` when there is none, or of another version.
  package init(reading folder: String) throws {
    let path = folder + "/" + Self.manifestName
    let data = try InputFile.data(of: path, "the bundle's description")
    do {
      self = try CanonicalJSON.value(from: data)
    } catch let error as DecodingError {
      throw InputError("\(path): not a bundle of `qcalo select`: \(error.explanation)")
    }
    guard schema == Self.currentSchema else {
      throw InputError("\(path): it is of format \(schema), and this program reads \(Self.currentSchema)")
    }
    for name in choices.flatMap({ [$0.files.checkpoint, $0.files.onnx, $0.files.circuit].compactMap(\.self) })
    where name.hasPrefix("/") || name.split(separator: "/").contains("..") {
      throw InputError("\(path): '\(name)' is not a file in the bundle")
    }
  }

  /// The simulator for a particle at an energy: of those that reach so far the one that was chosen nearest to it in log E.
  /// - Parameters:
  ///   - particle: What the showers are to be of; nil where the bundle has one particle.
  ///   - energy: MeV.
  /// - Returns: The one that was chosen for the nearest energy.
  /// - Throws: `InputError` when there is none.
  package func choice(for particle: Particle?, at energy: Double) throws(InputError) -> Choice {
    let particles = Set(choices.map(\.particle))
    guard let particle = particle ?? (particles.count == 1 ? particles.first : nil) else {
      let names = particles.map(\.rawValue).sorted().joined(separator: ", ")
      throw InputError("the bundle has simulators of \(names); say by --particle which is meant")
    }
    let own = choices.filter { $0.particle == particle }
    func distance(_ choice: Choice) -> Double { abs(log(energy / choice.energy)) }
    // At the same distance the lower energy's.
    let reaching = own.filter { ($0.range.min() ?? 0)...($0.range.max() ?? 0) ~= energy }
    guard let nearest = reaching.min(by: { (distance($0), $0.energy) < (distance($1), $1.energy) }) else {
      let ranges = own.map { choice in
        energyNames(Array(Set(choice.range)).sorted(), separator: " … ")
      }
      throw InputError(
        "an energy of \(energyName(energy)) MeV: the bundle's simulators of \(particle.rawValue)s reach "
          + "\(ranges.isEmpty ? "none" : Set(ranges).sorted().joined(separator: ", ")) MeV")
    }
    return nearest
  }
}

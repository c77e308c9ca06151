import ArgumentParser
package import Experiment
import FoundationEssentials

/// What showers are of, in which detector, and how their incident energies are told apart, as options.
struct KindOptions: ParsableArguments {
  @Option(help: "What the showers are of: pion, photon, electron or proton.")
  var particle: Particle?
  @OptionGroup var geometry: GeometryOption
  @OptionGroup var bins: BinsOption

  /// The kind that they describe; as usual what they leave out.
  func kind() throws -> ShowerKind {
    ShowerKind(particle: particle ?? .pion, geometry: try geometry.value(), bins: bins.value)
  }
}

extension Particle: ExpressibleByArgument {}

/// How the voxels lie, as an option.
struct GeometryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the voxels lie: \(CaloChallenge.allCases.map(\.rawValue).joined(separator: ", ")), or a CaloChallenge binning "
        + "file (XML). By default that of CaloChallenge's detectors with as many voxels.", valueName: "name|file"),
    completion: .file(extensions: ["xml"]))
  var geometry: String?

  /// The geometry that is named; nil where none is.
  /// - Throws: `InputError`.
  func value() throws -> VoxelGeometry? {
    guard let geometry else { return nil }
    if let known = CaloChallenge(rawValue: geometry) { return known.geometry }
    // What `qcalo` passes on of a sweep's binning file.
    guard geometry.hasPrefix("[") else { return try VoxelGeometry(xml: geometry) }
    do {
      return try CanonicalJSON.value(from: Data(geometry.utf8))
    } catch let error as DecodingError {
      throw InputError("--geometry: not a list of layers: \(error.explanation)")
    }
  }
}

/// Bins of incident energy, as an option.
struct BinsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For continuous incident energies: the edges of bins (MeV), separated by commas; each counts as one energy.",
      valueName: "edges"))
  var energyBins: EnergyList?

  /// The bins that are named; nil where none are.
  var value: EnergyBins? { energyBins.map { EnergyBins(edges: $0.values) } }

  func validate() throws {
    if let flaw = energyBins.flatMap({ EnergyBins.flaw(of: $0.values) }) {
      throw ValidationError("--energy-bins: \(flaw)")
    }
  }
}

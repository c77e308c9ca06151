import ArgumentParser
import Calorimetry
import Commands
import Experiment
import Storage

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Selects the events to train on from a file of showers, or looks into one.",
    subcommands: [Prepare.self, Inspect.self])

  struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Select the first events of some incident energies, in file order.",
      discussion: """
        The source is a file in the CaloChallenge layout, of any size: 'incident_energies' (N, 1) and 'showers' \
        (N, voxels) in MeV. The output has the same layout, with the source's name and SHA-256, the selection and the \
        SHA-256 of the content as attributes.

        Examples:
          qcalo dataset prepare sweeps/data/geant4_pions.hdf5 --energies 65536 --events 1000 --output single.h5
          qcalo dataset prepare dataset_1_pions_1.hdf5 --energies 4096,65536,1048576 --events 500 --output three.h5
          qcalo dataset prepare sweeps/data/geant4_pions.hdf5 --energies 65536 --events 1000 --skip 1000 \
        --output held-out.h5
          qcalo dataset prepare dataset_2_1.hdf5 --particle electron --energy-bins 1000,10000,100000,1000000 \
        --events 5000 --output electrons.h5
        """)

    @Argument(help: "The file to select from.", completion: .file())
    var source: String
    @Option(help: "Incident energies in MeV, separated by commas.")
    var energies: EnergyList?
    @OptionGroup var kind: KindOptions
    @Option(help: "Events per energy, or bin of energies.")
    var events: Int
    @Option(help: "Events per energy to pass over first: for events that were not trained on.")
    var skip = 0
    @Option(name: .shortAndLong, help: "The file to write; - for the standard output.", completion: .file())
    var output: String?
    @Flag(help: "Only see whether the source has these events, and how many voxels; writes nothing.")
    var check = false
    @Option(help: "text, or json for the dataset's description.")
    var format = OutputFormat.text

    func validate() throws {
      if (energies == nil) == (kind.bins.value == nil) {
        throw ValidationError("Give one of --energies and --energy-bins.")
      }
      if (output == nil) != check { throw ValidationError("Give one of --output and --check.") }
    }

    func run() throws {
      let preparation = DatasetPreparation(
        source: source, energies: energies?.values ?? [], eventsPerEnergy: events, skip: skip, kind: try kind.kind())
      guard let output else {
        let voxels = try preparation.check()
        return try Output.line(
          format == .json ? json(["voxels": voxels]) : "\(source): has them; \(voxels) voxels a shower")
      }
      let file = OutputFile(output)
      var description = try file.write { try preparation.write(to: $0) }
      description.path = output
      for sentence in description.oddities.sentences { Terminal.say("\(source): of the selected events \(sentence)") }
      if let remark = description.remark { Terminal.say("\(source): \(remark)") }
      let text = format == .json ? try json(description) : Self.sentence(description)
      if file.isStandardOutput { Terminal.line(text) } else { try Output.line(text) }
    }

    private static func sentence(_ dataset: DatasetDescription) -> String {
      let energies =
        dataset.energyBins.map { "the bins between \(energyNames($0.edges))" } ?? energyNames(dataset.energies)
      return "\(dataset.path): \(dataset.eventsPerEnergy) events of each of \(energies) MeV, \(dataset.voxels) voxels, "
        + "SHA-256 \(dataset.sha256)"
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a file of showers holds, and what is wrong with it.",
      discussion: """
        Ends with exit code 1 when something is wrong.

        Example:
          qcalo dataset inspect sweeps/data/geant4_pions.hdf5
        """)

    @Argument(help: "A file in the CaloChallenge layout.", completion: .file())
    var file: String
    @OptionGroup var geometry: GeometryOption
    @OptionGroup var bins: BinsOption
    @Option(help: "text or json.")
    var format = OutputFormat.text

    func run() throws {
      let inspection = try Inspection(of: file, geometry: try geometry.value(), bins: bins.value)
      try Output.line(format == .json ? json(inspection) : inspection.text)
      if !inspection.problems.isEmpty { throw ProgramEnd.checkFailed.exit }
    }
  }
}

/// Incident energies as one argument: "4096,65536,1048576".
struct EnergyList: ExpressibleByArgument {
  var values: [Double]

  init?(argument: String) {
    let energies = argument.commaSeparated {
      DecimalNumber($0).flatMap { $0.value > 0 && $0.value.isFinite ? $0.value : nil }
    }
    guard let energies else { return nil }
    values = energies
  }
}

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// A value as JSON that people read.
func json(_ value: some Encodable) throws -> String {
  String(decoding: try CanonicalJSON.data(value, pretty: true), as: UTF8.self)
}

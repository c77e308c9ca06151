import Experiment

/// A sweep file made of the group's configuration files: a variant each.
package struct ConfigurationImport {
  /// The sweep file.
  package let text: String
  /// Sentences about each file: what it leaves out, what is not supported, what has no meaning here.
  package let remarks: [String]

  /// Whether an argument names a configuration file, not a bundle.
  package static func isMeant(by argument: String) -> Bool { argument.hasSuffix(".json") }

  /// - Parameters:
  ///   - paths: The files.
  ///   - run: The name of the run, of one file, where its path does not say it.
  ///   - name: The sweep's name.
  /// - Throws: `InputError` when one of them is no configuration, or two have one name.
  package init(_ paths: [String], run: String? = nil, name: String) throws {
    if run != nil && paths.count != 1 { throw InputError("--run names the run of one file; give one") }
    let files = try paths.map { try GroupConfiguration($0, run: run) }
    var seen: Set<String> = []
    if let twice = files.first(where: { !seen.insert($0.label).inserted }) {
      throw InputError("two configurations are called '\(twice.label)'; rename a file")
    }
    remarks = files.flatMap(\.remarks)
    var lines = [
      "# Made by `qcalo import` of \(files.count == 1 ? "a configuration file" : "\(files.count) configuration files")"
        + " of FastCaloQ; data and budget are the study's: change them as needed.",
      "name: \(name)", "", "dataset:", "  source: data/geant4_pions.hdf5", "  energies: [65536]", "  events: 1000", "",
      "budget:", "  training_time: 24h", "", "variants:",
    ]
    for file in files {
      lines.append("  - label: \"\(file.label)\"")
      if let skip = file.skip { lines.append("    skip: '\(skip.replacing("'", with: "''"))'") }
      for (key, value) in file.keys { lines.append("    \(key): \(value)") }
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}

import Experiment
import Foundation
import HDF5
import Records
import Storage
import TestSupport

@testable import Calorimetry

/// Files of showers, as `dataset inspect`, `prepare`, `evaluate` and `run` read them.
struct ShowersKind: FuzzKind {
  static let name = "showers"
  let mutator: Mutator
  private let path: String
  private let source: String
  /// The bytes of the source, of data prepared from it, and of others of other kinds.
  private let prepared: [[UInt8]]

  init(in folder: String) throws {
    path = folder + "/showers.h5"
    source = folder + "/source.h5"
    let energies: [Float] = (0..<24).map { [256, 4096, 65536][$0 % 3] }
    let geometry = VoxelGeometry(layers: [(0, 1, [0, 5, 10]), (3, 2, [0, 1, 2.5])])
    try ShowerFileWriter.write(
      incidentEnergies: energies, showers: (0..<24 * 6).map { Float($0 * 37 % 101) * 20 }, voxels: 6, to: source)
    var files = [try FileContent.bytes(of: source)]
    let kinds: [(ShowerKind, skip: Int)] = [
      (ShowerKind(), 0), (ShowerKind(), 2),
      (ShowerKind(particle: .electron, geometry: geometry, bins: EnergyBins(edges: [100, 1000, 10_000])), 1),
    ]
    for (kind, skip) in kinds {
      _ = try DatasetPreparation(source: source, energies: [256, 4096], eventsPerEnergy: 4, skip: skip, kind: kind)
        .write(to: path)
      files.append(try FileContent.bytes(of: path))
    }
    prepared = files
    let other = try HDF5File.inMemory()
    try other.write(energies, to: "incident_energies", shape: [24])
    try other.write((0..<24 * 6).map { Double($0) }, to: "showers", shape: [24, 6], layout: .chunked(rows: 5, gzip: 0))
    mutator = Mutator(seeds: files + [try other.image()], isText: false)
  }

  /// A sound file but for its shapes, its numbers and its attributes.
  func made(_ random: inout SplitMix64) throws -> [UInt8]? {
    if random.below(3) > 0 { return try attributed(&random) }
    let events = random.one(of: [0, 1, 2, 3, 50])
    let voxels = random.one(of: [0, 1, 6, 368, 533])
    let values: [Float] = [
      0, 1, -1, .leastNonzeroMagnitude, 1e30, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, 65536, 65537,
      1e-30, -0.0,
    ]
    let file = try HDF5File.inMemory()
    let energies = (0..<events).map { _ in random.below(3) == 0 ? random.one(of: values) : 65536 }
    let showers = (0..<events * voxels).map { _ in random.below(9) == 0 ? random.one(of: values) : 100 }
    let layout = random.one(of: [HDF5Layout.contiguous, .chunked(rows: 2), .chunked(rows: 1, gzip: 0, shuffle: false)])
    let shape = random.one(of: [[events, 1], [events], [events, voxels], [1, events], []])
    if shape.reduce(1, *) == events { try file.write(energies, to: "incident_energies", shape: shape, layout: layout) }
    let other = random.one(of: [
      [events, voxels], [events, voxels], [events, voxels], [events, voxels, 1], [voxels, events],
    ])
    try file.write(
      showers, to: random.one(of: ["showers", "showers", "showers", "shower"]), shape: other, layout: layout)
    if random.below(3) == 0 { try attribute(file, &random) }
    return try file.image()
  }

  /// A prepared file with other attributes.
  private func attributed(_ random: inout SplitMix64) throws -> [UInt8] {
    let path = path + ".made"
    try write(random.one(of: prepared), to: path)
    let file = try HDF5File(updating: path)
    for _ in 0...random.below(3) { try attribute(file, &random) }
    try file.close()
    return try FileContent.bytes(of: path)
  }

  private func attribute(_ file: borrowing HDF5File, _ random: inout SplitMix64) throws {
    let name = random.one(of: [
      "source", "source_sha256", "selection", "skipped", "oddities", "sha256", "particle", "geometry", "energy_bins",
    ])
    let texts =
      Mutator.extremes + [
        "electron", "proton", "dataset_2", "\"dataset_2\"", "\"dataset_1_pions\"", "[1000, 10000]", "[1000, 1e999]",
        "[1e-300, 1e300]",
        "[10, 10.1]", "[100,1000]", "[]", #"[{"id":0,"alphaBins":1,"radialEdges":[0,1,2,3,4,5,6],"offset":0}]"#,
        #"[{"id":0,"alphaBins":1000000,"radialEdges":[0,1,2],"offset":9223372036854775807}]"#, "9223372036854775806",
        "-1", "23",
        String(repeating: "9", count: 5000), "a\u{1b}[2Jb", "\n\n",
      ]
    let value: HDF5Attribute =
      switch random.below(8) {
      case 0: .int(random.one(of: [0, 1, -1, .max, .min]))
      case 1: .double(random.one(of: [0, -1, .nan, .infinity, 1e300]))
      case 2: .strings(random.one(of: [[], ["1"], ["1", "2"]]))
      default: .string(random.one(of: texts))
      }
    try file.setAttribute(name, value)
  }

  func read(_ bytes: [UInt8]) throws {
    try write(bytes, to: path)
    let inspection = try Inspection(of: path)
    try requireRoundTrip(inspection, "the inspection")
    for line in inspection.problems { if let flaw = Finding.flaw(ofSentence: line) { throw Finding(flaw) } }
    try require(!inspection.text.isEmpty, "nothing is said")
    let refusals: [() throws -> Void] = [
      {
        let dataset = try PreparedDataset(reading: path)
        try requireRoundTrip(dataset.description, "the dataset's description")
        try require(dataset.labels.allSatisfy(\.isFinite) && dataset.fractions.count == dataset.showers.count, "labels")
        _ = try EvaluationReference(dataset)
      },
      {
        let selection = try ShowerSelection(reading: path)
        let reference = try EvaluationReference(ShowerTotals(selection))
        let evaluation = try reference.evaluate(ShowerTotals(selection))
        try require(evaluation.chi2 == 0, "a file differs from itself")
        _ = try ComparisonHistograms(
          reference: selection, generated: selection.first(7), geometry: selection.kind.geometry)
      },
      {
        let rest = try ShowerSelection(of: source, heldOutFrom: path)
        try require((1..<24).contains(rest.count), "\(rest.count) events are held out")
      },
      {
        let output = path + ".prepared"
        let found = try DatasetPreparation(source: path, energies: [65536, 4096], eventsPerEnergy: 1, skip: 1).write(
          to: output)
        try require(
          try PreparedDataset(reading: output).description == found, "what was prepared is read as another one")
      },
    ]
    var refused: [any Error] = []
    for refusal in refusals {
      do { try refusal() } catch let finding as Finding { throw finding } catch { refused.append(error) }
    }
    for error in refused { if let flaw = Finding.flaw(of: error) { throw Finding(flaw) } }
    if let first = refused.first, refused.count == refusals.count { throw first }
  }
}

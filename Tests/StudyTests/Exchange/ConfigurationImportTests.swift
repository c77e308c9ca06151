import Experiment
import Foundation
import Study
import Sweeps
import TestSupport
import Testing

@Suite struct ConfigurationImportTests {
  /// The slides' tables by the labels of sweeps/tableN.yaml, and the configuration of each row.
  static let tables: [(table: String, rows: [String: String])] = [
    (
      "table1",
      [
        "Classical": "hpo27NotQuantum100Nvoxels", "1": "hpo27Quantum100Nvoxels", "2": "hpo27Quantum2CNOT100Nvoxels",
        "3": "hpo27QuantumRz100Nvoxels", "4": "hpo27QuantumRz2CNOT100Nvoxels",
      ]
    ),
    (
      "table2",
      [
        "Classical": "hpo27NotQuantum50200Nvoxels", "1": "hpo27QuantumRz50200Nvoxels",
        "2": "hpo27QuantumRz2CNOT50200Nvoxels", "3": "hpo27QuantumRz3CNOT50200Nvoxels",
        "4": "hpo27QuantumRz4CNOT50200Nvoxels", "reference": "hpo27NotQuantum50100200Nvoxels",
      ]
    ),
    (
      "table3",
      [
        "2x": "hpo27Quantum2xRz50200Nvoxels", "3x": "hpo27Quantum3xRz50200Nvoxels",
        "Classical": "hpo27NotQuantum50200Nvoxels", "reference": "hpo27NotQuantum50100200Nvoxels",
      ]
    ),
  ]

  private static func path(_ name: String) -> String {
    Repository.path("Tests/StudyTests/Configurations/config_\(name).json")
  }

  private func plan(_ made: ConfigurationImport) throws -> SweepPlan {
    let folder = try TemporaryFolder()
    return try SweepFile.plan(folder.write(made.text, to: "imported.yaml"))
  }

  @Test(arguments: tables.map(\.table))
  func `the files of the slides' tables give the variants of the sweep files`(_ table: String) throws {
    let rows = try #require(Self.tables.first { $0.table == table }).rows
    let made = try ConfigurationImport(rows.values.sorted().map(Self.path), name: table)
    let imported = try plan(made)
    let known = try SweepFile.plan(Repository.path("sweeps/\(table).yaml"))
    #expect(imported.variants.count == known.variants.count)
    for row in known.variants {
      let name = try #require(rows[row.label])
      let variant = try #require(imported.variants.first { $0.label == name })
      #expect(variant.trained.id == row.trained.id, "\(name): \(variant.name), not \(row.name)")
      #expect(variant.dataset.energies == row.dataset.energies && variant.skip == nil)
    }
    let repeated = made.remarks.filter { $0.contains("no key says how often the circuit is repeated") }
    #expect(repeated.count == (table == "table3" ? 2 : 0))
    #expect(!made.remarks.contains { $0.contains("not supported") || $0.contains("is left out; their program") })
  }

  @Test(arguments: [(#""G_size": 1e30"#, "G_size: 1e+30"), (#""D_size": -1e19"#, "D_size: -1e+19")])
  func `widths beyond all numbers are refused`(pair: String, clause: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("{\(pair)}", to: "config_a.json")
    let made = try ConfigurationImport([path], name: "a")
    #expect(made.text.contains("\(clause) is not what it takes"), "\(made.text)")
  }

  @Test func `what a file leaves out is their program's, and said`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(#"{"lam": 20, "latent_dim": 10, "generatorLayers": [50, 200, 0]}"#, to: "config_a.json")
    let made = try ConfigurationImport([path], name: "a")
    let variant = try #require(
      SweepFile.plan(folder.write(made.text.replacing("events: 1000", with: "events: 6000"), to: "a.yaml")).variants
        .first)
    #expect(variant.settings.batchSize == 1024 && variant.variant.generator.conditioned)
    for sentence in [
      "batchsize is left out; their program then takes 1024 for pions, and so does the sweep",
      "conditional_dim is left out; their program then takes 1 for pions, and so does the sweep",
      "model is left out; taken as BNReLU, the study's (their program's default is noBN)",
    ] { #expect(made.remarks.contains("\(path): \(sentence)"), "\(sentence)") }
  }

  @Test func `a QINN becomes the stage that their run has, frozen`() throws {
    let made = try ConfigurationImport([Self.path("qinnexample")], name: "q")
    let text = made.text.replacing("training.batch_size: 1024", with: "training.batch_size: 10")
    let folder = try TemporaryFolder()
    let variant = try #require(SweepFile.plan(folder.write(text, to: "q.yaml")).variants.first)
    #expect(variant.variant.generator.qinn == QINNSettings(training: .frozenStraightThrough))
    #expect(variant.variant.generator.hidden == [100, 64] && variant.settings.batchSize == 10)
    func says(_ part: String) -> Bool { made.remarks.contains { $0.contains(part) } }
    #expect(says("extra: not supported") && says("n_blocks is left out; their program then takes 2"))
    #expect(says("qinn_module_kwargs.hidden_features: has no effect") && says("qinn_module_path: has no meaning here"))
    #expect(says("frozen, as their bridge leaves the module's weights untrained"))
  }

  @Test func `a run's name says mask, preprocessing and energies`() throws {
    let file = Self.path("hpo27NotQuantum50200Nvoxels")
    let made = try ConfigurationImport([file], run: "noBN_hpo27-Mn1-Plog10.1-Sge12le14.2", name: "r")
    let variant = try #require(plan(made).variants.first)
    #expect(variant.label == "noBN_hpo27-Mn1-Plog10.1-Sge12le14.2" && !variant.settings.affine)
    #expect(variant.dataset.energies == [4096, 8192, 16384])
    #expect(made.remarks.contains { $0.contains("-Mn1: their mask sets voxels below E/256 · 1 keV") })
    #expect(made.remarks.contains { $0.contains("-Plog10.1: their preprocessing 'log10.1' is not supported") })
    // Beside their checkpoints, the folder has the name.
    let folder = try TemporaryFolder()
    let inside = "BNReLU_hpo27-M1-Sle9/pions_eta_20_25/train/config.json"
    try FileManager.default.createDirectory(
      atPath: folder("BNReLU_hpo27-M1-Sle9/pions_eta_20_25/train"), withIntermediateDirectories: true)
    let keys = try String(contentsOfFile: file, encoding: .utf8)
    let path = try folder.write("{\"job_config\": {}, \"hp_config\": \(keys)}", to: inside)
    #expect(try plan(ConfigurationImport([path], name: "r")).variants.first?.dataset.energies == [256, 512])
  }

  @Test func `what cannot be read or trained here is refused or skipped, in a sentence`() throws {
    let folder = try TemporaryFolder()
    func made(_ json: String, run: String? = nil) throws -> ConfigurationImport {
      try ConfigurationImport([folder.write(json, to: "config_a.json")], run: run, name: "a")
    }
    let swish = try made(#"{"model": "BNswish", "batchsize": 10, "G_beta1": 0.5, "D_beta1": 0.9, "lam": "x"}"#)
    #expect(
      swish.text.contains("skip: 'model: BNswish is not supported; BNReLU, BNReLUQuantum, BNReLUqINN and noBN are'"))
    #expect(swish.remarks.contains { $0.hasSuffix("lam: \"x\" is not what it takes") })
    #expect(throws: InputError.self) { try made("[1]") }
    #expect(throws: InputError.self) { try made(#"{"lam": 1, "lam": 2}"#) }
    #expect(throws: InputError.self) { try made("{") }
    #expect(throws: InputError.self) { try made("{}", run: "nonsense") }
    let file = Self.path("qinnexample")
    #expect(throws: InputError.self) { try ConfigurationImport([file, file], name: "a") }
    #expect(ConfigurationImport.isMeant(by: file) && !ConfigurationImport.isMeant(by: "a.tar"))
  }
}

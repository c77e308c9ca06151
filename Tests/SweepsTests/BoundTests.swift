import Ansatz
import Experiment
import Foundation
import Sweeps
import TestSupport
import Testing

/// Every key has a bound; a value beyond it is named with its key and the bound, and none traps.
@Suite struct BoundTests {
  /// A value just within a key's bound, one just beyond it, and what is said of that.
  struct Case: CustomStringConvertible, Sendable {
    var key: String
    var within: String
    var beyond: String
    var clause: String
    init(_ key: String, _ within: String, _ beyond: String, _ clause: String) {
      (self.key, self.within, self.beyond, self.clause) = (key, within, beyond, clause)
    }
    var description: String { "\(key): \(beyond)" }
  }

  private static let layers = (0..<33).map { "\(8 + $0)" }
  private static func list(_ values: some Sequence<String>) -> String { "[\(values.joined(separator: ", "))]" }

  static let cases = [
    Case("latent", "1024", "1025", "1025 is not in 1 … 1024"),
    Case("latent", "1", "0", "0 is not in 1 … 1024"),
    Case("hidden", "[16384]", "[16385]", "16385 is not the size of a layer; sizes are 1 … 16384"),
    Case("hidden", list(layers.dropLast()), list(layers), "33 values are more than 32"),
    Case(
      "discriminator.hidden", "[16384]", "[99999999999999999999]",
      "99999999999999999999 is not the size of a layer; sizes are 1 … 16384"),
    Case("circuit.cnot", "[9]", "[24]", "24 is not a distance; distances are 1 … 23"),
    Case("circuit.repetitions", "64", "65", "65 is not in 1 … 64"),
    Case("circuit.qubits", "10", "25", "25 is not in 1 … 24"),
    Case("training.latent_mean", "-1e6", "-1000001", "-1000001 is not in -1000000 … 1000000"),
    Case("training.latent_mean", "1e-30", "1e-46", "1e-46 is not 0 or at least 1e-30"),
    Case("training.latent_std", "1e6", "1000001", "1000001 is not in 0 … 1000000"),
    Case("training.latent_std", "0.0", "1e-46", "1e-46 is not 0 or at least 1e-30"),
    Case("training.latent_std", "0e-999", "1e-999", "1e-999 is not 0 or at least 1e-30"),
    Case("training.penalty_weight", "1e9", "1.1e9", "1.1e9 is not in 0 … 1000000000"),
    Case("training.discriminator_steps", "100", "1001", "1001 is not in 1 … 1000"),
    Case("training.batch_size", "200", "4097", "4097 is not in 1 … 4096"),
    Case("training.learning_rate", "1e-30", "1e-46", "1e-46 is not in 1e-30 … 1e+30"),
    Case("training.generator_learning_rate", "1e30", "1e31", "1e31 is not in 1e-30 … 1e+30"),
    Case("training.discriminator_learning_rate", "1000", "1e400", "1e400 is not in 1e-30 … 1e+30"),
    Case("training.beta1", "0.999999", "0.9999991", "0.9999991 is not in 0 … 0.999999"),
    Case("training.beta2", "0", "-0.1", "-0.1 is not in 0 … 0.999999"),
    Case("training.epsilon", "1e-30", "1e-31", "1e-31 is not in 1e-30 … 1000"),
    Case("training.checkpoint_interval", "10000000", "10000001", "10000001 is not in 1 … 10000000"),
    Case("training.circuit_input_scale", "1e6", "1e7", "1e7 is not in 1e-06 … 1000000"),
    Case("dataset.energies", "[1e9, 0.001]", "[1e19]", "1e19 is not in 0.001 … 1000000000 MeV"),
    Case("dataset.energies", "[1]", "[1e300]", "1e300 is not in 0.001 … 1000000000 MeV"),
    Case("dataset.energies", "[1]", "[1e-400]", "1e-400 is not in 0.001 … 1000000000 MeV"),
    Case(
      "dataset.energies", list((1...1000).map { "\($0)" }), list((1...1001).map { "\($0)" }),
      "1001 values are more than 1000"),
    Case("dataset.events", "100000000", "100000001", "100000001 is not in 1 … 100000000"),
    Case("budget.checkpoints", "100000000", "99999999999999999", "99999999999999999 is not in 1 … 100000000"),
    Case("budget.training_time", "87600h", "87601h", "87601h is not in 0.001s … 87600h"),
    Case("budget.training_time", "0.001s", "99999999999999999999h", "99999999999999999999h is not in 0.001s … 87600h"),
    Case("budget.training_time", "1s", "0h", "0h is not in 0.001s … 87600h"),
    Case("keep.full", "1000000", "1000001", "1000001 is not in 2 … 1000000"),
    Case("keep.generator_every", "0", "100000001", "100000001 is not in 0 … 100000000"),
    Case("evaluate.every", "0", "100000001", "100000001 is not in 0 … 100000000"),
    Case("evaluate.held_out", "1", "0", "0 is not in 1 … 10000000"),
    Case(
      "evaluate.metrics", "[auc, fpd]", "[speed]",
      "speed is not one of chi2, fpd, kpd, separation, layers, neighbours, auc"),
    Case("evaluate.metrics", "[chi2]", "[]", "the list is empty; name a metric, or leave the key out"),
    Case(
      "label", String(repeating: "a", count: 4000), String(repeating: "a", count: 4001),
      "aaaaaaaaaaaaaaaaaaaa… has 4001 characters; 4000 are the most"),
  ]

  @Test(arguments: cases) func `a value beyond the bound is named with key and bound`(_ c: Case) throws {
    func text(_ value: String) -> String { frame + "variants: [{\(c.key): \(value)}]" }
    #expect(try problems(text(c.within)) == [])
    #expect(try problems(text(c.beyond)) == ["4: \(c.key): \(c.clause)"])
  }

  @Test func `a read-out and its factor are bounded where there is a circuit`() throws {
    func text(_ setting: String) -> String {
      frame + "variants: [{discriminator: {hidden: [10], circuit: {}, \(setting)}}]"
    }
    #expect(try problems(text("readout: [9]")) == [])
    #expect(try problems(text("readout: [24]")) == ["4: discriminator.readout: 24 is not in 0 … 23"])
    #expect(try problems(text("output_scale: -1e6")) == [])
    #expect(
      try problems(text("output_scale: 1000001"))
        == ["4: discriminator.output_scale: 1000001 is not in -1000000 … 1000000"])
    #expect(try problems(text("output_scale: 0")) == ["4: discriminator.output_scale: 0 is not a factor"])
  }

  @Test(
    arguments: [
      ("[9223372036854775807]", []),
      ("[9223372036854775808]", ["4: seeds: 9223372036854775808 is not in 0 … 9223372036854775807"]),
      ("[18446744073709551615]", ["4: seeds: 18446744073709551615 is not in 0 … 9223372036854775807"]),
      ("[1, 99999999999999999999]", ["4: seeds: 99999999999999999999 is not in 0 … 9223372036854775807"]),
      ("10000", []), ("10001", ["4: seeds: 10001 is neither a count in 1 … 10000 nor a list of seeds"]),
      ("[0x10]", ["4: seeds: a seed is a whole number, 0 or more"]),
      ("[\((1...10_001).map { "\($0)" }.joined(separator: ","))]", ["4: seeds: 10001 seeds are more than 10000"]),
    ] as [(String, [String])])
  func `seeds are such as SQLite can hold`(seeds: String, expected: [String]) throws {
    #expect(try problems(frame + "seeds: \(seeds)\nvariants: [{}]") == expected)
  }

  @Test(arguments: ["0x10", "0x1p3", "1_000", "0b1", "0o17", "1e", "e5", ".", "+", "1.5.2", "infinity", "nan"])
  func `a number is decimal`(text: String) throws {
    #expect(
      try problems(frame + "variants: [{training.latent_std: \(text)}]")
        == ["4: training.latent_std: \(text) is not a number"])
  }

  @Test(arguments: [("0x10", "latent"), ("1e3", "latent"), ("10.", "latent")])
  func `a whole number has digits only`(text: String, key: String) throws {
    #expect(
      try problems(frame + "variants: [{\(key): \(text)}]") == ["4: \(key): \(text) is not a whole number"])
  }

  @Test(arguments: ["5.", ".5", "+1.5e+3", "-0.0", "007"])
  func `decimals are written in many ways`(text: String) throws {
    #expect(try problems(frame + "variants: [{training.latent_mean: \(text)}]") == [])
  }

  @Test func `a thousand rules are the most of a list`() throws {
    func text(_ count: Int) -> String {
      frame + "variants: [{}]\nskip:\n"
        + (1...count).map { "  - {where: {dataset.events: \($0 + 1000)}, reason: r}\n" }.joined()
    }
    #expect(try problems(text(1000)) == [])
    #expect(try problems(text(1001)) == ["5: skip: 1001 rules are more than 1000"])
  }

  @Test func `every key of a variant says its bound, or takes words only`() {
    for key in SweepKey.all where key.bound.isEmpty {
      #expect(
        [
          "true or false", "standard, closed_form or cosine", "interleaved or blocked", "interpolated or real",
          "x or y",
        ]
        .contains(key.takes)
          || [
            "kind", "circuit.gradient", "training.angles", "training.kernels", "dataset.particle", "qinn.direction",
            "qinn.training", "qinn.blocks_of",
          ].contains(key.name),
        "\(key.name)")
    }
    #expect(SweepKey.all.first { $0.name == "latent" }?.bound == "1 … 1024")
    #expect(SweepKey.all.first { $0.name == "budget.training_time" }?.bound == "0.001s … 87600h")
    #expect(SweepKey.all.first { $0.name == "dataset.energies" }?.bound == "0.001 … 1000000000, at most 1000")
  }

  // MARK: YAML 1.2's core schema

  @Test(arguments: [
    ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
  ])
  func `flags are those of the core schema`(word: String, value: Bool) throws {
    let plan = try plan(frame + "variants: [{circuit: {rz: \(word)}}]")
    #expect(plan.variants[0].variant.generator.circuit?.rz == value)
  }

  @Test(arguments: ["yes", "tRUE", "on", "1", "'true'"])
  func `nothing else is a flag`(word: String) throws {
    #expect(
      try problems(frame + "variants: [{circuit: {rz: \(word)}}]")
        == ["4: circuit.rz: \(word) is neither true nor false"])
  }

  @Test(arguments: ["none", "null", "Null", "NULL", "~", ""])
  func `a circuit is taken away by what is nothing`(word: String) throws {
    let plan = try plan(frame + "circuit: {}\nvariants: [{circuit: \(word)}]")
    #expect(plan.variants[0].variant.generator.circuit == nil)
  }

  @Test func `a byte-order mark is passed over`() throws {
    #expect(try problems("\u{FEFF}" + frame + "variants: [{}]") == [])
  }

  // MARK: extends

  private func problem(_ files: [String: String], links: [String: String] = [:], of name: String) throws -> String {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(atPath: folder(name), withDestinationPath: target)
    }
    do {
      _ = try SweepFile.plan(folder(name))
      return ""
    } catch {
      return error.problems.joined(separator: "\n").replacing(folder.path + "/", with: "")
    }
  }

  @Test func `a file that extends itself is told so, however it is named`() throws {
    let variants = "\nvariants: [{}]"
    for target in ["a.yaml", "./a.yaml", ".//./a.yaml", "b/../a.yaml"] {
      #expect(
        try problem(["a.yaml": "extends: \(target)" + variants, "b/c.yaml": ""], of: "a.yaml")
          == "a.yaml:1: extends: \(target) extends this file in turn")
    }
    #expect(
      try problem(["a.yaml": "extends: link.yaml" + variants], links: ["link.yaml": "a.yaml"], of: "a.yaml")
        == "a.yaml:1: extends: link.yaml extends this file in turn")
    #expect(
      try problem(["x/a.yaml": "extends: ../y/a.yaml" + variants], links: ["y": "x"], of: "x/a.yaml")
        == "x/a.yaml:1: extends: ../y/a.yaml extends this file in turn")
  }

  @Test func `two files that extend each other are told so where the circle closes`() throws {
    #expect(
      try problem(["a.yaml": "extends: b.yaml", "b.yaml": "name: b\nextends: ./a.yaml"], of: "a.yaml")
        == "b.yaml:2: extends: ./a.yaml extends this file in turn")
    #expect(
      try problem(
        ["a.yaml": "extends: sub/b.yaml", "sub/b.yaml": "extends: ../c.yaml", "c.yaml": "extends: l.yaml"],
        links: ["l.yaml": "sub/../a.yaml"], of: "a.yaml")
        == "sub/../c.yaml:1: extends: l.yaml extends this file in turn")
  }

  @Test func `two ways to one file are no circle`() throws {
    #expect(
      try problem(
        ["a.yaml": "extends: link.yaml\nvariants: [{}]", "base.yaml": frame], links: ["link.yaml": "base.yaml"],
        of: "a.yaml") == "")
  }
}

import Experiment
import Foundation
import Sweeps
import TestSupport
import Testing

@Suite struct SweepFileTests {
  @Test func `all problems of a file are said at once`() throws {
    #expect(
      try problems(frame + "seeds: x\nvariants:\n  - hiden: [5]\n  - {latent: a}\n") == [
        "6: unknown key 'hiden'; did you mean hidden?", "7: latent: a is not a whole number",
        "4: seeds: x is neither a count in 1 … 10000 nor a list of seeds",
      ])
  }

  @Test func `a long list of problems is cut`() throws {
    let rows = (1...30).map { "  - {x\($0): 1}" }.joined(separator: "\n")
    let found = try problems(frame + "variants:\n" + rows)
    #expect(found.count == 21 && found.last == "… and 10 more")
  }

  @Test func `what every sweep needs is asked for`() throws {
    #expect(
      try problems("variants: [{}]")
        == ["1: dataset.source is not given; say where the Geant4 events are"])
    #expect(
      try problems("dataset: {source: a, energies: [65536]}\nvariants: [{}]")
        == ["2: dataset.events is not given; say how many events of each energy"])
    #expect(
      try problems("dataset: {source: a, energies: [65536], events: 100}\nvariants: [{}]") == [
        "2: budget is not given; say checkpoints, training_time or both, such as {training_time: 24h}"
      ])
    #expect(try problems("") == ["1: a sweep file is a group of keys, such as name, dataset and variants"])
    #expect(try problems("- a") == ["1: a sweep file is a group of keys, such as name, dataset and variants"])
  }

  @Test func `an exploding grid is counted, not expanded`() throws {
    let axis = "[" + (1...64).map(String.init).joined(separator: ", ") + "]"
    let grid = """
      grid:
        circuit.repetitions: \(axis)
        training.batch_size: \(axis)
        training.discriminator_steps: \(axis)
      """
    #expect(
      try problems(frame + grid) == [
        "5: grid: 64 · 64 · 64 is 262144, and the sweep has more variants than the limit of 100000; "
          + "narrow it, or raise the limit with --limit"
      ])
    #expect(
      try problems(frame + "variants: [{}, {hidden: [5]}]", limit: 1) == [
        "4: the sweep has more variants than the limit of 1; narrow it, or raise the limit with --limit"
      ])
  }

  @Test func `a sweep is meant by its name or by its file`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(frame + "name: other\nvariants: [{}]\n", to: "x.yml")
    #expect(try SweepFile.sweep(meantBy: file) == "other" && SweepFile.isMeant(by: file))
    #expect(try SweepFile.sweep(meantBy: "table2") == "table2" && !SweepFile.isMeant(by: "table2"))
    #expect(throws: SweepError.self) { try SweepFile.sweep(meantBy: folder("gone.yaml")) }
  }

  @Test func `a file that cannot be read is named`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: SweepError(problems: ["\(folder("x.yaml")): it cannot be read: No such file or directory"])) {
      try SweepFile.plan(folder("x.yaml"))
    }
    try Data([0xff, 0xfe, 0xff]).write(to: folder.url.appendingPathComponent("y.yaml"))
    #expect(throws: SweepError(problems: ["\(folder("y.yaml")): is not text in UTF-8"])) {
      try SweepFile.plan(folder("y.yaml"))
    }
  }

  @Test func `a file can extend another one and have keys in place of its keys`() throws {
    let folder = try TemporaryFolder()
    try folder.write(frame + "training.batch_size: 20\nvariants: [{label: a}]", to: "base/base.yaml")
    let path = try folder.write(
      "extends: base/base.yaml\nseeds: [4]\nbudget.checkpoints: 3\ntraining: {beta1: 0.9}", to: "short.yaml")
    let plan = try SweepFile.plan(path)
    #expect(plan.name == "short" && plan.seeds == [4])
    #expect(plan.variants.map(\.label) == ["a"])
    #expect(plan.variants[0].budget == Budget(checkpoints: 3))
    #expect(plan.variants[0].settings.batchSize == 20 && plan.variants[0].settings.beta1 == 0.9)
    #expect(plan.variants[0].dataset.source == folder("base/events.hdf5"))
  }

  @Test func `what is wrong with an extended file is said of that file`() throws {
    let folder = try TemporaryFolder()
    let base = try folder.write(frame + "variants: [{hiden: [3]}]", to: "base.yaml")
    let path = try folder.write("extends: base.yaml", to: "x.yaml")
    #expect(throws: SweepError(problems: ["\(base):4: unknown key 'hiden'; did you mean hidden?"])) {
      try SweepFile.plan(path)
    }
    let lost = try folder.write("\nextends: none.yaml", to: "lost.yaml")
    #expect(throws: SweepError(problems: ["\(lost):2: extends: there is no file \(folder("none.yaml"))"])) {
      try SweepFile.plan(lost)
    }
    let one = try folder.write("extends: two.yaml", to: "one.yaml")
    let two = try folder.write("extends: one.yaml", to: "two.yaml")
    #expect(throws: SweepError(problems: ["\(two):1: extends: one.yaml extends this file in turn"])) {
      try SweepFile.plan(one)
    }
  }
}

@Suite struct SweepKeyTests {
  @Test func `every key has a meaning and what it takes, and stands in the table once at each level`() {
    for level in SweepKey.Level.allCases {
      let names = SweepKey.all.filter { $0.levels.contains(level) }.map(\.name)
      #expect(Set(names).count == names.count)
    }
    #expect(SweepKey.all.allSatisfy { !$0.meaning.isEmpty && !$0.takes.isEmpty && !$0.levels.isEmpty })
  }

  static let standards = SweepKey.all.filter { key in
    key.levels.contains(.variant) && !["", "the section's", "the variant's name"].contains(key.standard)
      && !key.name.hasSuffix("qubits")
  }

  @Test("what a key's default is said to be is what it is", arguments: standards.map(\.name))
  func standard(_ name: String) throws {
    let key = try #require(Self.standards.first { $0.name == name })
    // A circuit's keys make a circuit, so there has to be one; so with a stage.
    let rest =
      name.hasPrefix("qinn.")
      ? "qinn: {}"
      : name.hasPrefix("discriminator.circuit")
        ? "discriminator: {hidden: [10], circuit: {}}"
        : name.hasPrefix("discriminator.") && name != "discriminator.hidden"
          ? "discriminator: {hidden: [10], circuit: {}}" : "circuit: {}"
    let base = "dataset: {source: /a, energies: [65536], events: 1000}\nbudget: {checkpoints: 1}\n\(rest)\n"
    let unsaid = try plan(base + "variants: [{label: a}]")
    let said = try plan(base + "variants: [{label: a, \(name): \(key.standard)}]")
    #expect(said == unsaid)
  }
}

@Suite struct SuggestionTests {
  @Test func `a misspelt axis is told from a foreign word`() throws {
    #expect(try problems(frame + "variants: [{circiut: {}}]") == ["4: unknown key 'circiut'; did you mean circuit?"])
    #expect(
      try problems(frame + "variants: [{weather: 3}]")
        == ["4: unknown key 'weather'; `qcalo plan --keys` lists the keys"])
  }
}

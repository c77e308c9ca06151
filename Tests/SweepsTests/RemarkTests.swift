import Experiment
import Sweeps
import TestSupport
import Testing

/// What is no error and yet hardly meant.
@Suite struct RemarkTests {
  private func remarks(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    let path = try folder.write(frame + text, to: "x.yaml")
    return try SweepFile.expand(path).remarks.map { $0.replacing("\(path):", with: "") }
  }

  @Test func `a rule that leaves nothing out is named with its line`() throws {
    let found = try remarks(
      """
      skip:
        - {where: {circuit.repetitions: 9}, reason: too deep}
        - {where: {circuit.repetitions: 2}, reason: too deep}
      grid: {circuit.repetitions: [1, 2]}
      """)
    #expect(found == ["5: skip: this rule leaves no variant out"])
  }

  @Test(arguments: [
    ("training.angles: zero\nvariants: [{label: a}, {label: b, hidden: [5]}]", ["4: training.angles"]),
    ("training.angles: zero\nvariants: [{label: a}, {label: b, circuit: {}}]", []),
    ("training.angles: zero\nvariants: [{label: a}, {label: c, features: cosine}]", []),
    (
      "variants: [{discriminator: {hidden: [8, 10], circuit: {}, final_dense: true, output_scale: 3}}]",
      ["4: discriminator.output_scale"]
    ),
    ("variants: [{discriminator: {hidden: [8, 10], circuit: {}, output_scale: 3}}]", []),
    ("latent: 7\nvariants: [{latent: 5}, {latent: 6}]", ["4: latent"]),
    ("latent: 7\nvariants: [{latent: 5}, {label: b}]", []),
    ("training.beta1: 0.7\ngrid: {training.beta1: [0.5, 0.6]}", ["4: training.beta1"]),
    ("tables:\n  a: {training.beta1: 0.7, variants: [{training.beta1: 0.6}]}", ["5: training.beta1"]),
    ("variants: [{label: fit, kind: parametric, hidden: [5]}, {}]", ["4: hidden"]),
    // A default said again, and a circuit made twice over, are no mistakes.
    ("latent: 10\nvariants: [{circuit.cnot: [1], circuit.repetitions: 2}]", []),
  ])
  func `a key that changes no variant is named with its line`(text: String, keys: [String]) throws {
    #expect(try remarks(text) == keys.map { $0 + " has no effect: no variant here has it in the end" })
  }

  @Test func `what is compared with a row that is trained nowhere is named with its line`() throws {
    let found = try remarks(
      """
      tables:
        a:
          baseline: Classical
          variants:
            - {label: Classical, skip: later}
            - {label: 2x, circuit: {}}
            - {label: 3x, circuit: {repetitions: 3}, reference: c/other}
            - {label: 4x, circuit: {repetitions: 4}, skip: later}
        b: {variants: [{label: other, hidden: [7], skip: later}, {label: 5x, circuit: {repetitions: 5}, baseline: other}]}
        c: {variants: [{label: other, hidden: [7]}]}
      """)
    #expect(found == ["6: baseline: 'Classical' is skipped, so ⟨χ²⟩c stays empty; train it, or name another row"])
  }

  @Test func `a file says nothing of the keys of the one that it extends`() throws {
    let folder = try TemporaryFolder()
    try folder.write(frame + "latent: 7\nvariants: [{label: a}]\n", to: "base.yaml")
    let path = try folder.write("extends: base.yaml\nvariants: [{label: b, latent: 8}]\n", to: "x.yaml")
    #expect(try SweepFile.expand(path).remarks == [])
  }

  @Test func `what all networks depart in is in no label`() throws {
    let rows = try plan(
      frame + "training.batch_size: 20\nvariants: [{}, {hidden: [5]}, {hidden: [5], training.beta1: 0.7}]\n")
    #expect(
      rows.variants.map(\.label) == [
        "classical-50-200-batch_size=20", "classical-5-batch_size=20", "classical-5-batch_size=20-beta1=0.7",
      ])
    let same = try plan(frame + "training.batch_size: 20\nvariants: [{}, {hidden: [5]}]\n")
    #expect(same.variants.map(\.label) == ["classical-50-200", "classical-5"])
  }

  @Test func `a grid's points whose values read alike have their whole names`() throws {
    let rows = try plan(
      frame + """
        variants:
          - {grid: {circuit.cnot: [[1], [1, 2]]}}
          - {hidden: [5], grid: {circuit.cnot: [[1], [1, 2]]}}
        """)
    #expect(
      rows.variants.map(\.label) == ["+1", "+1 +2", "ry-rz-cnot1-x1-5", "ry-rz-cnot12-x1-5"])
  }
}

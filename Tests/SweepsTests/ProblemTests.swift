import Sweeps
import TestSupport
import Testing

/// What is wrong with a sweep file is said in a sentence, with its line and, where one is near, what was meant.
@Suite struct ProblemTests {
  /// What follows `frame`, which has three lines, and the problems, `line: sentence` each.
  struct Case: CustomStringConvertible {
    var text: String
    var problem: String
    init(_ text: String, _ problem: String) { (self.text, self.problem) = (text, problem) }
    var description: String { problem }
  }

  static let unknownKeys = [
    Case(
      "varients: []",
      "4: unknown key 'varients'; did you mean variants?"),
    Case(
      "variants: [{hiden: [5]}]",
      "4: unknown key 'hiden'; did you mean hidden?"),
    Case(
      "variants: [{circuit: {repetition: 2}}]",
      "4: unknown key 'circuit.repetition'; did you mean circuit.repetitions?"),
    Case(
      "batch_size: 20\nvariants: [{}]",
      "4: unknown key 'batch_size'; did you mean training.batch_size?"),
    Case(
      "training: {batchsize: 20}\nvariants: [{}]",
      "4: unknown key 'training.batchsize'; did you mean training.batch_size?"),
    Case(
      "trainig: {batch_size: 20}\nvariants: [{}]",
      "4: unknown key 'trainig'; did you mean training?"),
    Case(
      "colour: red\nvariants: [{}]",
      "4: unknown key 'colour'; `qcalo plan --keys` lists the keys"),
    Case(
      "label: a\nvariants: [{}]",
      "4: 'label' does not belong here; it stands in a variant"),
    Case(
      "variants: [{seeds: 3}]",
      "4: 'seeds' does not belong here; it stands at the top of the file"),
    Case(
      "grid: {circuit.cnots: [[1]]}",
      "4: grid: unknown key 'circuit.cnots'; did you mean circuit.cnot?"),
    Case(
      "grid: {label: [a]}",
      "4: grid: 'label' does not belong here; it stands in a variant"),
    Case(
      "skip: [{where: {circuit.rx: true}, reason: a}]\nvariants: [{}]",
      "4: skip: unknown key 'circuit.rx'; did you mean circuit.rz?"),
    Case(
      "tables: {a: {nmae: x, variants: [{}]}}",
      "4: unknown key 'nmae'; `qcalo plan --keys` lists the keys"),
    Case(
      "[a]: 3\nvariants: [{}]",
      "4: a list is not a key"),
    Case(
      "<<: {hidden: [3]}\nvariants: [{}]",
      "4: merge keys (<<) are not read; keys that variants share go to the top or the table"),
  ]
  static let wrongTypes = [
    Case(
      "variants: [{hidden: 50}]",
      "4: hidden: 50 is not a list of sizes; write [50]"),
    Case(
      "variants: [{hidden: [50, x]}]",
      "4: hidden: x is not a whole number"),
    Case(
      "variants: [{hidden: ['50']}]",
      "4: hidden: '50' is text, not a whole number; leave out the quotes"),
    Case(
      "variants: [{latent: 10.0}]",
      "4: latent: 10.0 is not a whole number"),
    Case(
      "variants: [{latent: 99999999999999999999}]",
      "4: latent: 99999999999999999999 is not in 1 … 1024"),
    Case(
      "variants: [{circuit: {rz: yes}}]",
      "4: circuit.rz: yes is neither true nor false"),
    Case(
      "variants: [{circuit: {order: interleavd}}]",
      "4: circuit.order: interleavd is not one of interleaved, blocked; did you mean interleaved?"),
    Case(
      "variants: [{circuit: {order: spiral}}]",
      "4: circuit.order: spiral is not one of interleaved, blocked"),
    Case(
      "variants: [{circuit: {rz: \"a\\nb\\e[2J\"}}]",
      "4: circuit.rz: 'a b\\u{1b}[2J' is neither true nor false"),
    Case(
      "variants: [{circuit: 3}]",
      "4: circuit: 3 is not a group of keys"),
    Case(
      "variants: [{hidden: }]",
      "4: hidden has no value; it takes a list of sizes"),
    Case(
      "variants: [{training: {beta1: .nan}}]",
      "4: training.beta1: .nan is not a number"),
    Case(
      "variants: [{training: {beta1: nan}}]",
      "4: training.beta1: nan is not a number"),
    Case(
      "variants: [{training: {penalty_weight: inf}}]",
      "4: training.penalty_weight: inf is not a number"),
    Case(
      "budget.training_time: 24\nvariants: [{}]",
      "4: budget.training_time: 24 is not a length of time; write 24h, 90m, 1h30m or 600s"),
    Case(
      "budget.training_time: 24 hours\nvariants: [{}]",
      "4: budget.training_time: 24 hours is not a length of time; write 24h, 90m, 1h30m or 600s"),
    Case(
      "variants: [{dataset.energies: [65536, nan]}]",
      "4: dataset.energies: nan is not an energy; energies are positive, in MeV"),
    Case(
      "variants: [{dataset.energies: [1024, 1024]}]",
      "4: dataset.energies: 1024 stands twice"),
    Case(
      "variants: [{circuit.cnot: [1, 1]}]",
      "4: circuit.cnot: 1 stands twice"),
    Case(
      "variants: [{dataset.particle: neutrino}]",
      "4: dataset.particle: neutrino is not one of pion, photon, electron, proton"),
    Case(
      "variants: [{dataset.geometry: dataset_1_pion}]",
      "4: dataset.geometry: dataset_1_pion is not one of dataset_1_photons, dataset_1_pions, dataset_2, dataset_3; did you mean dataset_1_pions?"
    ),
    Case(
      "variants: [{dataset.geometry: /none/b.xml}]",
      "4: dataset.geometry: /none/b.xml: the voxel geometry cannot be read: No such file or directory"),
    Case(
      "variants: [{dataset.energy_bins: [1000, 1000]}]",
      "4: dataset.energy_bins: the edges of bins ascend, each by a hundredth or more"),
    Case(
      "variants: [{dataset.energy_bins: 1000}]",
      "4: dataset.energy_bins: 1000 is not a list of edges (MeV); write [1000]"),
    Case(
      "variants: [{dataset.energy_bins: [1000, 10000]}]",
      "4: dataset.energy_bins is given, and so is energies; a dataset has one of them"),
    Case(
      "variants: {a: 1}",
      "4: variants: a group of keys is not a list of variants"),
    Case(
      "variants: []",
      "4: variants: an empty list is not a list of variants"),
    Case(
      "variants: [2x]",
      "4: variants: 2x is not a variant; a variant is a group of keys, such as {hidden: [50, 200]}"),
    Case(
      "variants: [{label: [a]}]",
      "4: label: a list is not text"),
    Case(
      "variants: [{label: \"a\\nb\"}]",
      "4: label: \"a\\nb\" has a line break or another control character"),
    Case(
      "variants: [{skip: }]",
      "4: skip: nothing is not text"),
    Case(
      "tables: []",
      "4: tables: a list is not a group of sections, one for each table"),
    Case(
      "tables: {a: 3}",
      "4: table 'a': 3 is not a group of keys"),
    Case(
      "skip: because\nvariants: [{}]",
      "4: skip: because is not a list of rules {where: …, reason: …}"),
    Case(
      "skip: [{where: {hidden: [50]}}]\nvariants: [{}]",
      "4: skip: a rule is {where: {key: value …}, reason: text}"),
    Case(
      "skip: [{where: {hidden: [50]}, reason: a, because: b}]\nvariants: [{}]",
      "4: skip: a rule is {where: {key: value …}, reason: text}"),
    Case(
      "skip: [{where: {}, reason: a}]\nvariants: [{}]",
      "4: skip: a rule with nothing under where would skip every variant"),
    Case(
      "seeds: 0\nvariants: [{}]",
      "4: seeds: 0 is neither a count in 1 … 10000 nor a list of seeds"),
    Case(
      "seeds: [1, 1]\nvariants: [{}]",
      "4: seeds: a seed stands twice"),
    Case(
      "seeds: [-1]\nvariants: [{}]",
      "4: seeds: a seed is a whole number, 0 or more"),
    Case(
      "seeds: []\nvariants: [{}]",
      "4: seeds: the list is empty"),
    Case(
      "name: My sweep\nvariants: [{}]",
      "4: name: 'My sweep' is not a sweep's name; names are a-z, 0-9 and -, 64 at most"),
    Case(
      "name: -n\nvariants: [{}]",
      "4: name: '-n' is not a sweep's name; names are a-z, 0-9 and -, 64 at most"),
  ]
  static let impossible = [
    Case(
      "variants: [{circuit: {cnot: [0]}}]",
      "4: circuit.cnot: 0 is not a distance; distances are 1 … 23"),
    Case(
      "variants:\n  - hidden: [5]\n  - circuit:\n      cnot: [1]\n      repetitions: 0",
      "8: circuit.repetitions: 0 is not in 1 … 64"),
    Case(
      "variants: [{circuit: {qubits: 8}}]",
      "4: circuit.qubits: the circuit has 8 but the generator 10 inputs"),
    Case(
      "variants: [{hidden: [0]}]",
      "4: hidden: 0 is not the size of a layer; sizes are 1 … 16384"),
    Case(
      "variants: [{latent: 0}]",
      "4: latent: 0 is not in 1 … 1024"),
    Case(
      "variants: [{latent: 30, circuit: {}}]",
      "4: circuit.qubits: 30 is not in 1 … 24"),
    Case(
      "variants: [{features: closed_form}]",
      "4: features: closed_form needs a circuit"),
    Case(
      "variants: [{train_angles: false}]",
      "4: train_angles: there are no angles"),
    Case(
      "variants: [{discriminator: {hidden: [20], circuit: {qubits: 10}}}]",
      "4: discriminator.hidden: the last layer has 20 values, the circuit 10 qubits"),
    Case(
      "variants: [{discriminator: {readout: [1]}}]",
      "4: discriminator: readout, final_dense and output_scale belong to a discriminator with a circuit"
    ),
    Case(
      "variants: [{discriminator: {hidden: [4], circuit: {}, readout: [4]}}]",
      "4: discriminator.readout: there is no qubit 4; qubits are 0 … 3"),
    Case(
      "variants: [{discriminator.hidden: []}]",
      "4: discriminator.hidden: a discriminator needs a hidden layer"),
    Case(
      "training: {beta1: 1}\nvariants: [{}]",
      "4: training.beta1: 1 is not in 0 … 0.999999"),
    Case(
      "training.learning_rate: 0\nvariants: [{}]",
      "4: training.learning_rate: 0 is not in 1e-30 … 1e+30"),
    Case(
      "training: {batch_size: 300}\nvariants: [{}]",
      "1: dataset.events: 1000 events hold no block of 5 · 300 (discriminator_steps · batch_size)"),
    Case(
      "variants: [{budget.checkpoints: 0}]",
      "4: budget.checkpoints: 0 is not in 1 … 100000000"),
    Case(
      "variants: [{keep: {full: 1}}]",
      "4: keep.full: 1 is not in 2 … 1000000"),
    Case(
      "variants: [{keep.generator_every: -1}]",
      "4: keep.generator_every: -1 is not in 0 … 100000000"),
    Case(
      "variants: [{dataset.events: 0}]",
      "4: dataset.events: 0 is not in 1 … 100000000"),
    Case(
      "variants: [{dataset.energies: []}]",
      "4: dataset.energies is not given; say the incident energies in MeV, such as [65536], or energy_bins where they are continuous"
    ),
    Case(
      "grid: {circuit.cnot: [[1], [10]]}",
      "4: circuit.cnot: 10 is not a distance; distances are 1 … 9"),
  ]
  static let structure = [
    Case(
      "variants: [{label: a}, {label: a, hidden: [5]}]",
      "4: label 'a' stands twice; give each row a label of its own"),
    Case(
      "variants: [{label: a}, {label: b}]",
      "4: 'b' is the same model as 'a' (classical-50-200); leave one out"),
    Case(
      "variants: [{}]\nvariants: [{}]",
      "4: the key 'variants' stands twice in the same group"),
    Case(
      "variants: [{hidden: [5], hidden: [6]}]",
      "4: the key 'hidden' stands twice in the same group"),
    Case(
      "variants: [{circuit: {rz: true}, circuit.rz: false}]",
      "4: circuit.rz stands here twice"),
    Case(
      "seeds: 2",
      "1: the sweep has neither variants nor a grid, so there is nothing to train"),
    Case(
      "grid: {}",
      "4: grid: an empty group is not a group of keys with lists of values"),
    Case(
      "grid: {hidden: []}",
      "4: grid: hidden: the list of values is empty, so the grid is"),
    Case(
      "grid: {hidden: [50, 200]}",
      "4: grid: hidden: each value is a list of sizes; for one value write hidden: [[50, 200]]"),
    Case(
      "grid: {training.batch_size: 10}",
      "4: grid: training.batch_size: 10 is not a list of values, such as [10]"),
    Case(
      "grid: {hidden: [[5], [5]]}",
      "4: grid: two points are the same variant, classical-5; are values repeated, or does one key undo another?"
    ),
    Case(
      "grid:\n  circuit: [none, {}]\n  circuit.rz: [true, false]",
      "5: grid: two points are the same variant, ry-rz-cnot1-x1-50-200; are values repeated, or does one key undo another?\n5: grid: two points are the same variant, ry-cnot1-x1-50-200; are values repeated, or does one key undo another?"
    ),
    Case(
      "baseline: Clasical\nvariants: [{label: Classical}, {label: q, circuit: {}}]",
      "4: baseline: no variant is called 'Clasical'; did you mean 'Classical'?"),
    Case(
      "tables: {a: {variants: [{label: x}]}, b: {variants: [{label: x, hidden: [9]}]}, c: {baseline: x, variants: [{label: y}]}}",
      "4: baseline: 'x' is more than one variant; say 'a/x' or 'b/x'"),
    Case(
      "baseline: same-hidden\nvariants: [{circuit: {}}]",
      "4: baseline: same-hidden finds no classical variant with the hidden layers [50, 200] on the same dataset; add one"
    ),
    Case(
      "variants: [{}]\ntables: {a: {variants: [{}]}}",
      "4: variants: a sweep with tables has its variants in the tables' sections"),
    Case(
      "tables: {a: {hidden: [5]}}",
      "4: table 'a' has neither variants nor a grid, so there is nothing to train"),
    Case(
      "tables:\n  a: {variants: [{label: x}]}\n  b: {budget.checkpoints: 3, variants: [{label: y}]}",
      "6: 'y' is the same run as 'x' of table 'a' but with another budget, keep or evaluate; a run has one"),
    Case(
      "variants: [",
      "5: not YAML: while parsing a flow node, did not find expected node content"),
    Case(
      "variants: [{}]\n\thidden: 3",
      "5: not YAML: while scanning for the next token, found character that cannot start any token"),
    Case(
      "variants: *x",
      "4: not YAML: found undefined alias"),
  ]

  @Test("What is wrong in several parts of a file is said at once, but not what only follows from another problem")
  func together() throws {
    let found = try problems(
      frame + """
        colour: red
        training.batch_size: many
        baseline: Clasical
        variants:
          - {label: Classical}
          - {label: deep, circuit: {cnot: [99]}, reference: deep}
          - {label: twice, hidden: [5]}
          - {label: twice, hidden: [6]}
        """)
    #expect(
      found == [
        "4: unknown key 'colour'; `qcalo plan --keys` lists the keys",
        "5: training.batch_size: many is not a whole number",
        "9: circuit.cnot: 99 is not a distance; distances are 1 … 23",
        "11: label 'twice' stands twice; give each row a label of its own",
        "6: baseline: no variant is called 'Clasical'; did you mean 'Classical'?",
      ])
  }

  @Test(
    "a problem is said in a sentence", arguments: unknownKeys + wrongTypes + impossible + structure)
  func sentence(_ c: Case) throws {
    #expect(try problems(frame + c.text).joined(separator: "\n") == c.problem)
  }
}

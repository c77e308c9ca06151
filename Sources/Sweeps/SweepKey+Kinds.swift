import Ansatz
import Experiment

extension SweepKey {
  /// What a variant is, and the keys of each kind but a GAN.
  static let simulator: [SweepKey] =
    [
      SweepKey(
        "kind", .choice(), "gan",
        "A GAN, or beside it: a parametric simulator, fitted at once, whatever networks, training and budget are; a coupling "
          + "model of total and layers, trained by likelihood; a QINN by itself, trained to bring showers back."
      ) { $0.simulator = $1 },
      SweepKey(
        "parametric.bins", .whole(Bounds.parametricBins), "5",
        "Classes of showers at each energy, from early to late ones, with as many events each."
      ) { $0.parametric.bins = $1 },
      SweepKey(
        "parametric.components", .whole(Bounds.components), "20",
        "Principal components of the total, the layers and the voxels in each class; the rest is each one's own."
      ) { $0.parametric.components = $1 },
      SweepKey(
        "parametric.quantiles", .whole(Bounds.quantiles), "17", "Points of the table of each one's distribution."
      ) { $0.parametric.quantiles = $1 },
      SweepKey(
        "coupling.blocks", .whole(Bounds.couplingBlocks), "8",
        "Blocks of a coupling model, each of which scales and shifts one half of the numbers."
      ) { $0.coupling.blocks = $1 },
      SweepKey(
        "coupling.hidden", .whole(Bounds.layer), "4",
        "Values of the Dense layer that scales and shifts come from, where no circuit takes its place."
      ) { $0.coupling.hidden = $1 },
      SweepKey("coupling.batch_size", .whole(Bounds.batchSize), "100", "Events of its mini-batches.") {
        $0.coupling.batchSize = $1
      },
      SweepKey("coupling.learning_rate", .number(Bounds.learningRate), "0.001", "Adam's rate for it.") {
        $0.coupling.learningRate = $1
      },
    ] + circuit("coupling.circuit.", "each block's circuit", \.coupling.circuit, \.couplingQubits, "8")
    + [
      SweepKey(
        "inn.qubits", .whole(1...Circuit.qubitLimit), "6",
        "Of a QINN by itself the qubits of each block, and so the numbers that a shower goes through."
      ) { $0.inn.qubits = $1 },
      SweepKey("inn.blocks", .whole(Bounds.innBlocks), "1", "Its blocks, one after the other.") { $0.inn.blocks = $1 },
      SweepKey("inn.layers", .whole(Bounds.innLayers), "2", "Layers of rotations and CNOTs in each block.") {
        $0.inn.layers = $1
      },
      SweepKey("inn.batch_size", .whole(Bounds.innBatch), "256", "Events of its mini-batches.") {
        $0.inn.batchSize = $1
      },
      SweepKey("inn.learning_rate", .number(Bounds.learningRate), "0.0001", "Adam's rate for it.") {
        $0.inn.learningRate = $1
      },
      SweepKey(
        "inn.reconstruction_weight", .number(Bounds.penaltyWeight), "1",
        "The factor of the mean square of what does not come back, in MeV²."
      ) { $0.inn.reconstructionWeight = $1 },
      SweepKey(
        "inn.latent_weight", .number(Bounds.penaltyWeight), "0.1",
        "The factor of the latents' distance from normal ones."
      ) { $0.inn.latentWeight = $1 },
    ]

  /// Whether variants of a kind have anything of a key: networks and training are a GAN's, but for the interval of
  /// checkpoints, and each other kind's keys are its own.
  static func has(_ kind: SimulatorKind, _ key: String) -> Bool {
    if key == "training.checkpoint_interval" { return kind != .parametric }
    if ofNetworks.contains(key) { return kind == .gan }
    return switch key.prefix(while: { $0 != "." }) {
    case "parametric": kind == .parametric
    case "coupling": kind == .coupling
    case "inn": kind == .qinn
    default: true
    }
  }
}

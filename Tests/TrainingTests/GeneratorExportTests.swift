import Ansatz
import Experiment
import Foundation
import HDF5
import QuantumGAN
import Simulator
import Records
import TestSupport
import Testing

@testable import Training

/// What is exported, run by a few lines that know only the formats, against the generator itself.
@Suite("An exported generator")
struct GeneratorExportTests {
  /// A generator and the matrix that its first layer is fed with for some events.
  struct Case: CustomTestStringConvertible {
    var architecture: GeneratorArchitecture
    var affine = true
    /// From an event's latents and label, and the angles.
    var features: @Sendable ([Double], [Double]) -> [Double] = { inputs, _ in inputs }
    var testDescription: String { architecture.canonicalName + (affine ? "" : " without affine") }
  }

  static let cases: [Case] = [
    Case(architecture: .init(latent: 3, hidden: [4, 6])),
    Case(architecture: .init(latent: 3, hidden: [4, 6]), affine: false),
    Case(architecture: .init(latent: 2, conditioned: true, hidden: [5])),
    Case(architecture: .init(latent: 2, hidden: [])),
    Case(
      architecture: .init(
        circuit: Circuit(qubits: 3, cnot: []), latent: 2, conditioned: true, hidden: [200]),
      features: { zip($0, $1).map { cos($0) * cos($1) } }),
    Case(
      architecture: .init(latent: 3, hidden: [4], features: .cosine),
      features: { zip($0, $1).map { cos($0) * cos($1) } }),
    Case(architecture: .init(latent: 3, hidden: [4], qinn: .init(qubits: 3, outputs: 5, blocksOf: .dense))),
    Case(architecture: .init(latent: 3, hidden: [4], qinn: .init(qubits: 4, blocks: 2, outputs: 5))),
    Case(
      architecture: .init(
        latent: 2, conditioned: true, hidden: [4], qinn: .init(qubits: 2, blocks: 1, outputs: 5, direction: .forward))),
  ]

  private static let voxels = 7

  /// A checkpoint with random arrays of both signs.
  static func checkpoint(_ known: Case) -> Checkpoint {
    var settings = TrainingSettings()
    settings.affine = known.affine
    let architecture = known.architecture
    let job = JobDescription(
      variant: Variant(generator: architecture), settings: settings, seed: 1,
      dataset: DatasetDescription(path: "d.h5", sha256: "0", energies: [1, 2], eventsPerEnergy: 1, voxels: voxels),
      budget: Budget(checkpoints: 1))
    var numbers = Values(state: 7)
    func array(_ name: String, _ shape: Int...) -> NamedArray {
      NamedArray(
        name: "generator/" + name, shape: shape, values: (0..<shape.reduce(1, *)).map { _ in numbers.next() })
    }
    var arrays: [NamedArray] = []
    if let circuit = architecture.circuit {
      arrays.append(array("circuit/angles", circuit.repetitions, circuit.rz ? 2 : 1, circuit.qubits))
    } else if architecture.features == .cosine {
      arrays.append(array("circuit/angles", 1, 1, architecture.inputs))
    }
    if let qinn = architecture.qinn {
      for (number, circuit) in qinn.circuits.enumerated() {
        arrays.append(
          array("qinn/block_\(number)/angles", circuit.repetitions, circuit.rotations.count, circuit.qubits))
      }
      var layers = [("entry", architecture.inputs, qinn.qubits), ("exit", qinn.qubits, qinn.outputs)]
      if qinn.blocksOf == .dense { layers += (0..<qinn.blocks).map { ("block_\($0)", qinn.qubits, qinn.qubits) } }
      for (name, inputs, outputs) in layers {
        arrays += [array("qinn/\(name)/kernel", inputs, outputs), array("qinn/\(name)/bias", outputs)]
      }
    }
    var width = architecture.featureCount
    for (number, size) in (architecture.hidden + [voxels]).enumerated() {
      arrays += [array("dense_\(number)/kernel", width, size), array("dense_\(number)/bias", size)]
      if known.affine && number < architecture.hidden.count {
        arrays += [array("affine_\(number)/gamma", size), array("affine_\(number)/beta", size)]
      }
      width = size
    }
    return Checkpoint(
      header: .init(
        kind: .generator, job: job, iteration: 1000, numericsVersion: 1,
        cost: Cost(training: 1, evaluation: 1, checkpointing: 1)), arrays: arrays)
  }

  /// Some events: what the first layer is fed with, and the voxels that the generator makes.
  private static func events(_ known: Case) throws -> (features: [[Double]], showers: [[Double]]) {
    let checkpoint = checkpoint(known)
    let job = checkpoint.header.job
    let generator = try Generator(
      architecture: known.architecture, settings: job.settings, voxels: voxels, state: checkpoint.arrays)
    let angles = checkpoint.arrays.first { $0.name == "generator/circuit/angles" }?.values.map(Double.init) ?? []
    let (count, latent) = (60, known.architecture.latent)
    let latents = generator.latents(events: count, seed: 5)
    let labels = (0..<count).map { Float($0) / Float(count) }
    let showers = generator.generate(latents: latents, labels: labels).map(Double.init)
    return (
      (0..<count).map { event in
        let inputs =
          latents[event * latent..<(event + 1) * latent] + (known.architecture.conditioned ? [labels[event]] : [])
        return behindCircuits(known.features(inputs.map(Double.init), angles), of: checkpoint)
      },
      (0..<count).map { Array(showers[$0 * voxels..<($0 + 1) * voxels]) }
    )
  }

  /// ⟨Z⟩ of a QINN stage's last circuit; the inputs themselves without circuits.
  private static func behindCircuits(_ inputs: [Double], of checkpoint: Checkpoint) -> [Double] {
    guard let qinn = checkpoint.header.job.variant.generator.qinn, qinn.blocksOf == .circuit else { return inputs }
    func values(_ name: String) -> [Double] {
      checkpoint.arrays.first { $0.name == "generator/qinn/" + name }!.values.map(Double.init)
    }
    let (kernel, bias) = (values("entry/kernel"), values("entry/bias"))
    var x = bias.indices.map { o in inputs.indices.reduce(bias[o]) { $0 + inputs[$1] * kernel[$1 * bias.count + o] } }
    for (number, circuit) in qinn.circuits.enumerated() {
      x = ReferenceSimulator<Double>(circuit).expectations(
        inputs: x.map(tanh), angles: values("block_\(number)/angles"))
    }
    return x
  }

  private static func expectSame(_ found: [[Double]], _ known: [[Double]]) {
    #expect(found.count == known.count && known.joined().contains { $0 > 0.1 })
    for (row, expected) in zip(found, known) {
      #expect(row.count == expected.count)
      for (a, b) in zip(row, expected) { #expect(abs(a - b) < 1e-5 * max(1, abs(b))) }
    }
  }

  @Test("for Keras holds the layers that model_config names, with their weights in Keras' order", arguments: cases)
  func keras(_ known: Case) throws {
    let folder = try TemporaryFolder()
    try GeneratorLayers(checkpoint: Self.checkpoint(known)).write(to: folder("g.h5"), as: .keras)
    let file = try HDF5File(reading: folder("g.h5"))
    let text = try #require(try file.attribute("model_config")?.string)
    let model = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(model["class_name"] as? String == "Sequential")
    let layers = try #require((model["config"] as? [String: Any])?["layers"] as? [[String: Any]])
    let names = try layers.map { try #require(($0["config"] as? [String: Any])?["name"] as? String) }
    #expect(try file.attribute("layer_names", of: "model_weights")?.strings == names)
    for object in ["/", "model_weights"] {
      #expect(try file.attribute("backend", of: object)?.string == "tensorflow")
      #expect(try file.attribute("keras_version", of: object)?.string == "2.15.0")
    }
    var (features, showers) = try Self.events(known)
    for (name, layer) in zip(names, layers) {
      let config = try #require(layer["config"] as? [String: Any])
      let paths = try #require(try file.attribute("weight_names", of: "model_weights/\(name)")?.strings)
      let weights = try paths.map { try file.read("model_weights/\(name)/\($0)", as: Double.self) }
      switch layer["class_name"] as? String {
      case "InputLayer":
        let shape = try #require(config["batch_input_shape"] as? [Any])
        #expect(shape.count == 2 && shape[0] is NSNull && shape[1] as? Int == features[0].count)
      case "Dense":
        #expect(paths == ["\(name)/kernel:0", "\(name)/bias:0"] && config["activation"] as? String == "linear")
        #expect(config["units"] as? Int == weights[1].values.count)
        features = features.map { product($0, weights[0], plus: weights[1].values) }
      case "BatchNormalization":
        #expect(paths == ["gamma", "beta", "moving_mean", "moving_variance"].map { "\(name)/\($0):0" })
        let epsilon = try #require(config["epsilon"] as? Double)
        features = features.map { row in
          row.indices.map { i in
            weights[0].values[i] * (row[i] - weights[2].values[i]) / (weights[3].values[i] + epsilon).squareRoot()
              + weights[1].values[i]
          }
        }
      case "ReLU": features = features.map { $0.map { max(0, $0) } }
      case "Activation":
        let isTanh = config["activation"] as? String == "tanh"
        #expect(isTanh || config["activation"] as? String == "softplus")
        features = features.map { $0.map { isTanh ? tanh($0) : log(1 + exp($0)) } }
      case let other: Issue.record("\(other ?? "nothing")")
      }
    }
    Self.expectSame(features, showers)
  }

  @Test("as ONNX is a graph that computes the same", arguments: cases)
  func onnx(_ known: Case) throws {
    let folder = try TemporaryFolder()
    try GeneratorLayers(checkpoint: Self.checkpoint(known)).write(to: folder("g.onnx"), as: .onnx)
    let model = try ProtobufFields(Array(try Data(contentsOf: URL(filePath: folder("g.onnx")))))
    #expect(try model.numbers(1) == [8] && model.messages(8)[0].numbers(2) == [13])
    let graph = try model.messages(7)[0]
    let constants = Dictionary(
      uniqueKeysWithValues: try graph.messages(5).map { tensor in
        #expect(try tensor.numbers(2) == [1])
        return (
          try tensor.texts(8)[0],
          (shape: try tensor.numbers(1), values: try #require(tensor.contents(9).first).floats.map(Double.init))
        )
      })
    let (features, showers) = try Self.events(known)
    #expect(try graph.messages(11).map { try columns($0) } == [features[0].count])
    #expect(try graph.messages(12).map { try columns($0) } == [Self.voxels])
    var values = [try graph.messages(11)[0].texts(1)[0]: features]
    for node in try graph.messages(1) {
      let (inputs, kind) = (try node.texts(1), try node.texts(4)[0])
      let rows = try #require(values[inputs[0]])
      let arrays = try inputs.dropFirst().map { try #require(constants[$0]) }
      values[try node.texts(2)[0]] =
        switch kind {
        case "Gemm": rows.map { product($0, arrays[0], plus: arrays[1].values) }
        case "Mul": rows.map { zip($0, arrays[0].values).map { $0 * $1 } }
        case "Add": rows.map { zip($0, arrays[0].values).map { $0 + $1 } }
        case "Relu": rows.map { $0.map { max(0, $0) } }
        case "Tanh": rows.map { $0.map { tanh($0) } }
        case "Softplus": rows.map { $0.map { log(1 + exp($0)) } }
        default: []
        }
    }
    Self.expectSame(try #require(values[try graph.messages(12)[0].texts(1)[0]]), showers)
    let notes = Dictionary(
      uniqueKeysWithValues: try model.messages(14).map { (try $0.texts(1)[0], try $0.texts(2)[0]) })
    #expect(notes["checkpoint"] == "1" && notes["outputs"]?.contains("fraction of the kinetic energy") == true)
    #expect((notes["angles"] != nil) == (known.architecture.circuit != nil || known.architecture.features == .cosine))
  }

  @Test("with a QINN stage has the layers before its circuits apart")
  func before() throws {
    let folder = try TemporaryFolder()
    let checkpoint = Self.checkpoint(Self.cases[7])
    try GeneratorLayers(checkpoint: checkpoint, part: .before).write(to: folder("b.h5"), as: .keras)
    let file = try HDF5File(reading: folder("b.h5"))
    #expect(
      try file.attribute("layer_names", of: "model_weights")?.strings == [
        "inputs", "dense_qinn_entry", "tanh_qinn_entry",
      ])
    let kernel = try file.read("model_weights/dense_qinn_entry/dense_qinn_entry/kernel:0", as: Float.self)
    #expect(kernel.shape == [3, 4])
    let error = try #require(throws: InputError.self) {
      try GeneratorLayers(checkpoint: Self.checkpoint(Self.cases[0]), part: .before)
    }
    #expect(
      error.description.hasSuffix("no layers stand before circuits; --part before is of a QINN stage with circuits"))
  }

  @Test("that is written twice is the same file")
  func twice() throws {
    let folder = try TemporaryFolder()
    let layers = try GeneratorLayers(checkpoint: Self.checkpoint(Self.cases[0]))
    for format in GeneratorLayers.Format.allCases {
      for name in ["a", "b"] { try layers.write(to: folder(name), as: format) }
      #expect(
        try Data(contentsOf: URL(filePath: folder("a"))) == Data(contentsOf: URL(filePath: folder("b"))), "\(format)")
    }
  }

  @Test("needs all of the generator's arrays")
  func missing() throws {
    let whole = Self.checkpoint(Self.cases[0])
    let part = Checkpoint(header: whole.header, arrays: whole.arrays.filter { !$0.name.hasSuffix("affine_1/beta") })
    let error = try #require(throws: InputError.self) { try GeneratorLayers(checkpoint: part) }
    #expect(error.description.hasSuffix(" has no array generator/affine_1/beta"))
  }

  private func product(
    _ row: [Double], _ kernel: (shape: [Int], values: [Double]), plus bias: [Double]
  ) -> [Double] {
    #expect(kernel.shape == [row.count, bias.count])
    return bias.indices.map { column in
      row.indices.reduce(bias[column]) { $0 + row[$1] * kernel.values[$1 * bias.count + column] }
    }
  }

  /// The second dimension of a ValueInfoProto whose first is open.
  private func columns(_ value: ProtobufFields) throws -> Int {
    let tensor = try value.messages(2)[0].messages(1)[0]
    let sizes = try tensor.messages(2)[0].messages(1)
    #expect(try tensor.numbers(1) == [1] && sizes.count == 2 && sizes[0].texts(2) == ["events"])
    return try sizes[1].numbers(1)[0]
  }
}

extension GeneratorArchitecture {
  fileprivate var canonicalName: String { Variant(generator: self).name }
}

/// Numbers from -1 to 1, the same each time.
private struct Values {
  var state: UInt64

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }
}

/// A message's fields by number, read from the wire format without any schema.
private struct ProtobufFields {
  struct Unreadable: Error {}
  enum Value {
    case number(Int)
    case content([UInt8])
  }

  private var fields: [Int: [Value]] = [:]

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    func varint() throws -> Int {
      var (number, shift) = (0, 0)
      while let byte = rest.popFirst() {
        number |= Int(byte & 0x7f) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
      throw Unreadable()
    }
    while !rest.isEmpty {
      let tag = try varint()
      switch tag & 7 {
      case 0: fields[tag >> 3, default: []].append(.number(try varint()))
      case 2:
        let count = try varint()
        guard count <= rest.count else { throw Unreadable() }
        fields[tag >> 3, default: []].append(.content(Array(rest.prefix(count))))
        rest.removeFirst(count)
      default: throw Unreadable()
      }
    }
  }

  func numbers(_ field: Int) throws -> [Int] {
    try fields[field, default: []].map {
      guard case .number(let number) = $0 else { throw Unreadable() }
      return number
    }
  }

  func contents(_ field: Int) throws -> [[UInt8]] {
    try fields[field, default: []].map {
      guard case .content(let content) = $0 else { throw Unreadable() }
      return content
    }
  }

  func texts(_ field: Int) throws -> [String] { try contents(field).map { String(decoding: $0, as: UTF8.self) } }
  func messages(_ field: Int) throws -> [ProtobufFields] { try contents(field).map(ProtobufFields.init) }
}

extension [UInt8] {
  fileprivate var floats: [Float] {
    stride(from: 0, to: count, by: 4).map { start in
      Float(bitPattern: self[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }
}

import Experiment
import HDF5

// A Sequential model as Keras 2 saves it, and Keras 3 reads it too, by `keras.models.load_model("x.h5", compile=False)`:
// its description is the attribute `model_config`, and `model_weights` has a group for each layer, its arrays in the
// order of the attribute `weight_names`. An affine is a BatchNormalization whose statistics never moved.

extension GeneratorLayers {
  /// The file's bytes.
  func kerasFile(name: String) throws -> [UInt8] {
    let file = try HDF5File.inMemory(name: name)
    let parts = kerasLayers
    let model = KerasModel(config: .init(layers: parts.map(\.description)))
    try file.setAttribute("model_config", .string(String(decoding: try CanonicalJSON.data(model), as: UTF8.self)))
    for (name, text) in origin { try file.setAttribute(name, .string(text)) }
    let weights = "model_weights"
    try file.createGroup(weights)
    for object in ["/", weights] {
      try file.setAttribute("backend", .string("tensorflow"), of: object)
      try file.setAttribute("keras_version", .string("2.15.0"), of: object)
    }
    try file.setAttribute("layer_names", .strings(parts.map(\.description.config.name)), of: weights)
    for part in parts {
      let layer = part.description.config.name
      let group = "\(weights)/\(layer)"
      try file.createGroup(group)
      try file.setAttribute("weight_names", .strings(part.weights.map { "\(layer)/\($0.name):0" }), of: group)
      for weight in part.weights {
        try file.write(weight.values, to: "\(group)/\(layer)/\(weight.name):0", shape: weight.shape)
      }
    }
    return try file.image()
  }

  private var kerasLayers: [(description: KerasModel.Layer, weights: [NamedArray])] {
    var parts: [(description: KerasModel.Layer, weights: [NamedArray])] = [
      (.init("InputLayer", .init(name: "inputs", batchInputShape: [nil, layers[0].inputs])), [])
    ]
    if beginsWithTanh { parts.append((.init("Activation", .init(name: "tanh_inputs", activation: "tanh")), [])) }
    for (number, layer) in layers.enumerated() {
      let isLast = number == layers.count - 1 && layer.activation == .relu
      let name = layer.name
      parts.append(
        (
          .init(
            "Dense", .init(name: isLast ? "voxels" : "dense_\(name)", units: layer.outputs, activation: "linear")),
          [layer.kernel.called("kernel"), layer.bias.called("bias")]
        ))
      if let affine = layer.affine {
        let (size, zeros) = (layer.outputs, [Float](repeating: 0, count: layer.outputs))
        parts.append(
          (
            .init("BatchNormalization", .init(name: "affine_\(name)", epsilon: 0.001)),
            [
              affine.gamma.called("gamma"), affine.beta.called("beta"),
              NamedArray(name: "moving_mean", shape: [size], values: zeros),
              NamedArray(name: "moving_variance", shape: [size], values: zeros.map { _ in 1 }),
            ]
          ))
      }
      switch layer.activation {
      case .relu: parts.append((.init("ReLU", .init(name: "relu_\(name)")), []))
      case .tanh: parts.append((.init("Activation", .init(name: "tanh_\(name)", activation: "tanh")), []))
      case .softplus: parts.append((.init("Activation", .init(name: "softplus_\(name)", activation: "softplus")), []))
      case .none: break
      }
    }
    return parts
  }
}

/// `model_config`: what is left out has Keras' default.
private struct KerasModel: Encodable {
  struct Layer: Encodable {
    var kind: String
    var config: Config

    init(_ kind: String, _ config: Config) { (self.kind, self.config) = (kind, config) }

    enum CodingKeys: String, CodingKey {
      case kind = "class_name"
      case config
    }
  }

  struct Config: Encodable {
    var name: String
    var dtype = "float32"
    var batchInputShape: [Int?]?
    var units: Int?
    var activation: String?
    var epsilon: Double?

    enum CodingKeys: String, CodingKey {
      case name, dtype, units, activation, epsilon
      case batchInputShape = "batch_input_shape"
    }
  }

  struct Sequence: Encodable {
    var name = "generator"
    var layers: [Layer]
  }

  var kind = "Sequential"
  var config: Sequence

  enum CodingKeys: String, CodingKey {
    case kind = "class_name"
    case config
  }
}

extension NamedArray {
  fileprivate func called(_ name: String) -> NamedArray { NamedArray(name: name, shape: shape, values: values) }
}

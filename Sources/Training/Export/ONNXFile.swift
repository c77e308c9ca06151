import Experiment
import QuantumGAN

extension GeneratorLayers {
  /// The layers as an ONNX model: Gemm, then Mul and Add for an affine, then Relu, Tanh or Softplus.
  ///
  /// Source: onnx/onnx.proto, whose field numbers these are; operators of version 13.
  var onnx: Protobuf {
    var operators = Protobuf()
    operators.add(1, "")
    operators.add(2, 13)
    var model = Protobuf()
    model.add(1, 8)
    model.add(2, "qcalo-worker")
    model.add(3, BuildInfo.version)
    model.add(7, graph)
    model.add(8, operators)
    for (name, text) in origin {
      var entry = Protobuf()
      entry.add(1, name)
      entry.add(2, text)
      model.add(14, entry)
    }
    return model
  }

  private var graph: Protobuf {
    var (nodes, constants) = ([Protobuf](), [Protobuf]())
    var value = "inputs"
    func apply(_ kind: String, _ arrays: [NamedArray], _ result: String) {
      var node = Protobuf()
      for name in [value] + arrays.map(\.name) { node.add(1, name) }
      node.add(2, result)
      node.add(3, result)
      node.add(4, kind)
      nodes.append(node)
      constants += arrays.map(\.onnx)
      value = result
    }
    if beginsWithTanh { apply("Tanh", [], "tanh_inputs") }
    for (number, layer) in layers.enumerated() {
      let name = layer.name
      apply("Gemm", [layer.kernel, layer.bias], "dense_\(name)")
      if let (gamma, beta) = layer.affine {
        let scale = NamedArray(
          name: gamma.name, shape: gamma.shape, values: gamma.values.map { $0 * Generator.normalisation })
        apply("Mul", [scale], "scaled_\(name)")
        apply("Add", [beta], "affine_\(name)")
      }
      switch layer.activation {
      case .relu: apply("Relu", [], number == layers.count - 1 ? "voxels" : "relu_\(name)")
      case .tanh: apply("Tanh", [], "tanh_\(name)")
      case .softplus: apply("Softplus", [], "softplus_\(name)")
      case .none: break
      }
    }
    var graph = Protobuf()
    for node in nodes { graph.add(1, node) }
    graph.add(2, "generator")
    for constant in constants { graph.add(5, constant) }
    graph.add(11, Self.value("inputs", columns: layers[0].inputs))
    graph.add(12, Self.value(value, columns: layers[layers.count - 1].outputs))
    return graph
  }

  /// A ValueInfoProto: float32 `[events, columns]`.
  private static func value(_ name: String, columns: Int) -> Protobuf {
    var (events, width, shape, tensor, type, value) = (
      Protobuf(), Protobuf(), Protobuf(), Protobuf(), Protobuf(), Protobuf()
    )
    events.add(2, "events")
    width.add(1, columns)
    shape.add(1, events)
    shape.add(1, width)
    tensor.add(1, 1)
    tensor.add(2, shape)
    type.add(1, tensor)
    value.add(1, name)
    value.add(2, type)
    return value
  }
}

extension NamedArray {
  /// A TensorProto of float32.
  fileprivate var onnx: Protobuf {
    var tensor = Protobuf()
    for size in shape { tensor.add(1, size) }
    tensor.add(2, 1)
    tensor.add(8, name)
    tensor.add(9, values.withUnsafeBytes { Array($0) })
    return tensor
  }
}

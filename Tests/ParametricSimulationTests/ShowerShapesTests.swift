import Experiment
import Glibc
import NeuralNetwork
import Testing

@testable import ParametricSimulation

@Suite struct ShowerShapesTests {
  private static let quantities = ShowerQuantities(layers: [0..<2, 2..<5, 5..<6])
  private static let energies = [1000.0, 64000]
  private static let perEnergy = 400

  /// Showers whose first layer is narrow where it has much of the energy: its first voxel's share follows the layer's;
  /// the first of the second layer follows the total.
  private static let sample: (showers: [Float], index: [Int]) = {
    var showers: [Float] = []
    for energy in 0..<2 {
      for event in 0..<perEnergy {
        func draw(_ part: Int) -> Float {
          Randomness(seed: 7).uniform(.shuffle, iteration: energy * 100 + part, index: event)
        }
        let (total, first) = (0.6 + 0.2 * draw(0), 0.2 + 0.5 * draw(1))
        let last = draw(2) < 0.4 ? 0 : 0.2 * draw(3)
        let narrow = 0.3 + 0.8 * first + 0.05 * draw(4)
        let rest = 1 - first - last
        showers += [first * narrow, first * (1 - narrow)].map { $0 * total }
        showers += [total - 0.4, 0.3, 1.1 - total].map { total * rest * $0 }
        showers.append(total * last)
      }
    }
    return (showers, (0..<2).flatMap { [Int](repeating: $0, count: perEnergy) })
  }()

  private static let shapes = ShowerShapes(
    fitting: sample.showers, energyIndex: sample.index, energies: energies, quantities: quantities, seed: 1)

  private static func shower(_ shapes: ShowerShapes, _ event: Int, of energy: Double, _ layers: [Double]) -> [Float] {
    var normals = [Float](repeating: 0, count: shapes.normals)
    normals.withUnsafeMutableBufferPointer {
      Randomness(seed: 3).fill($0, mean: 0, spread: 1, .generation, iteration: event)
    }
    var shower = [Float](repeating: -1, count: 6)
    shower.withUnsafeMutableBufferPointer {
      shapes.shower(of: energy, total: layers.reduce(0, +), layers: layers, normals, into: $0.baseAddress!)
    }
    return shower
  }

  @Test func `voxels have the layers' energies, at energies and between them`() {
    for energy in [1000.0, 8000, 64000, 1e6] {
      for event in 0..<50 {
        let layers = [0.1 + 0.01 * Double(event), 0.3, event % 2 == 0 ? 0 : 0.05]
        let shower = Self.shower(Self.shapes, event, of: energy, layers)
        for (layer, range) in Self.quantities.layers.enumerated() {
          #expect(abs(shower[range].reduce(0) { $0 + Double($1) } - layers[layer]) < 1e-6)
        }
      }
    }
  }

  @Test func `voxels follow the layers as they do in the sample`() {
    func share(_ first: Double) -> Double {
      let shares = (0..<300).map { event in
        let shower = Self.shower(Self.shapes, event, of: 1000, [0.7 * first, 0.7 * (0.95 - first), 0.7 * 0.05])
        return Double(shower[0] / (shower[0] + shower[1]))
      }
      return shares.reduce(0, +) / 300
    }
    for first in [0.25, 0.45, 0.65] {
      #expect(abs(share(first) - (0.325 + 0.8 * first)) < 0.05, "\(first): \(share(first))")
    }
  }

  @Test func `voxels follow the total, which tells no class from another`() {
    func share(_ total: Double) -> Double {
      let shares = (0..<300).map { event in
        let shower = Self.shower(Self.shapes, event, of: 1000, [0.45, 0.45, 0.1].map { $0 * total })
        return Double(shower[2] / (shower[2] + shower[3] + shower[4]))
      }
      return shares.reduce(0, +) / 300
    }
    for total in [0.63, 0.7, 0.77] { #expect(abs(share(total) - (total - 0.4)) < 0.03, "\(total): \(share(total))") }
  }

  @Test func `a depth has as many events of its sample in each class`() throws {
    var depths: [ShowerDepth] = []
    _ = ParametricModel(
      fitting: Self.sample.showers, energyIndex: Self.sample.index, energies: Self.energies,
      quantities: Self.quantities, settings: .init(bins: 4), seed: 1, depths: &depths)
    #expect(depths.count == 2)
    var counts = [Int](repeating: 0, count: 4)
    for event in 0..<Self.perEnergy {
      let values = Self.quantities.values(of: Self.sample.showers[event * 6..<(event + 1) * 6])
      counts[depths[0].bin(of: values, draws: .init(repeating: 0.5, count: 4))] += 1
    }
    #expect(counts.allSatisfy { (85...115).contains($0) }, "\(counts)")
  }

  @Test func `a state that is read makes the same showers`() throws {
    let read = try ShowerShapes(state: Self.shapes.state, energies: Self.energies, quantities: Self.quantities)
    for event in 0..<20 {
      let layers = [0.2, 0.3, event % 3 == 0 ? 0 : 0.1]
      #expect(
        Self.shower(read, event, of: 4000, layers) == Self.shower(Self.shapes, event, of: 4000, layers))
    }
    let error = #expect(throws: InputError.self) {
      try ShowerShapes(
        state: Self.shapes.state.filter { $0.name != "depth/axis" }, energies: Self.energies,
        quantities: Self.quantities)
    }
    #expect(error?.description == "the state has no array 'depth/axis'")
  }
}

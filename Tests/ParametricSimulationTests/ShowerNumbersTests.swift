import Experiment
import Glibc
import NeuralNetwork
import Testing

@testable import ParametricSimulation

@Suite struct ShowerNumbersTests {
  private static let quantities = ShowerQuantities(layers: [0..<2, 2..<5, 5..<6])

  private static func draw(_ part: Int, _ event: Int) -> Double {
    Double(Randomness(seed: 9).uniform(.shuffle, iteration: part, index: event))
  }

  /// Total and layers of some events, the last layer empty in half of them.
  private static let events: [[Double]] = (0..<500).map { event in
    let total = 0.5 + 0.4 * draw(0, event)
    let last = draw(1, event) < 0.5 ? 0 : 0.4 * draw(2, event) + 0.01
    let first = (1 - last) * (0.2 + 0.5 * draw(3, event))
    return [total, total * first, total * (1 - first - last), total * last]
  }

  private static func numbers(_ values: [Double], of fit: ShowerNumbers, draw: Float, blur: Float = 0) -> [Float] {
    var numbers = [Float](repeating: 0, count: fit.count)
    numbers.withUnsafeMutableBufferPointer {
      fit.write(values, draws: { _ in draw }, blur: { _ in blur }, to: $0.baseAddress!)
    }
    return numbers
  }

  @Test func `a marginal's probability undoes its value, atoms included`() {
    let marginal = Marginal(empty: 0.25, quantiles: [1, 2, 2, 2, 5])
    for step in 0...20 {
      let probability = Double(step) / 20
      let value = marginal.value(at: probability)
      let (least, most) = (marginal.probability(of: value, draw: 0), marginal.probability(of: value, draw: 1))
      #expect(least <= probability + 1e-12 && probability <= most + 1e-12)
      #expect(marginal.value(at: marginal.probability(of: value, draw: 0.5)) == value || value == 0)
    }
    #expect(marginal.probability(of: 0, draw: 0.4) == 0.1)
    #expect(marginal.probability(of: 2, draw: 0.5) == 0.25 + 0.75 * 0.5)
    #expect(abs(marginal.probability(of: 3.5, draw: 0) - (0.25 + 0.75 * 0.875)) < 1e-12)
    #expect(marginal.probability(of: 0.5, draw: 0) == 0.25 && marginal.probability(of: 9, draw: 0) == 1)
    #expect(marginal.value(at: marginal.probability(of: 0, draw: 0.9)) == 0)
  }

  @Test func `numbers stand for the total and the shares they were made of`() throws {
    let fit = ShowerNumbers(fitting: Self.events, quantities: Self.quantities)
    #expect(fit.count == 4)
    for values in Self.events {
      let numbers = Self.numbers(values, of: fit, draw: 0.5)
      // Without blur scores are only scaled.
      let scale = (1 + ShowerNumbers.blur * ShowerNumbers.blur).squareRoot()
      let (total, layers) = ([numbers[0]] + numbers.dropFirst().map { $0 * scale }).withUnsafeBufferPointer {
        fit.values($0.baseAddress!)
      }
      #expect(abs(total - values[0]) < 1e-6)
      for (layer, share) in layers.enumerated() {
        // The least and the greatest of a table are further out than half an event's probability.
        #expect(abs(share - values[1 + layer] / values[0]) < 0.01)
        if values[1 + layer] == 0 { #expect(share == 0) }
      }
    }
    let read = try ShowerNumbers(state: fit.state, quantities: Self.quantities)
    #expect(Self.numbers(Self.events[3], of: read, draw: 0.3) == Self.numbers(Self.events[3], of: fit, draw: 0.3))
  }

  @Test func `scores are normal, blurred or not, and the total has mean 0 and spread 1`() {
    let fit = ShowerNumbers(fitting: Self.events, quantities: Self.quantities)
    let randomness = Randomness(seed: 2)
    var blur = [Float](repeating: 0, count: Self.events.count)
    blur.withUnsafeMutableBufferPointer { randomness.fill($0, mean: 0, spread: 1, .blur, iteration: 0) }
    let numbers = Self.events.indices.map { event in
      Self.numbers(
        Self.events[event], of: fit, draw: randomness.uniform(.dequantisation, index: event), blur: blur[event])
    }
    for column in 0..<4 {
      let values = numbers.map { Double($0[column]) }
      let mean = values.reduce(0, +) / 500
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 500
      #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.08, "\(column): \(mean), \(variance)")
    }
  }

  @Test func `a shower without any layer has the one that is nearest to being hit`() {
    var events = Self.events
    // Each layer is empty in some events.
    for event in stride(from: 0, to: 500, by: 3) { events[event] = [0.5, 0, 0.5, 0] }
    for event in stride(from: 1, to: 500, by: 3) { events[event] = [0.5, 0.5, 0, 0] }
    let fit = ShowerNumbers(fitting: events, quantities: Self.quantities)
    let (total, layers) = [Float(0), -2, -1.9, -9].withUnsafeBufferPointer { fit.values($0.baseAddress!) }
    #expect(total > 0 && layers.filter { $0 > 0 }.count == 1)
    let below = [Float(-99), 0, 0, 0].withUnsafeBufferPointer { fit.values($0.baseAddress!) }
    #expect(below.total == 0)
  }
}

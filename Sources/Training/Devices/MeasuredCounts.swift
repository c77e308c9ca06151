import Ansatz
import Experiment
import FoundationEssentials
import Simulator
import Storage

/// Counts of bit strings that a device gave for the circuits of a generator, event by event.
package struct MeasuredCounts: Sendable {
  /// Where qubit 0 stands in a bit string.
  package enum Order: String, CaseIterable, Sendable { case last, first }

  /// ⟨Z⟩ of each event, one number per qubit.
  package let expectations: [[Double]]
  /// The shots of all events.
  package let shots: Int
  /// The root mean square of their departures from the circuits without noise.
  package let departure: Double

  /// Reads counts, and holds them against the circuits that they are of.
  /// - Parameters:
  ///   - path: Qiskit's JSON, a list of objects of bit strings (or of hexadecimal numbers) and counts, or a whole result;
  ///     or a table (CSV) of event, bit string, count.
  ///   - order: Where qubit 0 stands; nil for Qiskit's, which tables must say.
  ///   - feed: The circuits, event by event.
  /// - Throws: `InputError` when it is no such file, of other events, or has its bits the other way round.
  package init(reading path: String, order: Order?, of feed: CircuitFeed) throws {
    let data = try InputFile.data(of: path)
    let isJSON = data.first { !$0.isSpace }.map { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } ?? false
    if !isJSON && order == nil {
      throw InputError("\(path): a table does not say where qubit 0 stands in its strings; --bit-order first or last")
    }
    let counts = isJSON ? try Self.qiskit(data, path) : try Self.table(data, path)
    guard counts.count == feed.inputs.count else {
      throw InputError("\(path): counts of \(counts.count) events; the circuits are of \(feed.inputs.count)")
    }
    let qubits = feed.circuit.qubits
    var (expectations, all) = ([[Double]](), 0)
    for (event, strings) in counts.enumerated() {
      var (ones, shots) = ([Int](repeating: 0, count: qubits), 0)
      for (string, count) in strings {
        let bits = try Self.bits(string, qubits, "\(path): event \(event)")
        guard count >= 0, count <= 1_000_000_000 else {
          throw InputError("\(path): event \(event): \(count) is no count")
        }
        for qubit in 0..<qubits where bits[order == .first ? qubit : qubits - 1 - qubit] { ones[qubit] += count }
        shots += count
      }
      guard shots > 0 else { throw InputError("\(path): event \(event): no shots") }
      expectations.append(ones.map { 1 - 2 * Double($0) / Double(shots) })
      all += shots
    }
    (self.expectations, shots) = (expectations, all)
    let ideal = feed.expectations
    func distance(_ values: [[Double]]) -> Double {
      var sum = 0.0
      for (one, other) in zip(values, ideal) { for (a, b) in zip(one, other) { sum += (a - b) * (a - b) } }
      return (sum / Double(max(values.count * qubits, 1))).squareRoot()
    }
    departure = distance(expectations)
    let reversed = distance(expectations.map { $0.reversed() })
    // Half as far from what was asked for, the other way round: that is no noise.
    if reversed < departure / 2 {
      let (other, digits) = (order == .first ? Order.last : .first, PlainTable.digits)
      throw InputError(
        "\(path): ⟨Z⟩ departs by \(digits(departure)) from the circuits, and by \(digits(reversed)) with the bits the other "
          + "way round: --bit-order \(other.rawValue)")
    }
  }

  /// What came of it, a sentence.
  package var sentence: String {
    "\(expectations.count) events of \(PlainTable.digits(Double(shots) / Double(max(expectations.count, 1)))) shots; "
      + "⟨Z⟩ departs by \(PlainTable.digits(departure)) (root mean square) from the circuits without noise"
  }

  private struct Result: Decodable {
    struct Experiment: Decodable {
      struct Content: Decodable { var counts: [String: Int] }
      var data: Content
    }
    var results: [Experiment]
  }

  private static func qiskit(_ data: Data, _ path: String) throws -> [[String: Int]] {
    do {
      if let result = try? CanonicalJSON.value(Result.self, from: data) { return result.results.map(\.data.counts) }
      return try CanonicalJSON.value([[String: Int]].self, from: data)
    } catch let error as DecodingError {
      throw InputError("\(path): not a list of counts: \(error.explanation)")
    }
  }

  private static func table(_ data: Data, _ path: String) throws -> [[String: Int]] {
    var events: [[String: Int]] = []
    let lines = String(decoding: data, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() where !line.isEmpty {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      if number == 0, cells.count == 3, Int(cells[0]) == nil { continue }
      guard cells.count == 3, let event = Int(cells[0]), let count = Int(cells[2]), (0...10_000_000).contains(event)
      else { throw InputError("\(path):\(number + 1): not an event, a bit string and a count") }
      while events.count <= event { events.append([:]) }
      guard events[event].updateValue(count, forKey: cells[1]) == nil else {
        throw InputError("\(path):\(number + 1): event \(event) has \(cells[1]) twice")
      }
    }
    return events
  }

  /// The bits of a string as they stand there.
  private static func bits(_ string: String, _ qubits: Int, _ place: String) throws -> [Bool] {
    if string.hasPrefix("0x"), let number = UInt64(string.dropFirst(2), radix: 16), number >> UInt64(qubits) == 0 {
      return (0..<qubits).reversed().map { number >> UInt64($0) & 1 == 1 }
    }
    guard string.utf8.count == qubits, string.utf8.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") })
    else { throw InputError("\(place): '\(string)' is not \(qubits) bits") }
    return string.utf8.map { $0 == UInt8(ascii: "1") }
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { [9, 10, 13, 32].contains(self) }
}

extension CircuitFeed {
  /// ⟨Z⟩ of each event without noise.
  var expectations: [[Double]] {
    let simulator = CircuitSimulator(circuit, batchCapacity: 1)
    let angles = angles.map(Float.init)
    return inputs.map { input in
      var values = [Float](repeating: 0, count: circuit.qubits)
      simulator.forward(inputs: input.map(Float.init), angles: angles, batch: 1, expectations: &values)
      return values.map(Double.init)
    }
  }
}

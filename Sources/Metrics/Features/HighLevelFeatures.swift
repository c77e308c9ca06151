import Experiment
import Glibc

/// Numbers of some showers, as many of each: what distances between sets of showers are computed of.
package struct FeatureTable: Sendable {
  /// The events.
  package let rows: Int
  /// The numbers of an event.
  package let columns: Int
  /// `[rows, columns]`, row-major.
  package private(set) var values: [Double]

  /// - Precondition: `values` are `[rows, columns]`.
  package init(columns: Int, values: [Double]) {
    precondition(columns > 0 && values.count.isMultiple(of: columns), "\(values.count) values in rows of \(columns)")
    (rows, self.columns, self.values) = (values.count / columns, columns, values)
  }

  /// Some of the rows, in the given order.
  func rows(_ numbers: some Sequence<Int>) -> FeatureTable {
    FeatureTable(
      columns: columns, values: numbers.flatMap { values[$0 * columns..<($0 + 1) * columns] })
  }

  /// The largest magnitude of each column; 1 where all are 0.
  var magnitudes: [Double] {
    var most = [Double](repeating: 0, count: columns)
    for start in stride(from: 0, to: values.count, by: columns) {
      for column in 0..<columns { most[column] = max(most[column], abs(values[start + column])) }
    }
    return most.map { $0 == 0 ? 1 : $0 }
  }

  /// The same with each column divided by a number of its own.
  func divided(by divisors: [Double]) -> FeatureTable {
    var divided = self
    for index in values.indices { divided.values[index] /= divisors[index % columns] }
    return divided
  }
}

extension FeatureTable {
  /// CaloChallenge's high-level features, in the order of its code.
  ///
  /// log10 E_inc; log10(E + 1e-8) of each layer; the centres in η, then those in φ, the widths in η, then those in φ of
  /// the layers divided in α, over 100; log10(E_tot + 1e-8); the sparsity of each layer; the centres in r, then the
  /// widths in r of each layer, over 100. Energies in MeV, lengths in mm.
  init(highLevel showers: ShowerShapes, plane: VoxelPlane) {
    let divided = plane.geometry.layers.indices.filter { plane.geometry.layers[$0].alphaBins > 1 }
    var values: [Double] = []
    for (shape, energy) in zip(showers.shapes, showers.incidentEnergies) {
      values.append(log10(Double(energy)))
      values += shape.layers.map { log10($0.energy + 1e-8) }
      for part in [\ShowerShape.LayerShape.centreEta, \.centrePhi, \.widthEta, \.widthPhi] {
        values += divided.map { shape.layers[$0][keyPath: part] / 100 }
      }
      values.append(log10(shape.total + 1e-8))
      values += shape.layers.map(\.sparsity)
      values += shape.layers.map { $0.centreR / 100 }
      values += shape.layers.map { $0.widthR / 100 }
    }
    let layers = plane.geometry.layers.count
    self.init(columns: 2 + 4 * layers + 4 * divided.count, values: values)
  }
}

import Foundation
import HDF5
import TestSupport

/// Showers whose voxels tell event and voxel apart, written as other programs write them.
struct TestShowers {
  /// MeV, one for each event.
  var energies: [Double]
  var voxels = 3
  var type = HDF5ElementType.float32
  var layout = HDF5Layout.contiguous
  /// Voxels that have other values than `value` gives, by event and voxel.
  var changes: [[Int]: Double] = [:]

  func value(_ event: Int, _ voxel: Int) -> Double { changes[[event, voxel]] ?? Double(event * 10 + voxel) }

  var values: [Double] { energies.indices.flatMap { event in (0..<voxels).map { value(event, $0) } } }

  @discardableResult func write(to path: String) throws -> String {
    let file = try HDF5File(creating: path)
    let incident = try file.create("incident_energies", shape: [energies.count, 1], type: type, layout: layout)
    try incident.write(energies, rows: 0..<energies.count)
    let showers = try file.create("showers", shape: [energies.count, voxels], type: type, layout: layout)
    try showers.write(values, rows: 0..<energies.count)
    try file.close()
    return path
  }
}

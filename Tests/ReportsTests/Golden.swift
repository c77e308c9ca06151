import Foundation
import TestSupport

/// Texts that tests expect, in Tests/Golden/Reports.
///
/// With QCALO_WRITE_GOLDEN set, they are written instead: look at what git then shows.
enum Golden {
  static func difference(_ name: String, _ found: String) throws -> String? {
    let path = Repository.path("Tests/Golden/Reports/\(name).txt")
    if ProcessInfo.processInfo.environment["QCALO_WRITE_GOLDEN"] != nil {
      try Data(found.utf8).write(to: URL(fileURLWithPath: path))
      return nil
    }
    return TestSupport.difference(from: try Repository.text("Tests/Golden/Reports/\(name).txt"), to: found)
  }
}

import Experiment
import Sweeps
import TestSupport

/// Plans the text of a sweep file.
func plan(_ text: String, limit: Int = SweepFile.variantLimit) throws -> SweepPlan {
  let folder = try TemporaryFolder()
  return try SweepFile.plan(try folder.write(text, to: "x.yaml"), variantLimit: limit)
}

/// What is wrong with the text of a sweep file, `LINE: sentence` each.
func problems(_ text: String, limit: Int = SweepFile.variantLimit) throws -> [String] {
  let folder = try TemporaryFolder()
  let path = try folder.write(text, to: "x.yaml")
  do {
    _ = try SweepFile.plan(path, variantLimit: limit)
    return []
  } catch {
    return error.problems.map { $0.replacing(path + ":", with: "") }
  }
}

/// Three lines that every sweep needs, so that what follows starts on line 4.
let frame = """
  dataset: {source: events.hdf5, energies: [65536], events: 1000}
  budget: {checkpoints: 10}
  hidden: [50, 200]

  """

extension SweepPlan {
  subscript(label: String, table: String = "") -> PlannedVariant? {
    variants.first { $0.label == label && $0.table == table }
  }
}

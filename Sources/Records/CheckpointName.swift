import Experiment

/// The name of a checkpoint's file: `full-000012.h5`, `full-000012+345.h5` (345 iterations later), `generator-000012.h5`.
package struct CheckpointName: Hashable, Comparable, Sendable {
  /// What the file holds.
  package enum Kind: String, Sendable {
    /// Both networks and both optimisers.
    case full
    /// The generator's parameters.
    case generator
  }

  /// What the file holds.
  package var kind: Kind
  /// The number of the last checkpoint at or before the file's iteration.
  package var checkpoint: Int
  /// Iterations since the checkpoint.
  package var offset: Int

  package init(_ kind: Kind, iteration: Int, interval: Int) {
    self.kind = kind
    checkpoint = iteration / interval
    offset = iteration % interval
  }

  /// Reads a file's name; nil when it is none that a checkpoint has.
  package init?(file: String) {
    guard file.hasSuffix(".h5"), let dash = file.firstIndex(of: "-"),
      let kind = Kind(rawValue: String(file[..<dash]))
    else { return nil }
    let parts = file[file.index(after: dash)...].dropLast(3).split(separator: "+", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let checkpoint = Int(parts[0]),
      let offset = parts.count == 2 ? Int(parts[1]) : 0
    else { return nil }
    self.kind = kind
    self.checkpoint = checkpoint
    self.offset = offset
    let (checkpoints, offsets) = (0...Bounds.checkpoints.upperBound, 0..<Bounds.checkpointInterval.upperBound)
    guard checkpoints.contains(checkpoint), offsets.contains(offset), self.file == file else { return nil }
  }

  /// The file's name.
  package var file: String {
    let digits = String(checkpoint)
    return kind.rawValue + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      + (offset == 0 ? "" : "+\(offset)") + ".h5"
  }

  package static func < (a: Self, b: Self) -> Bool { (a.checkpoint, a.offset) < (b.checkpoint, b.offset) }
}

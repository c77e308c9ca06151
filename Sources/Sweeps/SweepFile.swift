public import Experiment

/// A sweep file (YAML; its keys are `SweepKey.all`).
public enum SweepFile {
  /// Variants that a sweep may have unless the user says otherwise.
  public static let variantLimit = 100_000

  /// Reads a sweep file and expands it.
  ///
  /// - Parameter variantLimit: More variants than this are an error, found before they are expanded.
  /// - Throws: `SweepError` with everything that is wrong with the file.
  /// - Complexity: O(variants), but for skip rules: O(variants · rules).
  public static func plan(_ path: String, variantLimit: Int = variantLimit) throws(SweepError) -> SweepPlan {
    try expand(path, variantLimit: variantLimit).plan
  }

  /// The name of a file's sweep, without expanding it.
  /// - Throws: `SweepError`, as `plan` does.
  public static func name(of path: String) throws(SweepError) -> String { try SweepReader().outline(of: path).name }

  /// As `plan`, with what was computed on the way.
  public static func expand(_ path: String, variantLimit: Int = variantLimit) throws(SweepError) -> ExpandedSweep {
    let reader = SweepReader()
    let outline = try reader.outline(of: path)
    return try Expansion(outline, problems: reader.problems).expand(limit: variantLimit)
  }
}

/// A plan with its variants' identities and names, which are costly by the hundred thousand.
public struct ExpandedSweep: Sendable {
  public var plan: SweepPlan
  /// `plan.variants[i].id` and `.name`.
  public var ids: [String]
  public var names: [String]
}

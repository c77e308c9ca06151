package import Experiment

/// A sweep file (YAML; its keys are `SweepKey.all`).
package enum SweepFile {
  /// Variants that a sweep may have unless the user says otherwise.
  package static let variantLimit = 100_000
  /// Rules that one `skip` may have.
  static let ruleLimit = 1000
  /// What all aliases (`*name`) of a YAML file may stand for, in scalars and groups of them.
  static let aliasLimit = 100_000

  /// What is wrong with a sweep's name, a clause; nil when nothing is.
  package static func flaw(inName name: String) -> String? {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    let isName = !name.isEmpty && name.count <= 64 && name.first != "-" && name.allSatisfy(allowed.contains)
    return isName ? nil : "'\(name)' is not a sweep's name; names are a-z, 0-9 and -, 64 at most"
  }

  /// Reads a sweep file and expands it.
  ///
  /// - Parameters:
  ///   - path: The sweep file.
  ///   - variantLimit: More variants than this are an error, found before they are expanded.
  /// - Returns: The expanded sweep.
  /// - Throws: `SweepError` with everything that is wrong with the file, or when it has a search, which is no plan.
  /// - Complexity: O(variants), but for skip rules: O(variants · rules).
  package static func plan(_ path: String, variantLimit: Int = variantLimit) throws(SweepError) -> SweepPlan {
    let expanded = try expand(path, variantLimit: variantLimit)
    guard expanded.search == nil else {
      throw SweepError(problems: [
        "\(path):1: search: its trials are chosen as it goes on, which `qcalo run` and `qcalo submit` do"
      ])
    }
    return expanded.plan
  }

  /// The name of a file's sweep, without expanding it.
  /// - Throws: `SweepError`, as `plan` does.
  package static func name(of path: String) throws(SweepError) -> String {
    let reader = SweepReader()
    let name = try reader.outline(of: path).name
    try reader.problems.check()
    return name
  }

  /// Whether an argument names a sweep's file, not the sweep.
  package static func isMeant(by argument: String) -> Bool { argument.hasSuffix(".yaml") || argument.hasSuffix(".yml") }

  /// The sweep that is meant by its name, for which its file's path may stand too.
  /// - Throws: `SweepError` when the file cannot be read.
  package static func sweep(meantBy argument: String) throws(SweepError) -> String {
    isMeant(by: argument) ? try name(of: argument) : argument
  }

  /// The plan, as `plan` gives it, with what was computed on the way.
  package static func expand(_ path: String, variantLimit: Int = variantLimit) throws(SweepError) -> ExpandedSweep {
    let reader = SweepReader()
    let outline = try reader.outline(of: path)
    if let search = outline.search {
      try reader.problems.check()
      let planned = PlannedSearch(search, outline)
      let place = search.place
      if let flaw = planned.flaw { throw SweepError(problems: ["\(place.file):\(place.line): \(flaw)"]) }
      return ExpandedSweep(
        plan: SweepPlan(name: outline.name, seeds: planned.seeds, variants: []), ids: [], names: [], remarks: [],
        search: planned)
    }
    return try Expansion(outline, problems: reader.problems).expand(limit: variantLimit)
  }
}

/// A plan with its variants' identities and names, which are costly by the hundred thousand.
package struct ExpandedSweep: Sendable {
  /// The plan itself.
  package var plan: SweepPlan
  /// The variants' identities: `plan.variants[i].id`.
  package var ids: [String]
  /// The variants' readable names: `plan.variants[i].name`.
  package var names: [String]
  /// What is no error and yet hardly meant, a sentence each with its file and line.
  package var remarks: [String]
  /// What is searched, in place of variants; nil for no search.
  package var search: PlannedSearch?
}

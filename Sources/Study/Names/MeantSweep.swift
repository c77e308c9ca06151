package import Experiment
import Foundation
package import Ledger
import Sweeps

extension Workspace {
  /// The sweep that an argument means, by its name or its file.
  ///
  /// A file that another one's sweep has the name of does not mean that sweep.
  /// - Throws: `InputError` then, with both files; `SweepError` when the file cannot be read.
  package func sweep(meantBy argument: String) throws -> String {
    guard SweepFile.isMeant(by: argument) else { return argument }
    let name = try SweepFile.name(of: argument)
    guard let known = try? RecordedSweep.read(name, in: self), !known.isFrom(argument) else { return name }
    let differences = known.differences(from: try SweepFile.plan(argument))
    guard !differences.isEmpty else { return name }
    throw InputError(
      "\(argument) is not the sweep \(name) of \(path), which was started from \(known.source): \(differences); "
        + "`\(name)` in its place means that one, another `name:` in the file makes this one its own")
  }
}

extension SweepPlan {
  /// Which rows of another file's sweep of the same name it would take the place of, a clause; nil for none.
  package func displaced(by source: String, in workspace: Workspace) -> String? {
    guard let known = try? RecordedSweep.read(name, in: workspace), !known.isFrom(source) else { return nil }
    let ids = Set(variants.map(\.id))
    let gone = known.plan.variants.filter { !ids.contains($0.id) }.map(\.label)
    if gone.isEmpty { return nil }
    return "\(source) would take the place of the sweep \(name) that \(known.source) has started, without its rows "
      + gone.firstFive(separator: ", ")
  }
}

extension RecordedSweep {
  /// Whether it was started from a file, however that is spelled or linked to.
  func isFrom(_ file: String) -> Bool {
    func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    return real(file) == real(source)
  }

  /// What another plan of the same name has otherwise, a clause: "it lacks 2x, and has 3x besides"; "" for nothing.
  func differences(from plan: SweepPlan) -> String {
    let (ids, others) = (Set(self.plan.variants.map(\.id)), Set(plan.variants.map(\.id)))
    let lacking = self.plan.variants.filter { !others.contains($0.id) }.map(\.label)
    let added = plan.variants.filter { !ids.contains($0.id) }.map(\.label)
    return [
      lacking.isEmpty ? nil : "it lacks \(lacking.firstFive(separator: ", "))",
      added.isEmpty ? nil : "it has \(added.firstFive(separator: ", "))\(lacking.isEmpty ? "" : " instead")",
    ].compactMap(\.self).joined(separator: " and ")
  }
}

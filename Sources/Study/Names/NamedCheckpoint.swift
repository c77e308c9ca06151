import Experiment
import Foundation
package import Ledger
import Records

/// The worker's words for runs and checkpoints, which are paths, from those that the ledger knows: `2x@best`.
package struct NamedCheckpoint {
  /// Turns the names in the worker's arguments into paths; what is a file already stays.
  ///
  /// Where a checkpoint is wanted, that is a run's name, its beginning or its row's label, with the checkpoint's number,
  /// `best` or `last` behind an @; best where nothing is. Where a run's folder is wanted, the same without the checkpoint.
  /// - Parameters:
  ///   - arguments: The verb and what follows it.
  ///   - workspace: Where runs are looked for.
  /// - Returns: The arguments with paths in them.
  /// - Throws: `InputError` for a checkpoint that is not kept; `LedgerError` for a name that means no run.
  package static func resolving(_ arguments: [String], in workspace: Workspace) throws -> [String] {
    var resolved = arguments
    func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
    switch arguments.first {
    case "generate", "evaluate", "circuit":
      for index in arguments.indices {
        if arguments[index] == "--checkpoint", index + 1 < arguments.count {
          resolved[index + 1] = try file(arguments[index + 1], in: workspace)
        } else if arguments[index].hasPrefix("--checkpoint=") {
          resolved[index] =
            "--checkpoint=" + (try file(String(arguments[index].dropFirst("--checkpoint=".count)), in: workspace))
        }
      }
    case "checkpoints":
      guard arguments.count > 2,
        let index = arguments.indices.dropFirst(2).first(where: { !arguments[$0].hasPrefix("-") }),
        arguments[index - 1].hasPrefix("--") == false, !isThere(arguments[index]),
        !isThere(workspace.runFolder(arguments[index])), isThere(workspace.ledger)
      else { break }
      resolved[index] = workspace.runFolder(try Ledger(reading: workspace).run(named: arguments[index]))
    default: break
    }
    return resolved
  }

  /// The path of a named checkpoint's generator.
  private static func file(_ name: String, in workspace: Workspace) throws -> String {
    let isPath = name.contains("/") && name.hasSuffix(".h5")
    guard !isPath, !FileManager.default.fileExists(atPath: name),
      FileManager.default.fileExists(atPath: workspace.ledger)
    else { return name }
    let parts = name.split(separator: "@", omittingEmptySubsequences: false)
    let which = parts.count > 1 ? String(parts[parts.count - 1]) : "best"
    let ledger = try Ledger(reading: workspace)
    let run = try ledger.run(named: parts.count > 1 ? parts.dropLast().joined(separator: "@") : name)
    let curve = try ledger.curves(of: [run])[run] ?? Curve()
    guard
      let checkpoint = which == "best" ? curve.best?.checkpoint : which == "last" ? curve.last : Int(which)
    else {
      throw InputError(
        ["best", "last"].contains(which)
          ? "\(name): \(run) has no checkpoint yet"
          : "\(name): '\(which)' is not best, last or a checkpoint's number")
    }
    guard let file = try ledger.generatorFile(of: run, at: checkpoint) else {
      throw InputError(
        "\(name): \(run) has kept no generator of checkpoint \(checkpoint); `qcalo checkpoints list \(run)` has those "
          + "that there are")
    }
    return workspace.runFolder(run) + "/" + file
  }
}

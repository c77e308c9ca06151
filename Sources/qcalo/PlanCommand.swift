import ArgumentParser
import Experiment
import Foundation
import Ledger
import Reports
import Sweeps

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "What a sweep would train: its variants with their identities and sizes. Writes nothing.",
    discussion: """
      qcalo plan sweeps/table2.yaml
      qcalo plan sweeps/full-template.yaml --format csv
      qcalo plan --keys
      """)

  @Argument(help: "The sweep file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var sweep: String?

  @Flag(help: "List every key that a sweep file can have.")
  var keys = false

  @Option(help: ArgumentHelp("More variants than this are an error.", valueName: "count"))
  var limit = SweepFile.variantLimit

  @Flag(help: "Leave out variants that provably compute the same family of functions as an earlier one.")
  var skipEquivalent = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if (sweep != nil) == keys { throw ValidationError("Name a sweep file, or give --keys.") }
    if limit < 1 { throw ValidationError("--limit: \(limit) is not 1 or more") }
  }

  func run() throws {
    guard let sweep else { return format.print(Self.keyTable) }
    let expanded = try SweepFile.expand(sweep, variantLimit: limit)
    let listing = try PlanListing(expanded, skipEquivalent: skipEquivalent, in: workspace.value)
    if format.format == .json {
      listing.writeJSON()
    } else {
      format.print(listing.table)
    }
  }

  private static var keyTable: TextTable {
    TextTable(
      key: "keys",
      columns: [
        Column("Key", key: "key"), Column("Takes", key: "takes"),
        Column("Default", key: "default"), Column("Stands in", key: "levels"), Column("Meaning", key: "meaning"),
      ],
      rows: SweepKey.all.map { key in
        let levels = SweepKey.Level.allCases.filter(key.levels.contains).map(\.rawValue).joined(separator: ", ")
        return [.text(key.name), .text(key.takes), .text(key.standard), .text(levels), .text(key.meaning)]
      })
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct UpgradeProgramTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: Repository.path("Tests/LedgerTests/Workspaces/schema-4"), toPath: folder("work"))
    #expect(try qcalo("collect").status == 0)
  }

  private func qcalo(_ arguments: String...) throws -> Execution {
    try Programs.run(arguments + ["--workspace", "work"], in: folder.path)
  }

  /// Makes the ledger one of another version: SQLite keeps the number in bytes 60 to 63 of the file.
  private func set(schema: UInt8) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder("work/ledger.sqlite")))
    try file.seek(toOffset: 60)
    try file.write(contentsOf: Data([0, 0, 0, schema]))
    try file.close()
  }

  @Test(
    "Whichever command meets an earlier ledger makes it anew, says so, and answers",
    arguments: [["results", "small"], ["status", "small"], ["query", "SELECT label FROM results"], ["collect"]])
  func upgrade(command: [String]) throws {
    let before = try Programs.run(command + ["--workspace", "work"], in: folder.path)
    try set(schema: 3)
    let after = try Programs.run(command + ["--workspace", "work"], in: folder.path)
    #expect(after.status == 0 && after.output == before.output)
    #expect(after.errors.contains("work/ledger.sqlite has schema 3, of an earlier qcalo: making it anew"))
    #expect(after.errors.dropFirst(before.errors.count).split(separator: "\n").count == 2, "\(after.errors)")
  }

  @Test("An explicit rebuild makes it once, and a newer ledger is refused") func others() throws {
    try set(schema: 3)
    let rebuilt = try qcalo("collect", "--rebuild")
    #expect(rebuilt.status == 0 && rebuilt.errors == "")
    try set(schema: 99)
    let refused = try qcalo("results", "small")
    #expect(refused.status == 64 && refused.errors.contains("a newer qcalo has made it"))
  }
}

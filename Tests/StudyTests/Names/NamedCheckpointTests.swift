import Experiment
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Study

@Suite struct NamedCheckpointTests {
  private let study: StudyWorkspace
  private let run: String

  init() throws {
    study = try StudyWorkspace()
    run = study.prepared.jobs[1].run
    try study.journal(run)
    _ = try study.ledger()
  }

  private func resolved(_ arguments: String...) throws -> [String] {
    try NamedCheckpoint.resolving(arguments, in: study.workspace)
  }

  @Test func `a checkpoint is named by its run and best, last or its number`() throws {
    let folder = study.workspace.runFolder(run) + "/checkpoints/full-"
    #expect(try resolved("generate", "--checkpoint", "2x") == ["generate", "--checkpoint", folder + "3.h5"])
    #expect(try resolved("generate", "--checkpoint=2x@last") == ["generate", "--checkpoint=" + folder + "3.h5"])
    #expect(
      try resolved("circuit", "export", "--checkpoint", "\(run)@1") == [
        "circuit", "export", "--checkpoint", folder + "1.h5",
      ])
    #expect(try resolved("checkpoints", "list", "2x") == ["checkpoints", "list", study.workspace.runFolder(run)])
  }

  @Test func `what is a file, and what is none of its business, stays`() throws {
    let path = try study.folder.write("x", to: "2x@1")
    for arguments in [["generate", "--checkpoint", path], ["generate", "--checkpoint", "a/b.h5"], ["bench", "2x"]] {
      #expect(try NamedCheckpoint.resolving(arguments, in: study.workspace) == arguments)
    }
    let nowhere = Workspace(path: study.folder("nowhere"))
    #expect(
      try NamedCheckpoint.resolving(["checkpoints", "list", "2x"], in: nowhere) == ["checkpoints", "list", "2x"])
  }

  @Test func `a checkpoint that is not there is said`() {
    #expect(throws: InputError.self) { try resolved("generate", "--checkpoint", "2x@9") }
    #expect(throws: InputError.self) { try resolved("generate", "--checkpoint", "2x@bets") }
    #expect(throws: LedgerError.self) { try resolved("generate", "--checkpoint", "3y") }
  }
}

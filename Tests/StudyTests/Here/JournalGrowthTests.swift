import Records
import TestSupport
import Testing

@testable import Study

@Suite struct JournalGrowthTests {
  private let folder: TemporaryFolder
  private var run: RunFolder { RunFolder(folder.path) }

  init() throws { folder = try TemporaryFolder() }

  private func journal(_ attempt: Int, _ text: String) throws {
    try folder.write(text, to: "journal/" + RunFolder.journalName(attempt))
  }

  @Test func `one look tells whether there is more, and how much there is then`() throws {
    let none = JournalGrowth(run)
    #expect(none.grown() == nil)
    try journal(1, "a")
    let first = try #require(none.grown())
    #expect(first.grown() == nil)
    #expect(JournalGrowth(run).grown() == nil, "what is there already is no growth")
    try journal(1, "ab")
    #expect(none.grown() != nil, "who has not taken it in is told again")
    let second = try #require(first.grown())
    #expect(second.grown() == nil)
  }

  @Test func `a new attempt's journal is growth, an empty one too, and the newest counts from there on`() throws {
    try journal(1, "ab")
    let first = JournalGrowth(run)
    try journal(2, "")
    let second = try #require(first.grown())
    try journal(1, "abc")
    #expect(second.grown() == nil, "an earlier attempt has ended")
    try journal(2, "a")
    #expect(second.grown() != nil)
    try journal(4, "a")
    #expect(second.grown()?.grown() == nil, "attempts follow each other")
  }

  @Test func `a journal that shrank is told too`() throws {
    try journal(1, "ab")
    let before = JournalGrowth(run)
    try journal(1, "a")
    #expect(before.grown() != nil)
  }
}

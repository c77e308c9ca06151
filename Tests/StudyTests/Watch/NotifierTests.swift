import Foundation
import TestSupport
import Testing

@testable import Study

@Suite struct NotifierTests {
  private let folder: TemporaryFolder
  private let said = Asked()
  private let news = [
    RunNews(.finished, run: "a-s1-00", text: "2x: It has finished."),
    RunNews(.diverged, run: "b-s1-00", text: "3x: It diverged."),
    RunNews(.finished, run: "c-s1-00", text: "4x: It has finished."),
  ]

  init() throws { folder = try TemporaryFolder() }

  private func text(_ name: String) -> String { (try? String(contentsOfFile: folder(name), encoding: .utf8)) ?? "" }

  @Test func `a command is told everything once, lines and names`() async throws {
    let notifier = Notifier(
      "cat >>\(folder("told")); echo \"$QCALO_FINISHED|$QCALO_DIVERGED|$QCALO_FAILED\" >>\(folder("names"))",
      say: said.note)
    notifier.tell([])
    for one in news { notifier.tell([one]) }
    await notifier.finish()
    #expect(text("told") == news.map { $0.line + "\n" }.joined())
    #expect(news[0].line == "finished: a-s1-00: 2x: It has finished.")
    let names = text("names").split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
    #expect(names.flatMap { $0[0].split(separator: " ") } == ["a-s1-00", "c-s1-00"])
    #expect(names.flatMap { $0[1].split(separator: " ") } == ["b-s1-00"])
    #expect(said.lines.isEmpty)
    // And again after it had nothing to tell.
    notifier.tell([news[0]])
    await notifier.finish()
    #expect(text("told").split(separator: "\n").count == 4)
  }

  @Test func `one that does not read what it is told is none that fails`() async throws {
    let notifier = Notifier("exec true", say: said.note)
    notifier.tell([RunNews(.finished, run: "a-s1-00", text: String(repeating: "long ", count: 100_000))])
    await notifier.finish()
    #expect(said.lines.isEmpty, "\(said.lines)")
  }

  @Test("one that fails is said, and what comes after is told all the same")
  func failing() async throws {
    let notifier = Notifier("cat >>\(folder("told")); echo no mail >&2; exit 3", say: said.note)
    notifier.tell([news[0]])
    await notifier.finish()
    notifier.tell([news[1]])
    await notifier.finish()
    #expect(text("told") == news[0].line + "\n" + news[1].line + "\n")
    #expect(said.lines.count == 2 && said.lines[0].contains("--notify: '") && said.lines[0].hasSuffix(": no mail"))
  }

  @Test("one that does not end is given up")
  func slow() async throws {
    let notifier = Notifier("exec sleep 60", limit: .milliseconds(200), say: said.note)
    notifier.tell(news)
    await notifier.finish()
    #expect(said.lines.count == 1 && said.lines[0].contains("has not ended within"))
  }
}

import TestSupport
import Testing

/// What a wrong word might have meant.
@Suite struct MisspeltProgramTests {
  @Test(arguments: [
    ("qcalo", "reslts", "qcalo has no verb 'reslts'; did you mean results?"),
    ("qcalo", "plot", "qcalo has no verb 'plot'; did you mean plots?"),
    ("qcalo-worker", "circuit drw", "qcalo-worker circuit has no verb 'drw'; did you mean draw?"),
    ("qcalo", "xylophone", "qcalo has no verb 'xylophone'; there are plan, run, "),
  ])
  func `a verb that is not there`(program: String, words: String, says: String) throws {
    let wrong = try Programs.run(program, words.split(separator: " ").map(String.init))
    #expect(wrong.status == 64 && wrong.output.isEmpty && wrong.errors.contains(says), "\(wrong)")
  }

  @Test func `a file of another kind than the rest`() throws {
    let wrong = try Programs.run("qcalo", ["import", "a.json", "b.tar", "c.json"])
    #expect(wrong.status == 64 && wrong.errors.contains("'b.tar' is no configuration file (.json)"), "\(wrong)")
  }
}

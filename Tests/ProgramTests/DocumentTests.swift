import Experiment
import Foundation
import TestSupport
import Testing

/// The README and docs/ are part of the product: what they should name, they name, and what they quote is so.
@Suite struct DocumentTests {
  /// The documents' paths, as the checkout has them.
  private static let paths =
    ["README.md", "sweeps/data/README.md", "docs/study/README.md"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))) ?? []).sorted()
    .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }

  /// The names that a program's help lists as subcommands.
  private func subcommands(_ program: String) throws -> [String] {
    let help = try Programs.run(program, ["--help"]).output
    let start = try #require(help.range(of: "SUBCOMMANDS:\n"))
    return help[start.upperBound...].split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  "), !line.hasPrefix("   "), !line.contains("See '") else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }
  }

  @Test func `every verb stands in the commands`() throws {
    let commands = try Repository.text("docs/commands.md")
    let verbs = try Set(subcommands("qcalo") + subcommands("qcalo-worker"))
    #expect(verbs.count > 12)
    for verb in verbs { #expect(commands.contains("| `\(verb)"), "\(verb)") }
  }

  @Test(arguments: ["train", "evaluate", "generate", "dataset", "circuit", "checkpoints", "bench"])
  func `qcalo says of the worker's verbs what the worker says`(verb: String) throws {
    func abstract(_ program: String) throws -> String {
      let help = try Programs.run(program, ["--help"]).output.split(separator: "\n", omittingEmptySubsequences: false)
      let start = try #require(help.firstIndex { $0.hasPrefix("  \(verb) ") })
      let rest = help[(start + 1)...].prefix { $0.hasPrefix("     ") }
      return ([help[start].dropFirst(2 + verb.count)] + rest).map { $0.trimmingCharacters(in: .whitespaces) }.joined(
        separator: " ")
    }
    #expect(try abstract("qcalo") == abstract("qcalo-worker"))
  }

  @Test func `every exit code stands in the commands with its meaning`() throws {
    let commands = try Repository.text("docs/commands.md")
    for code in ProgramEnd.allCases {
      #expect(commands.contains("| \(code.rawValue) | \(code.meaning) |"), "\(code.rawValue)")
    }
  }

  @Test func `the README is a front door: 9 KB, and every word that the rest of it takes for known`() throws {
    let readme = try Repository.text("README.md")
    #expect(readme.utf8.count <= 9216)
    for word in [
      "variant", "run", "attempt", "checkpoint", "iteration", "sweep", "table", "window", "⟨χ²⟩q", "⟨χ²⟩c", "⟨χ²⟩c′",
      "χ²/NDF",
    ] { #expect(readme.contains("\n| \(word) | "), "\(word)") }
    for path in Self.paths where path.hasPrefix("docs/") { #expect(readme.contains("](\(path))"), "\(path)") }
  }

  @Test(arguments: paths)
  func `links and paths lead to files and headings that there are`(path: String) throws {
    let text = try Repository.text(path)
    let folder = URL(fileURLWithPath: Repository.path(path)).deletingLastPathComponent()
    for link in text.matches(of: /\]\(([^)\s]+)\)/).map({ String($0.1) }) where !link.hasPrefix("https://") {
      let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
      let file = parts[0].isEmpty ? Repository.path(path) : folder.appendingPathComponent(parts[0]).path
      #expect(FileManager.default.fileExists(atPath: file), "\(link)")
      if parts.count == 2 { #expect(try Self.anchors(of: file).contains(parts[1]), "\(link)") }
    }
    for name in text.matches(
      of: /(?:^|[\s`(])((?:docs|sweeps|condor|scripts|Sources|Tests)\/[A-Za-z0-9_.\/-]*[A-Za-z0-9])/)
    {
      #expect(FileManager.default.fileExists(atPath: Repository.path(String(name.1))), "\(name.1)")
    }
  }

  /// The headings of a document, as links name them.
  private static func anchors(of file: String) throws -> [String] {
    try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      line.drop { $0 == "#" || $0 == " " }.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
        .replacing(" ", with: "-")
    }
  }

  /// Which command's rows stand in which document, and whether each value of the first column is a section.
  private static let quoted = [
    (path: "docs/sweep-files.md", command: "plan --keys", bySection: false),
    (path: "docs/files-of-a-run.md", command: "query --tables", bySection: true),
  ]

  @Test(arguments: quoted)
  func `what is quoted is what the command prints`(path: String, command: String, bySection: Bool) throws {
    let outcome = try Programs.run(command.split(separator: " ").map(String.init) + ["--format", "markdown"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = outcome.output.split(whereSeparator: \.isNewline).map { line in
      line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(rows.count > 40)
    let printed = bySection ? Self.sections(rows) : Self.table(rows[0], Array(rows.dropFirst(2)))
    let text = try Repository.text(path)
    let (before, rest) = try #require(Self.split(text, at: "<!-- qcalo \(command) -->\n\n"))
    let (found, after) = try #require(Self.split(rest, at: "\n<!-- end -->\n"))
    if ProcessInfo.processInfo.environment["QCALO_WRITE_DOCS"] != nil {
      try Data("\(before)<!-- qcalo \(command) -->\n\n\(printed)\n<!-- end -->\n\(after)".utf8).write(
        to: URL(fileURLWithPath: Repository.path(path)))
    } else {
      #expect(
        found == printed,
        "\(path): write it anew by QCALO_WRITE_DOCS=1\n\(difference(from: found, to: printed) ?? "")")
    }
  }

  private static func split(_ text: String, at mark: String) -> (String, String)? {
    text.range(of: mark).map { (String(text[..<$0.lowerBound]), String(text[$0.upperBound...])) }
  }

  /// Rows as they stand in a document: without the spaces that align them.
  private static func table(_ heading: [String], _ rows: [[String]]) -> String {
    let lines = [heading, heading.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// A section for each value of the first column; the row whose second is "…" says what it is.
  private static func sections(_ rows: [[String]]) -> String {
    var text = ""
    var rest = rows.dropFirst(2)
    while let first = rest.first {
      let section = rest.prefix { $0[0] == first[0] }
      rest = rest.dropFirst(section.count)
      let meaning = (first.last ?? "").replacing("a table: ", with: "").replacing("a view: ", with: "A view. ")
      text += "### `\(first[0])`\n\n\(meaning).\n\n"
      text += table(Array(rows[0].dropFirst()), section.dropFirst().map { Array($0.dropFirst()) })
      text += rest.isEmpty ? "" : "\n"
    }
    return text
  }
}

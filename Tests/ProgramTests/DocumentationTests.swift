import Foundation
import TestSupport
import Testing

/// The comments in Sources: what other targets can use says what it means, the noun first.
@Suite struct DocumentationTests {
  private struct SourceFile {
    var name: String
    /// The lines without the spaces around them.
    var lines: [String]

    func isDocumentation(_ index: Int) -> Bool { lines.indices.contains(index) && lines[index].hasPrefix("///") }

    /// Where a line is, as compilers say it, and the line.
    func place(_ index: Int) -> String { "\(name):\(index + 1): \(lines[index])" }
  }

  /// All Swift files below Sources, by their paths.
  private static func sources() throws -> [SourceFile] {
    let root = Repository.root.appendingPathComponent("Sources")
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }
    return try names.sorted().map { name in
      let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return SourceFile(name: name, lines: lines.map { $0.trimmingCharacters(in: .whitespaces) })
    }
  }

  /// Whether a line begins a declaration that other targets see.
  private static func isDeclaration(_ line: String) -> Bool {
    let words = line.prefix { $0 != "=" && $0 != "{" }.split(separator: " ")
    guard let access = words.firstIndex(where: { ["package", "public"].contains($0) }) else { return false }
    let isModified = words[..<access].allSatisfy { $0.wholeMatch(of: /@?\w+(\(\w+\))?/) != nil }
    let kinds = /(struct|class|enum|actor|protocol|func|var|let|init|subscript|typealias)\b.*/
    return isModified && words[access...].dropFirst().contains { $0.wholeMatch(of: kinds) != nil }
  }

  /// Witnesses of protocols that everybody here knows.
  private static let witnesses = [
    "var description: String", "func ==", "func <", "func hash(into", "func encode(to", "init(from decoder",
    "init(stringLiteral", "init(integerLiteral", "init(stringInterpolation", "init(literalCapacity",
    "func appendLiteral", "var programEnd: ProgramEnd",
  ]

  /// Whether an initialiser only hands its arguments, or constants, to the members.
  private static func onlyAssigns(_ file: SourceFile, from start: Int) -> Bool {
    guard file.lines[start].prefixMatch(of: /(?:@?\w+ )*init(?:<.*>)?\(/) != nil else { return false }
    var (text, depth) = ("", 0)
    for line in file.lines[start...] {
      text += line + "\n"
      depth += line.reduce(0) { $0 + ($1 == "{" ? 1 : $1 == "}" ? -1 : 0) }
      if depth == 0 && line.hasSuffix("}") { break }
    }
    guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}") else { return false }
    let statements = text[text.index(after: open)..<close].replacing(/(=|,)\s*\n/) { "\($0.1) " }
    return statements.split(separator: "\n").allSatisfy { statement in
      let statement = statement.trimmingCharacters(in: .whitespaces)
      return statement.isEmpty
        || statement.contains(#/^\(?(?:self\.)?\w+(?:, (?:self\.)?\w+)*\)? = /#) && !statement.contains(/\btry\b|\{/)
    }
  }

  @Test func `every declaration that other targets can use has a doc comment`() throws {
    var (count, missing): (Int, [String]) = (0, [])
    for file in try Self.sources() {
      for (index, line) in file.lines.enumerated() where Self.isDeclaration(line) {
        count += 1
        let above = (0..<index).last { !file.lines[$0].hasPrefix("@") } ?? -1
        if file.isDocumentation(above) || Self.witnesses.contains(where: line.contains) { continue }
        if !Self.onlyAssigns(file, from: index) { missing.append(file.place(index)) }
      }
    }
    #expect(count > 1000, "the declarations are found")
    #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
  }

  @Test func `no doc comment begins with a preposition`() throws {
    let prepositions =
      /\/\/\/ (?:Of|By|As|In|With|For|On|To|From|Between|At|Under|After|Before|Without|Through|Into)\b/
    let found = try Self.sources().flatMap { file in
      file.lines.indices.filter { index in
        file.lines[index].prefixMatch(of: prepositions) != nil && !file.isDocumentation(index - 1)
      }.map(file.place)
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}

import Experiment
import Foundation
import TestSupport
import Testing

/// The README is part of the product: what it should name, it names.
@Suite struct ReadmeTests {
  private let readme: String

  init() throws { readme = try Repository.text("README.md") }

  /// The names that a program's help lists as subcommands.
  private func subcommands(_ program: String) throws -> [String] {
    let help = try Programs.run(program, ["--help"]).output
    let start = try #require(help.range(of: "SUBCOMMANDS:\n"))
    return help[start.upperBound...].split(separator: "\n").compactMap { line in
      guard line.hasPrefix("  "), !line.hasPrefix("   "), !line.contains("See '") else { return nil }
      return line.split(separator: " ").first.map(String.init)
    }
  }

  @Test func `every verb stands in it`() throws {
    let verbs = try Set(subcommands("qcalo") + subcommands("qcalo-worker"))
    #expect(verbs.count > 12)
    for verb in verbs { #expect(readme.contains("`\(verb)"), "\(verb)") }
  }

  @Test func `every exit code stands in it with its meaning`() {
    for code in ExitCode.allCases {
      #expect(readme.contains("| \(code.rawValue) | \(code.meaning) |"), "\(code.rawValue)")
    }
  }

  @Test func `every key of a sweep file stands in it`() throws {
    let outcome = try Programs.run(["plan", "--keys", "--format", "csv"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let keys = outcome.output.split(whereSeparator: \.isNewline).dropFirst().compactMap {
      $0.split(separator: ",").first
    }
    #expect(keys.count > 40)
    for key in keys { #expect(readme.contains("`\(key)`"), "\(key)") }
  }
}

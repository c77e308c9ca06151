import Foundation
import TestSupport
import Testing

/// Every option of every verb has a row in which it changes the outcome.
@Suite struct OptionTests {
  private static let rows = OptionRows.books + OptionRows.compute

  /// What `--experimental-dump-help` tells of a program.
  private struct Dump: Decodable {
    struct Command: Decodable {
      struct Argument: Decodable {
        struct Name: Decodable {
          var kind: String
          var name: String
        }
        var kind: String
        var names: [Name]?
        var preferredName: Name?
      }
      var commandName: String
      var arguments: [Argument]?
      var subcommands: [Command]?
    }
    var command: Command
  }

  /// The verbs of a program, and every option of each.
  private static func options(of program: String) throws -> [String: Set<String>] {
    let text = try Programs.run(program, ["--experimental-dump-help"]).output
    let dump = try JSONDecoder().decode(Dump.self, from: Data(text.utf8))
    var found: [String: Set<String>] = [:]
    func visit(_ command: Dump.Command, _ path: String) {
      let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
      for subcommand in subcommands { visit(subcommand, path + " " + subcommand.commandName) }
      guard subcommands.isEmpty else { return }
      let names = (command.arguments ?? []).filter { $0.kind != "positional" }.flatMap { argument in
        (argument.names ?? []).filter { $0.kind.hasPrefix("long") }.map { "--" + $0.name }
      }
      found[path] = Set(names).subtracting(["--help", "--version"])
    }
    visit(dump.command, program)
    return found
  }

  @Test func `every option has a row, and every row an option`() throws {
    let options = try Self.options(of: "qcalo").merging(Self.options(of: "qcalo-worker")) { $1 }
    #expect(options.count > 25 && options.values.reduce(0) { $0 + $1.count } > 100)
    let expected = Set(options.flatMap { verb, names in names.map { "\(verb) \($0)" } })
    let rows = Self.rows.map(\.description)
    #expect(expected.subtracting(rows).sorted() == [], "without a row")
    #expect(Set(rows).subtracting(expected).sorted() == [], "without an option")
    #expect(rows.count == Set(rows).count)
  }

  @Test(arguments: rows) func `an option changes what its verb does`(row: OptionCase) throws {
    switch row.proof {
    case .tested(let file, let text):
      let test = try Repository.text("Tests/" + file)
      #expect(test.contains(text) && test.contains(row.option.drop { $0 == "-" }), "\(row): \(file)")
    case .shown(let base, let given, let tells, let then, let writes, let worker):
      let workspace = try OptionWorkspace.shared.get()
      let verb = row.verb.split(separator: " ").map(String.init)
      func outcome(_ words: [String]) throws -> String {
        try workspace.outcome(of: verb[0], Array(verb.dropFirst()) + words, then: then, writes: writes, worker: worker)
      }
      let (without, with) = (try outcome(base), try outcome(base + given))
      #expect(!without.contains(tells), "\(row): without it\n\(without)")
      #expect(with.contains(tells), "\(row): with it\n\(with)")
    }
  }

  @Test(arguments: ["qcalo", "qcalo-worker"]) func `every verb explains itself`(program: String) throws {
    for verb in try Self.options(of: program).keys {
      let words = verb.split(separator: " ").map(String.init)
      for flag in ["--help", "-h"] {
        let help = try Programs.run(words[0], words.dropFirst() + [flag])
        #expect(help.status == 0 && help.output.contains("USAGE: "), "\(verb) \(flag): \(help)")
      }
    }
  }
}

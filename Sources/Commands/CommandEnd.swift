package import ArgumentParser
import Experiment
import Glibc
import Storage

extension ParsableCommand {
  /// The command that arguments name.
  ///
  /// The parser prints its errors itself and ends with 64.
  /// - Throws: What asks for help or the version; `InputError` for a verb that is not there.
  package static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    try checkVerbs(arguments)
    do { return try parseAsRoot(arguments) } catch  where exitCode(for: error) != .success { exit(withError: error) }
  }

  /// Says what a misspelt verb was probably meant to be, which the parser takes for an argument of its parent.
  private static func checkVerbs(_ arguments: [String]) throws {
    var verbs = configuration.subcommands
    var path = _commandName
    for word in arguments where word != "help" {
      if verbs.isEmpty || word.hasPrefix("-") { return }
      let names = verbs.map { $0._commandName }
      guard let index = names.firstIndex(of: word) else {
        let near = nearest(to: word, among: names)
        let hint = near.map { "did you mean \($0)?" } ?? "there are " + names.joined(separator: ", ")
        throw InputError("\(path) has no verb '\(word)'; \(hint)")
      }
      verbs = verbs[index].configuration.subcommands
      path += " " + word
    }
  }

  /// Ends the program with the code that says how its command went.
  ///
  /// Help and version are results too. The output is closed before anything is called finished.
  /// - Parameter error: What the command threw, `ExitCode` where nothing is left to say; nil for nothing.
  package static func end(on error: (any Error)?) -> Never {
    do {
      let code = try code(of: error)
      try Output.end()
      Glibc.exit(code)
    } catch {
      Terminal.say("\(error)")
      Glibc.exit(ProgramEnd(of: error).rawValue)
    }
  }

  /// The code of what is no failure, or is told already.
  /// - Throws: Any other error.
  private static func code(of error: (any Error)?) throws -> Int32 {
    switch error {
    case nil: return ProgramEnd.finished.rawValue
    case let code as ExitCode: return code.rawValue
    case let error? where exitCode(for: error) == .success:
      try Output.line(fullMessage(for: error))
      return ProgramEnd.finished.rawValue
    case let error?: throw error
    }
  }
}

extension ProgramEnd {
  /// What a command throws to end its program so, everything being said.
  package var exit: ExitCode { ExitCode(rawValue) }
}

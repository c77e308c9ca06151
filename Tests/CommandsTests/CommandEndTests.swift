import ArgumentParser
import Commands
import Experiment
import Storage
import Testing

/// A command of a program that says how it is to end.
struct Toy: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "toy", abstract: "Does nothing.", version: "7.1")

  static func finish(with error: (any Error)?) -> Never {
    Terminal.begin(as: "toy")
    end(on: error)
  }
}

/// Each in a process of its own, which ends.
@Suite struct CommandEndTests {
  private func text(_ result: ExitTest.Result?) -> (output: String, errors: String) {
    let decoded = [result?.standardOutputContent, result?.standardErrorContent].map {
      String(decoding: $0 ?? [], as: UTF8.self)
    }
    return (decoded[0], decoded[1])
  }

  @Test func `a command that has done its work ends with 0`() async {
    await #expect(processExitsWith: .exitCode(0)) { Toy.finish(with: nil) }
  }

  @Test func `a command that has said what is wrong ends with its code and no word`() async {
    let result = await #expect(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) { Toy.finish(with: ProgramEnd.checkFailed.exit) }
    #expect(!text(result).errors.contains("toy"))
  }

  @Test func `what the user gave ends with 64, a disk that refuses with 74, and both are told`() async {
    var result = await #expect(processExitsWith: .exitCode(64), observing: [\.standardErrorContent]) {
      Toy.finish(with: InputError("x: there is no such\u{1b}[2J thing"))
    }
    #expect(text(result).errors.contains("toy: x: there is no such\\u{1b}[2J thing\n"))
    result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
      Toy.finish(with: StorageError("writing", "x", code: 28))
    }
    #expect(
      text(result).errors.contains("toy: writing x: No space left on device; nothing that was there before is lost"))
  }

  @Test func `an error of another kind is a defect`() async {
    struct Strange: Error {}
    await #expect(processExitsWith: .exitCode(70)) { Toy.finish(with: Strange()) }
  }

  @Test func `help and version are results`() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      Toy.finish(with: CleanExit.helpRequest(Toy.self))
    }
    #expect(text(result).output.contains("USAGE: toy"))
  }
}

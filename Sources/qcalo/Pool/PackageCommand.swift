import ArgumentParser
import Condor
import Experiment
import Storage
import Study

struct PackageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "package",
    abstract: "Make one archive of the worker that runs on a bare Linux machine (x86_64).",
    discussion: """
      The worker, with its loader and all its libraries where it is not static: nothing but a kernel and a shell is \
      needed where it runs. `submit` does this by itself.

      qcalo package --output qcalo-worker.tar.gz
      """)

  @Option(help: "The archive to write; - for the standard output.", completion: .file())
  var output = "qcalo-worker.tar.gz"

  func run() async throws {
    let file = OutputFile(output)
    let draft = try file.draft()
    defer { draft.remove() }
    let summary = try await WorkerPackage(worker: try WorkerProgram.path(), output: draft.path).make()
    try file.deliver(draft)
    let libraries = summary.libraries.isEmpty ? "which is static" : "with \(summary.libraries.count) libraries"
    let text = "\(output): \(summary.bytes / 1_000_000) MB, the worker, \(libraries)"
    if file.isStandardOutput { Terminal.say(text) } else { try Output.line(text) }
  }
}

import ArgumentParser
import Condor
import Study

struct PackageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "package",
    abstract: "Make one archive of the worker that runs on a bare Linux machine (x86_64).",
    discussion: """
      The worker with its loader and all its libraries: nothing but a kernel and a shell is needed where it runs. \
      `submit` does this by itself. Build the worker with --static-swift-stdlib to keep the archive small.

      qcalo package --output qcalo-worker.tar.gz
      """)

  @Option(help: "The archive to write.", completion: .file())
  var output = "qcalo-worker.tar.gz"

  func run() async throws {
    let summary = try await WorkerPackage(worker: try WorkerProgram.path(), output: output).make()
    print("\(output): \(summary.bytes / 1_000_000) MB, the worker and \(summary.libraries.count) libraries")
  }
}

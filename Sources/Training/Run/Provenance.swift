import Experiment
import Glibc
package import Records
import Storage

extension Provenance {
  /// The provenance of what this process computes.
  /// - Throws: `StorageError` when the executable's file cannot be read.
  static func current(of trainee: any Trainee.Type) throws -> Provenance {
    Provenance(
      binary: try executableDigest.get(), commit: BuildInfo.commit, numericsVersion: trainee.numericsVersion,
      host: ProcessIdentity.hostName, processor: processorName, kernels: trainee.kernelName, pid: Int(getpid()))
  }

  /// The processor's model, as the system names it.
  package static var processorName: String {
    let model = ProcFile.firstLine(of: "/proc/cpuinfo") { $0.hasPrefix("model name") }
    return model?.split(separator: ":", maxSplits: 1).last?.split(separator: " ").joined(separator: " ") ?? "unknown"
  }

  /// The SHA-256 of this program's file, taken once: the file does not change while it runs.
  private static let executableDigest = Result<String, any Error> {
    // A program that was replaced while it runs is still there under this name.
    let path = access(ThisProgram.path, R_OK) == 0 ? ThisProgram.path : "/proc/self/exe"
    return try SHA256.hexDigest(ofFile: path)
  }
}

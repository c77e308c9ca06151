internal import Experiment
internal import FoundationEssentials
internal import Glibc
internal import HDF5

extension Provenance {
  /// Of this process.
  /// - Throws: `StorageError` when the executable's file cannot be read.
  static func current(of trainee: any Trainee.Type) throws -> Provenance {
    Provenance(
      binary: try executableDigest.get(), commit: BuildInfo.commit, numericsVersion: trainee.numericsVersion,
      host: hostName, processor: processorName, kernels: trainee.kernelName, pid: Int(getpid()))
  }

  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static var processorName: String {
    guard let file = fopen("/proc/cpuinfo", "r") else { return "unknown" }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
        return text[text.index(after: colon)...].split(separator: " ").joined(separator: " ")
          .replacing("\n", with: "")
      }
    }
    return "unknown"
  }

  /// Of a file that does not change while it runs.
  private static let executableDigest = Result<String, any Error> {
    let path = "/proc/self/exe"
    guard let data = FileManager.default.contents(atPath: path) else { throw StorageError("reading", path) }
    var hash = SHA256()
    data.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest()
  }
}

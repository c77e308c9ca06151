import Experiment
import FoundationEssentials
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
    let path = executable
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StorageError("reading", path, writes: false)
    }
    var hash = SHA256()
    data.withUnsafeBytes { hash.update($0) }
    return hash.hexDigest()
  }

  /// The file of this program: the one that its code is mapped from.
  ///
  /// /proc/self/exe is the loader's where a package brings its own and starts it by name.
  private static var executable: String {
    let here: @convention(c) () -> Void = {}
    let address = UInt(bitPattern: unsafeBitCast(here, to: UnsafeRawPointer.self))
    // "55d0c0a00000-55d0c0b00000 r-xp 00002000 fe:00 1234    /path"
    let mapping = ProcFile.firstLine(of: "/proc/self/maps") { line in
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      return ends.count == 2 && ends[0] <= address && address < ends[1]
    }
    let path = mapping.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
    return path.flatMap { access($0, R_OK) == 0 ? $0 : nil } ?? "/proc/self/exe"
  }
}

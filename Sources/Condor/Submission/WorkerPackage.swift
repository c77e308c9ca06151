import Experiment
import FoundationEssentials
import Storage

/// The worker with all that it needs, in one archive: it brings the loader and the libraries that it was built with, so
/// that it starts on execution points with older ones, and computes the same on all of them.
package struct WorkerPackage: Sendable {
  /// The path of the worker's executable file.
  package var worker: String
  /// Where the archive goes.
  package var output: String
  var tools = CondorTools(timeout: 300)

  package init(worker: String, output: String) {
    self.worker = worker
    self.output = output
  }

  /// What went into the archive.
  package struct Summary: Sendable {
    /// The archive's size.
    package var bytes: Int
    /// The file names of the shared libraries in it.
    package var libraries: [String]
  }

  /// Makes the archive, after having started the packaged worker with nothing but the package.
  ///
  /// The same worker and libraries give the same bytes.
  /// - Throws: `InputError`, `CondorError`, `StorageError`.
  package func make() async throws -> Summary {
    guard Files.exists(worker) else {
      throw InputError(
        "there is no worker at \(worker); build it: swift build -c release --static-swift-stdlib --product qcalo-worker"
      )
    }
    let libraries = try Self.closure(try await tools.output("ldd", [worker]), of: worker)
    let aside = output + ".making"
    if Files.exists(aside) { try Files.remove(aside) }
    defer { _ = try? Files.remove(aside) }
    let root = aside + "/qcalo-worker"
    try Folder.make(root + "/bin")
    try Folder.make(root + "/lib")
    try Files.copy(worker, to: root + "/bin/qcalo-worker")
    for (name, path) in libraries { try Files.copy(path, to: "\(root)/lib/\(name)") }
    let loader = "\(root)/lib/\(Self.loader)"
    guard Files.exists(loader) else {
      throw InputError("\(worker) does not use \(Self.loader): only Linux on x86_64 can be packaged")
    }
    let version = try await tools.run(
      "env", ["-i", loader, "--library-path", root + "/lib", root + "/bin/qcalo-worker", "--version"])
    guard version.exit == 0 else {
      throw CondorError.unsuitable("the packaged worker does not start: \(version.complaint); nothing was written")
    }
    // The loader also looks in the system's folders: none of what it finds may come from there.
    let listed = try await tools.output(
      "env", ["-i", loader, "--library-path", root + "/lib", "--list", root + "/bin/qcalo-worker"])
    if let foreign = try Self.closure(listed, of: worker).first(where: { !$0.path.hasPrefix(root) }) {
      throw CondorError.unsuitable("the packaged worker would use \(foreign.path) of this machine; nothing was written")
    }
    let archive = aside + "/archive.tar.gz"
    _ = try await tools.output(
      "tar",
      [
        "--create", "--file", archive, "--use-compress-program", "gzip --no-name -6", "--sort=name", "--mtime=@0",
        "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX", "--directory", aside, "qcalo-worker",
      ])
    try Folder.make(Folder.parent(of: output))
    try DurableFile.move(archive, to: output)
    let bytes = (try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int) ?? 0
    return Summary(bytes: bytes, libraries: libraries.map(\.name))
  }

  static let loader = "ld-linux-x86-64.so.2"

  /// The libraries in what `ldd` printed, by the name that they are asked for.
  /// - Throws: `InputError` when one is missing.
  static func closure(_ text: String, of worker: String) throws -> [(name: String, path: String)] {
    var libraries: [(name: String, path: String)] = []
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.contains("not"), words.contains("found") {
        throw InputError(
          "\(worker) needs \(words.first ?? "?"), which is not on this machine; install it before packaging")
      }
      if words.count >= 3, words[1] == "=>", words[2].hasPrefix("/") {
        libraries.append((words[0], words[2]))
      } else if let path = words.first, path.hasPrefix("/") {
        libraries.append((Folder.name(of: path), path))
      }
    }
    return libraries.sorted { $0.name < $1.name }
  }
}

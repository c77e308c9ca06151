import Experiment
import FoundationEssentials
import Storage

/// The worker with all that it needs, in one archive: one that is not static brings the loader and the libraries that it
/// was built with, so that it starts on execution points with older ones, and computes the same on all of them.
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
    /// The file names of the shared libraries in it; none where the worker is static.
    package var libraries: [String]
  }

  /// Makes the archive, after having started the packaged worker with nothing but the package.
  ///
  /// The same worker and libraries give the same bytes.
  /// - Throws: `InputError`, `CondorError`, `StorageError`.
  package func make() async throws -> Summary {
    let program = try InputFile.data(
      of: worker, "the worker",
      advice: "build it: scripts/build -c release --static-swift-stdlib --product qcalo-worker")
    let isStatic = Self.isStatic(program)
    let libraries = isStatic ? [] : try Self.closure(try await tools.output("ldd", [worker]), of: worker)
    // The loader tells of libraries by their full paths.
    let aside = URL(fileURLWithPath: output + ".making").standardizedFileURL.path
    if Files.exists(aside) { try Files.remove(aside) }
    defer { _ = try? Files.remove(aside) }
    let root = aside + "/qcalo-worker"
    try Folder.make(root + "/bin")
    try Files.copy(worker, to: root + "/bin/qcalo-worker")
    if !isStatic { try Folder.make(root + "/lib") }
    for (name, path) in libraries { try Files.copy(path, to: "\(root)/lib/\(name)") }
    let loader = "\(root)/lib/\(Self.loader)"
    guard isStatic || Files.exists(loader) else {
      throw InputError("\(worker) does not use \(Self.loader): only Linux on x86_64 can be packaged")
    }
    let start = (isStatic ? [] : [loader, "--library-path", root + "/lib"]) + [root + "/bin/qcalo-worker"]
    let version = try await tools.run("env", ["-i"] + start + ["--version"])
    guard version.exit == 0 else {
      throw CondorError.unsuitable("the packaged worker does not start: \(version.complaint); nothing was written")
    }
    if !isStatic {
      // The loader also looks in the system's folders: none of what it finds may come from there.
      let listed = try await tools.output("env", ["-i"] + start.dropLast() + ["--list"] + start.suffix(1))
      if let foreign = try Self.closure(listed, of: worker).first(where: { !$0.path.hasPrefix(root) }) {
        throw CondorError.unsuitable(
          "the packaged worker would use \(foreign.path) of this machine; nothing was written")
      }
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
    let bytes = FileStatus(output)?.size ?? 0
    return Summary(bytes: bytes, libraries: libraries.map(\.name))
  }

  static let loader = "ld-linux-x86-64.so.2"

  /// Whether a program names no loader: it has all that it needs in itself.
  /// - Source: The ELF format's program headers, of which one of type 3 names the loader.
  static func isStatic(_ program: Data) -> Bool {
    guard program.count >= 64, program.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return false }
    func number(_ offset: Int, bytes: Int) -> Int {
      (0..<bytes).reduce(0) { $0 | Int(program[program.startIndex + offset + $1]) << (8 * $1) }
    }
    let (table, size, count) = (number(32, bytes: 4), number(54, bytes: 2), number(56, bytes: 2))
    guard size >= 4, count > 0, table + size * count <= program.count else { return false }
    return (0..<count).allSatisfy { number(table + $0 * size, bytes: 4) != 3 }
  }

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

import Foundation
import TestSupport
import Testing

/// The programs started as links, by a loader and from elsewhere: as a release or a package starts them.
@Suite struct StartProgramTests {
  private static let loader = "/lib64/ld-linux-x86-64.so.2"
  private static let showers = Repository.path("sweeps/data/geant4_pions.hdf5")
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "dataset: {source: \(Self.showers), energies: [4096], events: 50}\nbudget: {checkpoints: 1}\nvariants: [{label: a}]\n",
      to: "small.yaml")
  }

  @Test(
    "A program that a loader has started gets its own arguments",
    .enabled(if: FileManager.default.fileExists(atPath: loader)),
    arguments: [
      ["qcalo", "--version"], ["qcalo-worker", "--version"], ["qcalo-worker", "dataset", "inspect", showers],
      // qcalo becomes the worker beside it.
      ["qcalo", "dataset", "inspect", showers], ["qcalo", "help", "train"], ["qcalo", "plan", "small.yaml"],
      ["qcalo", "results"],
    ])
  func started(line: [String]) throws {
    let plain = try Programs.run(line[0], Array(line.dropFirst()), in: folder.path)
    let program = Programs.folder.appendingPathComponent(line[0]).path
    let loaded = try Execution(Self.loader, [program] + line.dropFirst(), in: folder.path)
    #expect(loaded.status == plain.status && loaded.output == plain.output && loaded.errors == plain.errors)
  }

  @Test("A link to qcalo finds the worker and the sites, from any folder") func link() throws {
    let link = folder("bin/q")
    try FileManager.default.createDirectory(atPath: folder("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: Programs.folder.appendingPathComponent("qcalo").path)
    for directory in ["/", folder.path] {
      let lint = try Execution(
        link, ["lint", folder("small.yaml"), "--site", "local-pool", "--workspace", folder("work")], in: directory)
      #expect(lint.status == 0 && lint.output.contains("Rules of local-pool"), "\(lint)")
      let inspected = try Execution(link, ["dataset", "inspect", Self.showers], in: directory)
      #expect(inspected.status == 0, "\(inspected)")
    }
  }

  @Test("What belongs to a program that stands alone is missed in a sentence, wherever it is started") func alone()
    throws
  {
    let copy = folder("alone/qcalo")
    try FileManager.default.createDirectory(atPath: folder("alone"), withIntermediateDirectories: true)
    // By another process: what a test of this one starts meanwhile would have the copy open, which then cannot be started.
    #expect(try Execution("cp", [Programs.folder.appendingPathComponent("qcalo").path, copy]).status == 0)
    let lint = try Execution(copy, ["lint", folder("small.yaml"), "--site", "lxbatch"], in: Repository.root.path)
    #expect(lint.status == 64 && lint.errors.contains("is nowhere above \(copy)"), "\(lint)")
    let worker = try Execution(copy, ["dataset", "inspect", Self.showers], in: Programs.folder.path)
    #expect(worker.status == 64 && worker.errors.contains("there is no \(folder("alone/qcalo-worker"))"), "\(worker)")
  }

  @Test(
    "--version says release, commit and what it was built with",
    arguments: [("qcalo", "SQLite 3"), ("qcalo-worker", "HDF5 1")])
  func version(program: String, library: String) throws {
    let output = try Programs.run(program, ["--version"]).output
    let pattern = try Regex(
      "^\(program) [0-9.]+( \\([0-9a-f]{40}\\+?\\))?, built with Swift 6[0-9.]*, Clang [0-9]+[0-9.]* and \(library)[0-9.]+\n$"
    )
    #expect(output.contains(pattern), "\(output)")
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// What both programs do when their output cannot be written, and where `--output` goes.
@Suite struct OutputProgramTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let sample = Repository.path("sweeps/data/geant4_pions.hdf5")
  private static let sweep = Repository.path("sweeps/quickstart.yaml")
  private static let circuit =
    #"{"qubits": 2, "cnot": [1], "rz": false, "repetitions": 1, "x": [[0.1, 0.2]], "theta": [[0.3, 0.4]]}"#

  /// Every way to write without a training before it.
  private static let verbs: [[String]] = [
    ["--help"], ["--version"], ["help", "run"], ["plan", "--keys"], ["plan", "--keys", "--format", "json"],
    ["plan", sweep], ["plan", sweep, "--format", "json"], ["plan", sweep, "--families"], ["plan", sweep, "--coverage"],
    ["lint", sweep, "--site", "lxbatch"], ["query", "SELECT 1"], ["query", "--tables", "--format", "csv"], ["status"],
    ["collect"], ["circuit", "draw", "ry-rz-cnot12-x2"], ["circuit", "evaluate", "c.json"],
    ["circuit", "explain", "ry-cnot1-x1"], ["circuit", "export", "c.json", "--format", "openqasm3"],
    ["circuit", "draw", "--help"], ["dataset", "inspect", sample], ["dataset", "inspect", sample, "--format", "json"],
    ["dataset", "prepare", sample, "--energies", "65536", "--events", "10", "--output", "p.h5"],
  ]

  /// Runs a line of the shell with `qcalo` as its function.
  private func shell(_ line: String, arguments: [String] = []) throws -> Execution {
    let qcalo = Programs.folder.appendingPathComponent("qcalo").path
    return try Execution(
      "/bin/sh", ["-c", "qcalo() { '\(qcalo)' \"$@\"; }\n" + line, "sh"] + arguments, in: folder.path,
      environment: ProcessInfo.processInfo.environment.merging(["QCALO_WORKSPACE": folder("work")]) { $1 })
  }

  private func prepare() throws {
    try folder.write(Self.circuit, to: "c.json")
    let made = try shell("mkdir work && qcalo collect")
    #expect(made.status == 0, "\(made)")
  }

  @Test func `a program outlives those who listened to its standard error`() throws {
    let done = try shell(
      "mkfifo gone; exec 3<>gone; exec 4>gone; exec 3<&-; sleep 0.1; qcalo status nowhere 2>&4; echo $?")
    #expect(done.output == "64\n", "\(done)")
  }

  @Test(arguments: verbs, ["> /dev/full", ">&-"])
  func `a result that cannot be written ends with 74 and a sentence`(arguments: [String], output: String) throws {
    try prepare()
    let done = try shell("qcalo \"$@\" \(output)", arguments: arguments)
    #expect(done.status == 74, "\(done)")
    #expect(done.errors.contains("writing to the standard output: "), "\(done)")
    #expect(done.errors.contains(output == ">&-" ? "Bad file descriptor" : "No space left on device"), "\(done)")
  }

  @Test func `results are written through Output alone`() throws {
    for folder in ["qcalo", "qcalo-worker", "Study"] {
      let files = try #require(FileManager.default.enumerator(atPath: Repository.path("Sources/" + folder)))
      for case let file as String in files where file.hasSuffix(".swift") && file != "FormatOption.swift" {
        let text = try Repository.text("Sources/\(folder)/\(file)")
        #expect(text.firstMatch(of: /(^|[^.a-zA-Z])print\(|FileHandle.standardOutput/) == nil, "\(folder)/\(file)")
      }
    }
  }

  @Test func `no file takes the place of an output that is not there`() throws {
    try prepare()
    let done = try shell("qcalo query 'SELECT 1' >&- 2> errors <&-; cat errors; qcalo query 'SELECT 1'")
    #expect(done.status == 0 && done.output.contains("writing to the standard output: "), "\(done)")
  }

  @Test(arguments: ["", "trap '' PIPE; "]) func `a reader that has gone ends it without a word`(parent: String) throws {
    // A pipe whose only reader has left before the program starts.
    let done = try shell(
      parent + "mkfifo pipe; exec 4<>pipe; exec 5>pipe; exec 4<&-; qcalo plan --keys >&5; echo $?")
    #expect(done.errors.isEmpty && done.output == "141\n", "\(done)")
  }

  // MARK: --output

  private static let outputs: [[String]] = [
    ["dataset", "prepare", sample, "--energies", "65536", "--events", "10", "--output"]
  ]

  /// The bytes that a command writes to a plain file.
  private func plain(_ arguments: [String]) throws -> Data {
    let done = try shell("qcalo \"$@\" plain", arguments: arguments)
    #expect(done.status == 0, "\(done)")
    return try Data(contentsOf: URL(fileURLWithPath: folder("plain")))
  }

  private func kind(_ name: String) -> mode_t {
    var status = stat()
    return lstat(folder(name), &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  @Test(arguments: outputs, ["-", "/dev/stdout", "/proc/self/fd/1"])
  func `the standard output takes the file alone`(arguments: [String], output: String) throws {
    let expected = try plain(arguments)
    for redirection in ["| cat > got", "> got"] {
      let done = try shell("qcalo \"$@\" \(output) \(redirection)", arguments: arguments)
      #expect(done.status == 0, "\(done)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder("got"))) == expected)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["got", "plain"])
  }

  @Test func `the worker's package goes to a file here, to one that is named, and to the standard output`() throws {
    let made = try shell(
      """
      export QCALO_WORKER=/usr/bin/env
      qcalo package && qcalo package --output other.tar.gz && qcalo package --output - > got
      cmp qcalo-worker.tar.gz other.tar.gz && cmp other.tar.gz got && ls
      """)
    #expect(made.status == 0, "\(made)")
    let lines = made.output.split(separator: "\n")
    #expect(lines.prefix(2).map { $0.prefix { $0 != ":" } } == ["qcalo-worker.tar.gz", "other.tar.gz"], "\(made)")
    #expect(lines.dropFirst(2) == ["got", "other.tar.gz", "qcalo-worker.tar.gz"], "\(made)")
  }

  @Test(arguments: outputs) func `a named pipe is written to and stays one`(arguments: [String]) throws {
    let expected = try plain(arguments)
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    let done = try shell("cat pipe > got & qcalo \"$@\" pipe; code=$?; wait; exit $code", arguments: arguments)
    #expect(done.status == 0 && kind("pipe") == S_IFIFO, "\(done)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("got"))) == expected)
  }

  @Test(arguments: outputs) func `a link stays and what it leads to is replaced`(arguments: [String]) throws {
    let expected = try plain(arguments)
    try folder.write("old", to: "elsewhere/got")
    symlink("elsewhere/got", folder("link"))
    let done = try shell("qcalo \"$@\" link", arguments: arguments)
    #expect(done.status == 0 && kind("link") == S_IFLNK, "\(done)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("elsewhere/got"))) == expected)
  }

  /// On a copy of the device: as root, the real one could be lost.
  @Test(.enabled(if: getuid() == 0), arguments: outputs)
  func `a device that is full stays a device, and ends with 74`(arguments: [String]) throws {
    #expect(mknod(folder("full"), S_IFCHR | 0o666, dev_t(1 << 8 | 7)) == 0)
    let done = try shell("qcalo \"$@\" full", arguments: arguments)
    #expect(done.status == 74 && done.errors.contains("writing full: No space left on device"), "\(done)")
    #expect(kind("full") == S_IFCHR)
  }
}

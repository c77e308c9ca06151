import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct WorkerPackageTests {
  @Test("a program with its libraries starts from the archive alone, and the bytes are the same twice")
  func roundTrip() async throws {
    let folder = try TemporaryFolder()
    let package = WorkerPackage(worker: "/usr/bin/env", output: folder("a.tar.gz"))
    let summary = try await package.make()
    #expect(summary.libraries.contains(WorkerPackage.loader))
    #expect(summary.bytes > 100_000)
    // What a package that was killed has left is not in the next.
    try folder.write("left", to: "b.tar.gz.making/qcalo-worker/lib/old.so")
    _ = try await WorkerPackage(worker: "/usr/bin/env", output: folder("b.tar.gz")).make()
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder("a.tar.gz")))
        == Data(contentsOf: URL(fileURLWithPath: folder("b.tar.gz"))))
    try shell("tar -xzf a.tar.gz", in: folder.path)
    let result = try shell(
      "env -i qcalo-worker/lib/\(WorkerPackage.loader) --library-path qcalo-worker/lib qcalo-worker/bin/qcalo-worker --version",
      in: folder.path)
    #expect(result.output.contains("env (GNU coreutils)"))
    // Links into the system's folders would only work where the system is the same.
    #expect(try shell("find qcalo-worker -type l", in: folder.path).output.isEmpty)
  }

  /// glibc's own, which must work where its libraries do not.
  private static let staticProgram = ["/sbin/ldconfig", "/sbin/ldconfig.real"].first { path in
    FileManager.default.contents(atPath: path).map(WorkerPackage.isStatic) ?? false
  }

  @Test("a static program is packed alone", .enabled(if: staticProgram != nil)) func alone() async throws {
    let folder = try TemporaryFolder()
    let package = WorkerPackage(worker: try #require(Self.staticProgram), output: folder("a.tar.gz"))
    #expect(try await package.make().libraries == [])
    #expect(
      try shell("tar -tzf a.tar.gz", in: folder.path).output
        == "qcalo-worker/\nqcalo-worker/bin/\nqcalo-worker/bin/qcalo-worker\n")
  }

  @Test("a program that names a loader is not static, nor is what is no program") func isStatic() throws {
    let program = try Data(contentsOf: URL(fileURLWithPath: "/usr/bin/env"))
    #expect(!WorkerPackage.isStatic(program))
    for cut in [0, 4, 6, 40, 60] { #expect(!WorkerPackage.isStatic(program.prefix(cut)), "\(cut) bytes") }
    #expect(!WorkerPackage.isStatic(Data("#!/bin/sh\nexec qcalo-worker\n".utf8)))
  }

  @Test("a worker that is missing, or does not start, makes no archive")
  func refused() async throws {
    let folder = try TemporaryFolder()
    let missing = await #expect(throws: InputError.self) {
      try await WorkerPackage(worker: "/no/worker", output: folder("a.tar.gz")).make()
    }
    #expect(
      missing?.description.contains("/no/worker: the worker cannot be read: No such file or directory; build it")
        == true)
    let failing = await #expect(throws: CondorError.self) {
      try await WorkerPackage(worker: "/usr/bin/false", output: folder("a.tar.gz")).make()
    }
    #expect(failing?.description.contains("the packaged worker does not start") == true)
    #expect(Files.names(in: folder.path) == [])
  }

  @Test("what ldd prints is understood, and a missing library is named")
  func closure() throws {
    let text = """
      \tlinux-vdso.so.1 (0x00007ffd)
      \tlibhdf5_serial.so.103 => /lib/x86_64-linux-gnu/libhdf5_serial.so.103 (0x00007f)
      \t/lib64/ld-linux-x86-64.so.2 (0x00007f)
      """
    let found = try WorkerPackage.closure(text, of: "w")
    #expect(found.map(\.name) == ["ld-linux-x86-64.so.2", "libhdf5_serial.so.103"])
    let error = #expect(throws: InputError.self) { try WorkerPackage.closure("\tlibx.so.1 => not found", of: "w") }
    #expect(error?.description.contains("w needs libx.so.1, which is not on this machine") == true)
  }
}

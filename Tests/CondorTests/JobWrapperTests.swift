import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct JobWrapperTests {
  /// A scratch folder as HTCondor makes it.
  private struct Scratch {
    let workspace: PoolWorkspace
    var folder: String { workspace.folder("scratch") }

    init(worker: String) async throws {
      workspace = try PoolWorkspace(worker: worker)
      let submission = try await workspace.writer().write(workspace.jobs(1))
      try FileManager.default.copyItem(
        atPath: "\(submission.folder)/jobs/\(submission.manifest.runs[0])", toPath: folder)
      for file in ["job-wrapper", SubmitDescription.packageFile] {
        try FileManager.default.copyItem(atPath: "\(submission.folder)/\(file)", toPath: "\(folder)/\(file)")
      }
    }

    /// Starts the wrapper, having run some other shell commands.
    func wrapper(_ arguments: String, before: String = "") throws -> (exit: Int32, output: String, errors: String) {
      try shell("\(before)\n./job-wrapper r1 \(arguments)", in: folder)
    }
  }

  @Test("it starts the packaged worker in the run's folder, and takes over its exit code")
  func starts() async throws {
    let scratch = try await Scratch(worker: "pwd; echo \"$@\"; exit 86")
    let result = try scratch.wrapper("scratch package --walltime auto", before: "rmdir set-aside; touch lock")
    let real = try shell("pwd -P", in: scratch.folder).output.split(separator: "\n")[0]
    #expect(result.exit == ProgramEnd.diverged.rawValue)
    #expect(result.output == "\(real)\ntrain \(real)/job.json --walltime auto --run-folder \(real)\n")
    for name in SubmitDescription.stateFolders { #expect(Files.exists("\(scratch.folder)/\(name)")) }
    #expect(!Files.exists(scratch.folder + "/lock"))
    // HTCondor starts it again in the same folder after an exit with 85: nothing needs to be unpacked any more.
    let again = try scratch.wrapper("scratch package", before: "rm \(SubmitDescription.packageFile)")
    #expect(again.exit == ProgramEnd.diverged.rawValue)
  }

  @Test("a worker that is static comes without a loader and is started itself")
  func startsStatic() async throws {
    let scratch = try await Scratch(worker: "echo \"$1\"; exit 86")
    let package = SubmitDescription.packageFile
    let result = try scratch.wrapper(
      "scratch package",
      before: """
        tar -xzf \(package) && rm -r qcalo-worker/lib && chmod 755 qcalo-worker/bin/* && tar -czf \(package) qcalo-worker
        rm -r qcalo-worker
        """)
    #expect(result.exit == ProgramEnd.diverged.rawValue && result.output == "train\n", "\(result)")
  }

  @Test("in a shared folder it works where the runs are")
  func shared() async throws {
    let workspace = try PoolWorkspace(worker: "echo \"$@\"")
    var writer = try workspace.writer()
    writer.site.transfer = .sharedFolder
    let submission = try await writer.write(workspace.jobs(1))
    let result = try shell("./job-wrapper r1 shared package", in: submission.folder)
    #expect(result.exit == 0)
    #expect(result.output.contains("/../../runs/r1/job.json --run-folder "))
    #expect(Files.exists(workspace.path + "/runs/r1/journal"))
  }

  @Test("a package that is cut short is a storage failure, in a sentence")
  func torn() async throws {
    let scratch = try await Scratch(worker: "exit 0")
    let result = try scratch.wrapper("scratch package", before: "echo torn >\(SubmitDescription.packageFile)")
    #expect(result.exit == ProgramEnd.storageFailure.rawValue)
    #expect(result.errors.contains("the worker's package cannot be unpacked"))
  }

  @Test("a machine without the worker, or without what it needs, is unsuitable and says what is missing")
  func unsuitable() async throws {
    let scratch = try await Scratch(worker: "exit 0")
    let missing = try scratch.wrapper("scratch '/opt/no worker'")
    #expect(missing.exit == ProgramEnd.unsuitable.rawValue)
    #expect(missing.errors.contains("there is no worker at /opt/no worker"))
    // ldd's words, as glibc prints them.
    let ldd = """
      #!/bin/sh
      echo "	libhdf5_serial.so.103 => not found"
      echo "./w: /lib/libm.so.6: version \\`GLIBC_2.35' not found (required by ./w)"
      """
    try Data(ldd.utf8).write(to: URL(fileURLWithPath: scratch.folder + "/ldd"))
    let result = try scratch.wrapper("scratch /bin/true", before: "chmod +x ldd; PATH=.:$PATH; export PATH")
    #expect(result.exit == ProgramEnd.unsuitable.rawValue)
    #expect(result.errors.contains("needs what is not installed here: GLIBC_2.35 libhdf5_serial.so.103"))
  }

  @Test("another processor architecture is named")
  func architecture() async throws {
    let scratch = try await Scratch(worker: "exit 0")
    try Data("#!/bin/sh\n[ $1 = -m ] && echo aarch64 || exec /bin/uname \"$@\"\n".utf8)
      .write(to: URL(fileURLWithPath: scratch.folder + "/uname"))
    let result = try scratch.wrapper("scratch package", before: "chmod +x uname; PATH=.:$PATH; export PATH")
    #expect(result.exit == ProgramEnd.unsuitable.rawValue)
    #expect(result.errors.contains("the worker needs Linux on x86_64, and this is Linux on aarch64"))
  }
}

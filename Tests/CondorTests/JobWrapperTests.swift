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

    /// The commands that put a program in the place of the system's.
    ///
    /// The shell copies it: a program that this process has open to write, or a child that it is just starting, is busy.
    func program(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).text"))
      return "cp \(name).text \(name); chmod +x \(name); PATH=.:$PATH; export PATH"
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
    let result = try scratch.wrapper("scratch /bin/true", before: try scratch.program("ldd", ldd))
    #expect(result.exit == ProgramEnd.unsuitable.rawValue)
    #expect(result.errors.contains("needs what is not installed here: GLIBC_2.35 libhdf5_serial.so.103"))
  }

  @Test("another processor architecture is named")
  func architecture() async throws {
    let scratch = try await Scratch(worker: "exit 0")
    let uname = "#!/bin/sh\n[ $1 = -m ] && echo aarch64 || exec /bin/uname \"$@\"\n"
    let result = try scratch.wrapper("scratch package", before: try scratch.program("uname", uname))
    #expect(result.exit == ProgramEnd.unsuitable.rawValue)
    #expect(result.errors.contains("the worker needs Linux on x86_64, and this is Linux on aarch64"))
  }

  @Test("the worker gets HTCondor's signal, and how it ends is how the job ends")
  func signals() async throws {
    let scratch = try await Scratch(
      worker: "trap 'exit 75' TERM; touch ../ready; for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & wait; done")
    let stopped = try scratch.wrapper(
      "scratch package & until [ -e ../ready ]; do sleep 0.05; done; kill -TERM $!; wait $!")
    #expect(stopped.exit == ProgramEnd.resumable.rawValue)
    let killed = try await Scratch(worker: "kill -9 $$")
    #expect(try killed.wrapper("scratch package").exit == 128 + 9)
  }

  @Test(
    "a job that was evicted in its last start leaves the queue at the next one, with what is there",
    arguments: [
      ("NumJobStarts = 0", true), ("Arguments = \"NumJobStarts = 7\"\nNumJobStarts = 1\nNumJobStartsX = 9", true),
      ("NumJobStarts = 2", false), ("NumJobStarts = 10", false), ("NumShadowStarts = 9", true),
      ("NumJobStarts = undefined", true), ("", true), (nil, true),
    ])
  func startsAreOver(ad: String?, trains: Bool) async throws {
    let scratch = try await Scratch(worker: "echo \"$@\"")
    if let ad { try Data((ad + "\n").utf8).write(to: URL(fileURLWithPath: scratch.folder + "/job.ad")) }
    let result = try scratch.wrapper(
      "scratch package --starts 2 --walltime auto",
      before: "rmdir set-aside; _CONDOR_JOB_AD=$PWD/job.ad; export _CONDOR_JOB_AD")
    #expect(result.exit == (trains ? 0 : ProgramEnd.resumable.rawValue))
    #expect(result.output.hasPrefix("train ") == trains && !result.output.contains("--starts"))
    #expect(result.errors.isEmpty == trains, "\(result.errors)")
    for name in SubmitDescription.stateFolders { #expect(Files.exists("\(scratch.folder)/\(name)")) }
  }

  /// A scratch folder with a job of three runs, the first of which has ended.
  private func packed(worker: String) async throws -> (PoolWorkspace, folder: String, runs: [String]) {
    let workspace = try PoolWorkspace(worker: worker)
    var writer = try workspace.writer()
    writer.site.pack = 3
    let submission = try await writer.write(workspace.jobs(4))
    #expect(Files.text(submission.folder + "/runs.txt") == "pack-0001 d.hdf5\npack-0002 d.hdf5\n")
    #expect(submission.manifest.jobs.map(\.count) == [3, 1])
    let folder = workspace.folder("scratch")
    try FileManager.default.copyItem(atPath: submission.folder + "/jobs/pack-0001", toPath: folder)
    for file in ["job-wrapper", SubmitDescription.packageFile] {
      try FileManager.default.copyItem(atPath: "\(submission.folder)/\(file)", toPath: "\(folder)/\(file)")
    }
    return (workspace, folder, submission.manifest.jobs[0])
  }

  @Test("the runs of a pack are trained one after the other, and each is over once")
  func pack() async throws {
    // Ends as `end` says, which comes from outside.
    let (workspace, folder, runs) = try await packed(
      worker:
        "echo \"$2 $*\"; ls -d journal checkpoints set-aside job.json >/dev/null && touch journal/$$ && exit $(cat ../../end)"
    )
    try shell("echo 85 >end", in: folder)
    let saved = try shell("./job-wrapper pack-0001 scratch package --walltime auto", in: folder)
    #expect(saved.exit == 85 && saved.output.split(separator: "\n").count == 1)
    try shell("echo 86 >end", in: folder)
    let over = try shell("./job-wrapper pack-0001 scratch package --walltime auto", in: folder)
    #expect(over.exit == 0)
    let started = over.output.split(separator: "\n")
    #expect(over.errors == "")
    #expect(Files.names(in: folder + "/ended") == runs.sorted())
    for run in runs {
      #expect(Files.text("\(folder)/ended/\(run)") == "86\n")
      #expect(!Files.names(in: "\(folder)/state/\(run)/journal").isEmpty)
      let description = try #require(Files.text("\(folder)/work/\(run)/job.json"))
      #expect(description.contains("\"path\" : \"../../d.hdf5\""))
    }
    #expect(started.count == 3)
    withExtendedLifetime(workspace) {}
    // Started again, as after a checkpoint of the last one, nothing is left to do.
    #expect(try shell("./job-wrapper pack-0001 scratch package", in: folder).output == "")
  }

  @Test("a run of a pack that ends its job ends none of the others; between two, what is there is saved")
  func packSaved() async throws {
    let (workspace, folder, runs) = try await packed(worker: "exit $(cat ../../end)")
    try shell("echo 75 >end", in: folder)
    #expect(try shell("./job-wrapper pack-0001 scratch package", in: folder).exit == 75)
    #expect(Files.names(in: folder + "/ended").isEmpty)
    try shell("echo 0 >end", in: folder)
    let arguments = "pack-0001 scratch package --exit-after-checkpoint --exit-interval 0"
    for ended in 1...2 {
      #expect(try shell("./job-wrapper \(arguments)", in: folder).exit == 85)
      #expect(Files.names(in: folder + "/ended").count == ended)
    }
    #expect(try shell("./job-wrapper \(arguments)", in: folder).exit == 0)
    #expect(Files.names(in: folder + "/ended") == runs.sorted())
    withExtendedLifetime(workspace) {}
  }

  @Test("the ends of a run that end it for good are those after which its job leaves the queue")
  func packEnds() throws {
    let wrapper = try #require(Files.text(library.wrapper))
    let final = Policy(SiteProfile()).finalExits.map { "\($0.rawValue)" }.joined(separator: " | ")
    #expect(wrapper.contains("case $code in \(final)) echo"))
  }

  @Test(
    "generators go home once, at a checkpoint, and stay where HTCondor does not offer that", arguments: [true, false])
  func generators(isOffered: Bool) async throws {
    let scratch = try await Scratch(
      worker: "echo a >checkpoints/generator-000001.h5; echo f >checkpoints/full-000001.h5; exit 85")
    let (offer, home) = try chirp(in: scratch.workspace, isOffered: isOffered)
    try shell("mkdir -p \(home)/../../runs/r1/checkpoints", in: scratch.folder)
    for _ in 1...2 {
      let end = try scratch.wrapper("scratch package --exit-after-checkpoint", before: offer)
      #expect(end.exit == 85 && end.errors == "")
      let here = Files.names(in: scratch.folder + "/checkpoints")
      let home = Files.names(in: home + "/../../runs/r1/checkpoints")
      #expect(here == (isOffered ? ["full-000001.h5"] : ["full-000001.h5", "generator-000001.h5"]))
      #expect(home == (isOffered ? ["generator-000001.h5"] : []))
    }
  }

  /// A condor_chirp whose access point has the submission's folder beside it.
  /// - Returns: Shell commands after which the wrapper finds it, where it is offered; and that folder.
  private func chirp(in workspace: PoolWorkspace, isOffered: Bool = true) throws -> (offer: String, home: String) {
    try workspace.folder.write(
      program: """
        #!/bin/sh
        home=$(dirname "$0")/home/submissions/demo-1
        case $1 in
        put) cp "$2" "$home/$3" ;;
        fetch) cp "$home/$2" "$3" ;;
        link) ln "$home/$2" "$home/$3" ;;
        remove) rm "$home/$2" ;;
        esac
        """, to: "bin/condor_chirp")
    let (bin, home) = (workspace.folder("bin"), workspace.folder("bin/home/submissions/demo-1"))
    try shell("mkdir -p \(home)/ended", in: bin)
    let offer = isOffered ? "_CONDOR_CHIRP_CONFIG=.chirp.config; export _CONDOR_CHIRP_CONFIG;" : ""
    return ("\(offer) PATH=\(bin):$PATH; export PATH", home)
  }

  @Test("a run of a pack that is over goes home at the next checkpoint, and is over for later starts too")
  func packDelivered() async throws {
    let (workspace, folder, runs) = try await packed(
      worker:
        "echo new >journal/attempt-0002.jsonl; echo f >checkpoints/full-000001.h5; echo $$ >>../../started; exit 0")
    let (offer, home) = try chirp(in: workspace)
    func count(_ file: String) throws -> Int { try #require(Files.text(file)).split(separator: "\n").count }
    for run in runs {
      for place in ["\(home)/../../runs/\(run)", "\(folder)/state/\(run)"] {
        try shell(
          "mkdir -p \"$1/journal\" \"$1/checkpoints\"; echo sent >\"$1/journal/attempt-0001.jsonl\"", in: folder,
          arguments: [place])
      }
    }
    func wrapper(_ starts: Int, in folder: String) throws -> Int32 {
      try shell("echo NumJobStarts = \(starts) >job.ad", in: folder)
      let arguments = "pack-0001 scratch package --exit-after-checkpoint --exit-interval 0"
      let commands = "\(offer); _CONDOR_JOB_AD=job.ad; export _CONDOR_JOB_AD; ./job-wrapper \(arguments)"
      return try shell(commands, in: folder).exit
    }
    let fresh = workspace.folder("fresh")
    try FileManager.default.copyItem(atPath: folder, toPath: fresh)
    #expect(try wrapper(0, in: folder) == 85)
    #expect(Files.names(in: home + "/ended") == [runs[0]])
    let there = "\(home)/../../runs/\(runs[0])"
    #expect(Files.names(in: there + "/checkpoints") == ["full-000001.h5"])
    #expect(Files.text(there + "/journal/attempt-0002.jsonl") == "new\n")
    // What went along with the job stays as it is, in both places.
    #expect(Files.names(in: there + "/journal") == ["attempt-0001.jsonl", "attempt-0002.jsonl"])
    #expect(Files.names(in: "\(folder)/state/\(runs[0])/journal") == ["attempt-0001.jsonl"])
    #expect(Files.names(in: "\(folder)/state/\(runs[0])/checkpoints").isEmpty)
    // Killed there before that was saved, elsewhere it goes on with the second.
    #expect(try wrapper(1, in: fresh) == 85)
    #expect(try wrapper(1, in: fresh) == 0 && count(fresh + "/started") == 2)
    #expect(Files.names(in: fresh + "/ended") == runs.sorted())
    withExtendedLifetime(workspace) {}
  }
}

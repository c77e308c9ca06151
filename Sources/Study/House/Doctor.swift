import Condor
import Experiment
import Foundation
package import Ledger
package import Reports
import Storage
import Subprocess

/// What is here of what qcalo needs, and whether a workspace is whole.
package struct Doctor: Sendable {
  /// One thing that was looked at.
  package struct Finding: Hashable, Sendable {
    /// How it is.
    package enum Verdict: String, Sendable { case good = "ok", remark = "note", bad = "BAD" }

    /// What was looked at.
    package var subject: String
    /// How it is.
    package var verdict: Verdict
    /// What was found, and what to do.
    package var text: String
  }

  /// What was found, in order.
  package private(set) var findings: [Finding] = []

  /// Looks at this machine and a workspace; nothing is changed.
  package init(_ workspace: Workspace) async {
    await lookAtPrograms()
    lookAtMachine(workspace)
    lookAt(workspace)
  }

  /// Whether something is bad.
  package var isBad: Bool { findings.contains { $0.verdict == .bad } }

  /// A row for each finding.
  package var table: TextTable {
    TextTable(
      key: "findings",
      columns: [
        Column("", key: "verdict", importance: 9), Column("what", key: "subject", importance: 9),
        Column("found", key: "text", importance: 8),
      ], rows: findings.map { [.text($0.verdict.rawValue), .text($0.subject), .text($0.text)] })
  }

  private mutating func find(_ subject: String, _ verdict: Finding.Verdict, _ text: String) {
    findings.append(Finding(subject: subject, verdict: verdict, text: text))
  }

  private mutating func lookAtPrograms() async {
    find("qcalo", .good, "\(BuildInfo.version), \(ThisProgram.path)")
    do {
      let path = try WorkerProgram.path()
      let version = try await WorkerProgram.output(["--version"])
      find("qcalo-worker", .good, "\(version.split(separator: "\n").first ?? ""), \(path)")
    } catch {
      find("qcalo-worker", .bad, "\(error)")
    }
    if let gnuplot = await Self.said("gnuplot", ["--version"]) {
      find("gnuplot", .good, gnuplot)
    } else {
      find("gnuplot", .remark, "not here: pictures are there as SVG alone, and not all of them")
    }
    if let condor = await Self.said("condor_version", []) {
      find("HTCondor", .good, condor)
    } else {
      find("HTCondor", .remark, "not here: sweeps are trained on this machine only")
    }
  }

  private mutating func lookAtMachine(_ workspace: Workspace) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
    #if arch(arm64)
      let kernels = "neon"
    #else
      let flags = ProcFile.firstLine(of: "/proc/cpuinfo") { $0.hasPrefix("flags") } ?? ""
      let kernels =
        flags.contains(" avx512f") ? "avx512" : flags.contains(" avx2") ? "avx2" : "generic (no AVX2: training is slow)"
    #endif
    find("machine", .good, "\(counted(cores, "core")), \(Int(memory)) GB of memory; kernels: \(kernels)")
    var place = workspace.path
    while !Folder.isFolder(place), Folder.parent(of: place) != place { place = Folder.parent(of: place) }
    let system = try? FileManager.default.attributesOfFileSystem(forPath: place)
    guard let free = (system?[.systemFreeSize] as? NSNumber)?.doubleValue else {
      return find("disk", .remark, "the free space of \(place) cannot be asked for")
    }
    find(
      "disk", free < 1e9 ? .bad : free < 1e10 ? .remark : .good,
      "\(Cell.number(free / 1e9).text) GB free at \(place)"
        + (free < 1e10 ? "; a run of 500 checkpoints takes about 1 GB" : ""))
  }

  private mutating func lookAt(_ workspace: Workspace) {
    guard Folder.isFolder(workspace.path) else {
      return find("workspace", .remark, "\(workspace.path) is not there yet; `qcalo run SWEEP` makes it")
    }
    do {
      let ledger = try Ledger(reading: workspace)
      let statuses = try ledger.statuses()
      let sweeps = try ledger.sweeps().count
      find(
        "ledger", .good,
        "\(workspace.ledger): whole, \(counted(sweeps, "sweep")), \(counted(statuses.count, "run"))")
      let missing = statuses.filter { $0.state == .missing }.map(\.run)
      if !missing.isEmpty {
        find(
          "runs", .bad,
          "their folders are gone: \(missing.firstFive(separator: ", ")); `qcalo collect --rebuild` forgets them")
      }
      let unknown = statuses.filter { $0.state == .unknown }.map(\.run)
      if !unknown.isEmpty {
        find("runs", .remark, "nobody can tell whether they are trained: \(unknown.firstFive(separator: ", "))")
      }
      let known = Set(statuses.map(\.run))
      let strange = try Folder.names(in: workspace.runs).filter { !known.contains($0) }
      if !strange.isEmpty {
        find("runs", .remark, "not in the ledger: \(strange.firstFive(separator: ", ")); `qcalo collect` takes them in")
      }
      for folder in Submission.unreadable(in: workspace.path) {
        find("submissions", .bad, "\(folder): its submission.json cannot be read: put it back, or nothing is submitted")
      }
      if missing.isEmpty, unknown.isEmpty, strange.isEmpty { find("runs", .good, "each has its folder") }
    } catch {
      find("ledger", .bad, "\(error)")
    }
  }

  /// The first line that a program prints; nil where there is no such program.
  private static func said(_ program: String, _ arguments: [String]) async -> String? {
    let result = try? await Subprocess.run(
      .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 16), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.split(separator: "\n").first.map(String.init)
  }
}

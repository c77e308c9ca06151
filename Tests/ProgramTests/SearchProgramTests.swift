import Experiment
import Foundation
import TestSupport
import Testing

/// Searches as a user starts them, at an HTCondor whose condor_submit trains the jobs itself before it returns.
@Suite struct SearchProgramTests {
  private let pool: FakePool
  private var folder: TemporaryFolder { pool.folder }

  init() throws {
    pool = try FakePool(
      submit: """
        echo "$@" >>QUEUE; n=$((11 + $(wc -l <QUEUE))); i=0
        while read -r run rest; do
          \(Programs.folder.path)/qcalo-worker train ../../runs/$run/job.json >/dev/null
          printf '005 (%03d.%03d.000) 2026-11-23 18:43:00 Job terminated.\\n\\t(1) Normal termination (return value 0)\\n...\\n' \
        $n $i >>events.log
          i=$((i + 1))
        done <runs.txt
        echo "$n.0 - $n.$((i - 1))"
        """)
    try folder.write(
      """
      dataset: {source: \(Repository.path("sweeps/data/geant4_pions.hdf5")), energies: [65536], events: 50}
      training: {checkpoint_interval: 1}
      discriminator.hidden: [6]
      search:
        space: {hidden: [[3], [4], [5], [6]], training.learning_rate: {log_uniform: [1.0e-4, 1.0e-2]}}
        method: random
        trials: 4
        rungs: [1, 3]
        factor: 2
        replicates: [1, 2]
        at_once: 1

      """, to: "wanted.yaml")
    try folder.write(
      "extends: local-pool\ntransfer: shared-folder\nworker_path: /bin/true\nrules: {refused_paths: []}\n",
      to: "site.yaml")
  }

  private func qcalo(_ line: String, workspace: String = "work") throws -> Execution {
    let path = pool.bin + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    return try Programs.run(
      line.split(separator: " ").map(String.init), in: folder.path,
      environment: ["QCALO_WORKSPACE": folder(workspace), "PATH": path])
  }

  @Test func `a search goes to HTCondor and is watched to its end, with the decisions of a worker here`() throws {
    let first = try qcalo("submit wanted.yaml --site ./site.yaml")
    #expect(first.status == 0 && first.output == "wanted: 1 of 4 trials, 1 runs being trained\n", "\(first)")
    #expect(first.errors.contains("qcalo search step wanted"))
    let second = try qcalo("search step wanted")
    #expect(second.status == ProgramEnd.resumable.rawValue, "\(second)")
    #expect(second.output == "wanted: 2 of 4 trials, 1 runs being trained\n")
    let watched = try qcalo("search step wanted --watch --every 1")
    #expect(watched.status == 0, "\(watched)")
    #expect(watched.output.contains("The search wanted is over: all 4 trials were tried"), "\(watched)")
    let again = try qcalo("resume wanted")
    #expect(again.status == 0 && again.output.hasPrefix("The search wanted is over"), "\(again)")

    let here = try qcalo("run wanted.yaml --jobs 1", workspace: "here")
    #expect(here.status == 0, "\(here)")
    func told(_ workspace: String) throws -> String {
      let sql = "SELECT number, trial, rung, cause, reason FROM decisions ORDER BY number"
      return try Programs.run(
        ["query", sql, "--format", "csv"], environment: ["QCALO_WORKSPACE": folder(workspace)]
      ).output
    }
    #expect(try told("work") == told("here"))
    #expect(try told("work").split(separator: "\n").count > 6)
  }

  @Test func `a search is on the report, in pictures, and exported to Optuna`() throws {
    #expect(try qcalo("run wanted.yaml --jobs 2").status == 0)
    #expect(try qcalo("report wanted --no-showers --output page.html").status == 0)
    let page = try String(contentsOfFile: folder("page.html"), encoding: .utf8)
    for text in [
      "<section id=\"search\">", "Trials of wanted", "aria-label=\"Ladder of wanted: the objective of each trial",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    _ = try qcalo("plots wanted --no-showers --output plots")
    for name in ["ladder", "coordinates", "best"] {
      #expect(FileManager.default.fileExists(atPath: folder("plots/search-\(name).svg")), "\(name)")
    }
    #expect(try qcalo("export wanted --to optuna --output x.db").output == "x.db\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("x.db"))).starts(with: Data("SQLite format 3".utf8)))
    let stdout = try qcalo("export wanted --to optuna --output -")
    #expect(stdout.status == ProgramEnd.badInput.rawValue && stdout.errors.contains("makes a database; name its file"))
  }

  @Test func `what a search cannot be asked for is told`() throws {
    for (line, problem) in [
      ("submit wanted.yaml --site ./site.yaml --dry-run", "--dry-run: a search decides as runs come back"),
      ("submit wanted.yaml --site ./site.yaml --dag", "--dag: a search decides as runs come back"),
      ("submit wanted.yaml --site ./site.yaml --seeds 1", "a search chooses for itself"),
      ("search step wanted", "wanted is no search"),
      ("search step wanted.yaml", "the search wanted was never sent to HTCondor"),
    ] {
      let outcome = try qcalo(line)
      #expect(outcome.status == ProgramEnd.badInput.rawValue && outcome.errors.contains(problem), "\(line): \(outcome)")
    }
    let lint = try qcalo("lint wanted.yaml --site ./site.yaml")
    #expect(lint.status == 0 && lint.output.contains("Rules of"), "\(lint)")
  }
}

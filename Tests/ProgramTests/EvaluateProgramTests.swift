import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct EvaluateProgramTests {
  private static let sweep = """
    name: judged
    dataset:
      source: pions.hdf5
      energies: [65536]
      events: 50
    training:
      checkpoint_interval: 2
    budget:
      checkpoints: 2
    hidden: [5]
    variants:
      - label: Classical
      - label: 1x
        circuit: {cnot: [1, 2]}

    """

  @Test func `the best generators of a sweep are judged by fresh showers, and the ledger has it for good`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.sweep, to: "judged.yaml")
    try FileManager.default.copyItem(
      atPath: Repository.path("sweeps/data/geant4_pions.hdf5"), toPath: folder("pions.hdf5"))
    func qcalo(_ arguments: String...) throws -> Programs.Outcome {
      try Programs.run(arguments, in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    }
    #expect(try qcalo("run", "judged.yaml").status == 0)
    let before = try qcalo("results", "judged", "--format", "csv").output
    #expect(!before.contains("fpd"))

    let judged = try qcalo("evaluate", "judged", "--at", "best", "--metrics", "chi2,fpd,separation")
    #expect(judged.status == 0, "\(judged.errors)")
    for part in ["held-out χ²", "FPD ×10³", "separation", "Floor (Geant4 against other Geant4), of the last run: "] {
      #expect(judged.output.contains(part), "\(part)\n\(judged.output)")
    }
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder("work/runs"))
    for run in runs {
      let lines = try String(contentsOfFile: folder("work/runs/\(run)/metrics.jsonl"), encoding: .utf8)
      #expect(lines.hasSuffix("\n") && lines.contains("\"events\":50,\"heldOut\":true"), "\(lines)")
    }
    let columns = "SELECT run, checkpoint, chosen, held_out_chi2, fpd, fpd_floor, separation FROM metrics ORDER BY run"
    let recorded = try qcalo("query", columns, "--format", "json").output
    #expect(recorded.contains("\"chosen\": \"best\"") || recorded.contains("\"best\""), "\(recorded)")
    let results = try qcalo("results", "judged", "--sort", "fpd", "--format", "csv")
    #expect(results.status == 0 && results.output.contains("fpd_x1000,fpd_x1000_std"), "\(results)")
    let compared = try qcalo("compare", "1x", "Classical", "--by", "held_out_chi2")
    #expect(compared.output.contains("1x against Classical: held-out χ² of fresh showers of the best checkpoint"))

    let one = try qcalo("evaluate", runs[0], "--at", "1", "--metrics", "chi2", "--held-out", "20", "--format", "json")
    #expect(one.status == 0 && one.output.contains("\"events\""), "\(one)")
    let few = try qcalo("evaluate", runs[0], "--at", "1", "--metrics", "chi2", "--auc", "--held-out", "19")
    #expect(few.status == 0 && few.errors.contains("\(runs[0]): auc: 19 events are too few; 20 are needed"), "\(few)")
    #expect(try qcalo("collect", "--rebuild").status == 0)
    #expect(
      try qcalo("query", columns.replacing("ORDER", with: "WHERE chosen = 'best' ORDER"), "--format", "json").output
        == recorded)

    // What a sweep file orders is done at the end of a run, once.
    let order = Self.sweep + "evaluate: {metrics: [chi2, separation], every: 1, held_out: 20}\n"
    try folder.write(order.replacing("judged", with: "ordered"), to: "ordered.yaml")
    func lines() throws -> Int {
      try runs.reduce(0) {
        $0
          + (try String(contentsOfFile: folder("work/runs/\($1)/metrics.jsonl"), encoding: .utf8)).count(
            where: \.isNewline)
      }
    }
    let known = try lines()
    let ordered = try qcalo("run", "ordered.yaml")
    #expect(ordered.status == 0 && ordered.output.contains("held-out χ²"), "\(ordered)")
    // Of each run checkpoints 1 and 2, one of which may be the best, or the untrained one is.
    let added = try lines() - known
    #expect(4...6 ~= added && ordered.errors.contains("evaluating \(runs[0]) at best"), "\(ordered.errors)")
    let again = try qcalo("evaluate", "ordered")
    #expect(again.status == 0 && again.errors.contains("all that the sweep's file orders is recorded"), "\(again)")
    #expect(try lines() == known + added)

    try FileManager.default.removeItem(atPath: folder("pions.hdf5"))
    try folder.write(order.replacing("judged", with: "ordered").replacing("20}", with: "21}"), to: "ordered.yaml")
    let lost = try qcalo("resume", "ordered")
    #expect(lost.status == 0, "the resumed sweep is the recorded one, all of which is judged: \(lost)")
    let absent = try qcalo("evaluate", runs[0])
    #expect(absent.status == 64 && absent.errors.contains("pions.hdf5, is not here"), "\(absent)")
    let pruned = try qcalo("evaluate", runs[0], "--at", "9")
    #expect(pruned.errors.contains("the generator of checkpoint 9 is not kept here"), "\(pruned)")
    for (option, value) in [("--at", "worst"), ("--metrics", "speed"), ("--held-out", "0"), ("--held-out", "10000001")]
    {
      #expect(try qcalo("evaluate", "judged", option, value).status == 64, "\(option)")
    }
    #expect(try qcalo("compare", "1x", "Classical", "--by", "speed").status == 64)
  }

  @Test func `asked to stop, it ends its worker, and what was judged before is recorded`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.sweep, to: "judged.yaml")
    try FileManager.default.copyItem(
      atPath: Repository.path("sweeps/data/geant4_pions.hdf5"), toPath: folder("pions.hdf5"))
    // The first judgement is the worker's; the second takes a minute.
    let worker = try folder.write(
      program: """
        #!/bin/sh
        if [ "$1" = evaluate ] && [ -e '\(folder("first"))' ]; then
          echo $$ >'\(folder("pid.new"))' && mv '\(folder("pid.new"))' '\(folder("pid"))'
          exec sleep 60
        fi
        [ "$1" != evaluate ] || : >'\(folder("first"))'
        exec '\(Programs.folder.path)/qcalo-worker' "$@"

        """, to: "worker")
    let environment = ["QCALO_WORKSPACE": folder("work"), "QCALO_WORKER": worker]
    #expect(try Programs.run(["run", "judged.yaml"], in: folder.path, environment: environment).status == 0)
    let stopped = try Programs.run(
      "qcalo", ["evaluate", "judged", "--at", "best", "--metrics", "chi2"], in: folder.path, environment: environment
    ) { qcalo in
      for _ in 0..<1200 where !FileManager.default.fileExists(atPath: folder("pid")) { usleep(50_000) }
      kill(qcalo, SIGTERM)
    }
    #expect(stopped.status == 75 && stopped.errors.contains("stopped by SIGTERM"), "\(stopped)")
    let text = try String(contentsOfFile: folder("pid"), encoding: .utf8)
    let pid = try #require(Int32(text.trimmingCharacters(in: .newlines)))
    #expect(kill(pid, 0) == -1 && errno == ESRCH, "the worker \(pid) is still there")
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder("work/runs"))
    #expect(runs.count { FileManager.default.fileExists(atPath: folder("work/runs/\($0)/metrics.jsonl")) } == 1)
  }
}

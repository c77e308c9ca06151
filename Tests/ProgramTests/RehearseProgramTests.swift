import Experiment
import Foundation
import Records
import TestSupport
import Testing

/// `qcalo rehearse` on a run that takes a second.
@Suite struct RehearseProgramTests {
  let folder: TemporaryFolder
  var work: String { folder("work") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      name: small
      dataset:
        source: \(Repository.path("sweeps/data/geant4_pions.hdf5"))
        energies: [65536]
        events: 50
      budget:
        checkpoints: 3
      hidden: [5]
      discriminator.hidden: [8]
      variants:
        - label: Classical
        - label: 1x
          circuit: {cnot: [1]}

      """, to: "small.yaml")
  }

  private func rehearse(_ arguments: String..., worker: String? = nil) throws -> Programs.Outcome {
    var environment = ["QCALO_WORKSPACE": work]
    environment["QCALO_WORKER"] = worker
    return try Programs.run("qcalo", ["rehearse", "small.yaml"] + arguments, in: folder.path, environment: environment)
  }

  private func records() throws -> [RehearsalRecord] {
    try FileManager.default.contentsOfDirectory(atPath: work + "/rehearsals").filter { $0.hasSuffix(".json") }.map {
      try CanonicalJSON.value(from: try Data(contentsOf: URL(fileURLWithPath: work + "/rehearsals/" + $0)))
    }
  }

  @Test func `kills change no bit, and the record says which binary has shown it`() throws {
    let found = try rehearse("--only", "1x", "--kills", "6", "--checkpoints", "4", "--interval", "30")
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.hasPrefix("6 kills ("))
    #expect(
      found.output.contains("identical to the last bit: every array of 5 checkpoints of ry-rz-cnot1-x1-5-d-8-s1-"))
    let record = try #require(try records().first)
    #expect(record.passed && record.kills.count == 6 && record.checkpoints == 4)
    #expect(record.provenance.binary.count == 64)
    let left = try FileManager.default.contentsOfDirectory(atPath: work + "/rehearsals")
    #expect(left.count == 1, "what was trained is removed: \(left)")
    let recorded = try Programs.run(
      ["query", "SELECT kills, passed FROM rehearsals", "--format", "csv"], environment: ["QCALO_WORKSPACE": work])
    #expect(recorded.output == "kills,passed\n6,1\n", "\(recorded.errors)")
  }

  @Test func `a difference is shown and ends with 1`() throws {
    // A worker that lies about one checkpoint of disturbed runs.
    let liar = try folder.write(
      program: """
        #!/bin/sh
        case "$*" in
          *digest*/disturbed*) "$REAL" "$@" | sed 's/"iteration" : 20/"iteration" : 21/' ;;
          *) exec "$REAL" "$@" ;;
        esac

        """.replacingOccurrences(of: "$REAL", with: Programs.folder.appendingPathComponent("qcalo-worker").path),
      to: "liar")
    let found = try rehearse("--kills", "1", "--checkpoints", "2", "--signal", "KILL", worker: liar)
    #expect(found.status == 1)
    #expect(found.errors.contains("round 1 differs: undisturbed"))
    #expect(found.output.contains("NOT identical"))
    #expect(try records().map(\.passed) == [false])
  }

  @Test func `what cannot be rehearsed is refused with a sentence`() throws {
    #expect(try rehearse("--only", "7x", "--kills", "1").status == 64)
    let missing = try Programs.run("qcalo", ["rehearse", folder("gone.json"), "--kills", "1"], in: folder.path)
    #expect(missing.status == 64)
    #expect(
      missing.errors == "qcalo: \(folder("gone.json")): the job description cannot be read: No such file or directory\n"
    )
    #expect(try rehearse("--kills", "0").status == 64)
  }
}

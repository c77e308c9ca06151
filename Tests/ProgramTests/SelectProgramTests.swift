import Calorimetry
import Foundation
import TestSupport
import Testing

@Suite struct SelectProgramTests {
  private static let sweep = """
    name: choice
    dataset:
      source: SOURCE
      energies: [4096, 65536]
      events: 50
    training:
      checkpoint_interval: 2
    budget:
      checkpoints: 1
    hidden: [5]
    discriminator.hidden: [8]
    conditioned: true
    variants:
      - label: 1x
        circuit: {cnot: [1]}
      - label: parametric
        kind: parametric
        parametric: {bins: 2, components: 5}

    """

  @Test func `the best simulators of a sweep become a bundle that showers are generated from`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Self.sweep.replacing("SOURCE", with: Repository.path("sweeps/data/geant4_pions.hdf5")), to: "choice.yaml")
    func qcalo(_ line: String) throws -> Programs.Outcome {
      try Programs.run(
        line.split(separator: " ").map(String.init), in: folder.path, environment: ["QCALO_WORKSPACE": folder("work")])
    }
    let planned = try qcalo("plan choice.yaml --format json")
    #expect(planned.output.contains(#""parametric": {"bins": 2, "components": 5, "quantiles": 17}"#), "\(planned)")
    #expect(
      try qcalo("plan choice.yaml").output.contains("1 variant is fitted, not trained: checkpoint 1 is all of it"))
    #expect(try qcalo("run choice.yaml").status == 0)
    let results = try qcalo("results choice")
    #expect(results.output.contains("\nparametric ") && results.output.contains("state finished"), "\(results.output)")
    #expect(try qcalo("results choice --format csv").output.contains("parametric-bins2-components5"))

    let early = try qcalo("select choice --by fpd --output early")
    #expect(early.status == 64 && early.errors.contains("no run of choice has fpd at its best checkpoint"), "\(early)")
    #expect(!FileManager.default.fileExists(atPath: folder("early")))
    #expect(try qcalo("evaluate choice --metrics fpd,chi2").status == 0)

    let selected = try qcalo("select choice --by fpd --output best --format csv")
    #expect(selected.status == 0, "\(selected)")
    let lines = selected.output.split(separator: "\n")
    #expect(lines.count == 3 && lines.dropFirst().allSatisfy { $0.contains(",parametric,") }, "\(selected.output)")
    let manifest = try String(contentsOfFile: folder("best/manifest.json"), encoding: .utf8)
    for part in [#""schema" : 1"#, #""by" : "fpd""#, #""microsecondsPerShower" : "#, #""floor" : "#, #""dataset" : "#] {
      #expect(manifest.contains(part), "\(part)\n\(manifest)")
    }
    let again = try qcalo("select choice --by fpd --output best")
    #expect(again.status == 64 && again.errors.contains("best is there already"), "\(again)")

    let made = try qcalo("generate --bundle best --energies 4096,20000,65536 --events 20 --output a.h5")
    #expect(made.status == 0, "\(made)")
    let file = try ShowerFile(reading: folder("a.h5"))
    #expect(file.events == 60 && file.voxels == 533)
    #expect(try file.incidentEnergies()[20] == 20000)
    #expect(try file.attribute("simulators")?.hasPrefix("4096, 20000, 65536: parametric-bins2-components5-s1-") == true)
    _ = try qcalo("generate --bundle best --energies 4096,20000,65536 --events 20 --output b.h5")
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder("a.h5")))
        == Data(contentsOf: URL(fileURLWithPath: folder("b.h5"))))
    let beyond = try qcalo("generate --bundle best --energies 70000 --events 20 --output c.h5")
    #expect(beyond.status == 64 && beyond.errors.contains("reach 4096 … 65536 MeV"), "\(beyond)")

    // The circuit by itself: its layers and its angles are there for other software.
    let text = try String(contentsOfFile: folder("choice.yaml"), encoding: .utf8)
    let alone = text.components(separatedBy: "  - label: parametric")[0].replacing(
      "name: choice", with: "name: circuits")
    try folder.write(alone, to: "circuits.yaml")
    #expect(try qcalo("run circuits.yaml").status == 0)
    #expect(try qcalo("select circuits --by chi2 --output quantum").status == 0)
    for part in ["onnx", "circuits", "simulators"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder("quantum/\(part)")).count == 1, "\(part)")
    }
    // A file that is another than the one that was chosen is not used.
    let name = try FileManager.default.contentsOfDirectory(atPath: folder("quantum/simulators"))[0]
    try folder.write("no checkpoint", to: "quantum/simulators/\(name)")
    let changed = try qcalo("generate --bundle quantum --events 2 --output c.h5")
    #expect(
      changed.status == 64 && changed.errors.contains("is not the file that the bundle was made with"), "\(changed)")
  }
}

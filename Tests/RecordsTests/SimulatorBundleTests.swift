import Experiment
import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct SimulatorBundleTests {
  private static func choice(_ energy: Double, _ range: [Double], _ particle: Particle = .pion)
    -> SimulatorBundle.Choice
  {
    SimulatorBundle.Choice(
      particle: particle, energy: energy, range: range, label: "x", sweep: "s", run: "r", seed: 1, checkpoint: 2,
      dataset: "d", commit: nil, parameters: 3, score: MetricValue(value: 1), metrics: nil, ties: [],
      files: .init(checkpoint: "simulators/r-2.h5", sha256: "ab"))
  }

  private let bundle = SimulatorBundle(
    by: "fpd", program: "qcalo",
    choices: [
      choice(1000, [1000, 64000]), choice(8000, [8000, 8000]), choice(64000, [1000, 64000]),
    ])

  @Test(arguments: [(1000, 1000), (4000, 1000), (8000, 8000), (8001, 64000), (7999, 1000), (64000, 64000)])
  func `an energy has the nearest simulator that reaches it, in log E`(energy: Double, expected: Double) throws {
    #expect(try bundle.choice(for: nil, at: energy).energy == expected)
  }

  @Test func `what none reaches, and of which particle is not said, is refused`() throws {
    let beyond = #expect(throws: InputError.self) { try bundle.choice(for: .pion, at: 70000) }
    #expect(
      beyond?.description
        == "an energy of 70000 MeV: the bundle's simulators of pions reach 1000 … 64000, 8000 MeV")
    #expect(throws: InputError.self) { try bundle.choice(for: .photon, at: 1000) }
    var several = bundle
    several.choices.append(Self.choice(1000, [1000, 1000], .photon))
    let open = #expect(throws: InputError.self) { try several.choice(for: nil, at: 1000) }
    #expect(open?.description == "the bundle has simulators of photon, pion; say by --particle which is meant")
    #expect(try several.choice(for: .photon, at: 1000).particle == .photon)
  }

  @Test func `a description is read back, and a foreign or another version's refused`() throws {
    let folder = try TemporaryFolder()
    func write(_ bundle: SimulatorBundle) throws {
      try folder.write(String(decoding: CanonicalJSON.data(bundle), as: UTF8.self), to: SimulatorBundle.manifestName)
    }
    try write(bundle)
    #expect(try SimulatorBundle(reading: folder.path) == bundle)
    var (newer, outside) = (bundle, bundle)
    newer.schema = 2
    outside.choices[0].files.checkpoint = "../secret.h5"
    for wrong in [newer, outside] {
      try write(wrong)
      #expect(throws: InputError.self) { try SimulatorBundle(reading: folder.path) }
    }
    try folder.write("{}", to: SimulatorBundle.manifestName)
    #expect(throws: InputError.self) { try SimulatorBundle(reading: folder.path) }
    #expect(throws: InputError.self) { try SimulatorBundle(reading: folder("none")) }
  }
}

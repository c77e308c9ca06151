import Foundation
import TestSupport
import Testing

/// The drawing at the top of Package.swift, as rules over what `swift package dump-package` says.
@Suite struct PackageShapeTests {
  private struct Target {
    var uses: Set<String>
    var products: Set<String>
  }

  private static let ground: Set = ["CStorage", "Storage"]
  private static let values: Set = ["Ansatz", "Experiment", "Records", "CProgram"]
  /// What the programs' command lines have in common; no other box uses it.
  private static let both: Set = ["Commands"]
  private static let computes: Set = [
    "CHDF5", "CKernels", "HDF5", "Simulator", "NeuralNetwork", "QuantumGAN", "ParametricSimulation",
    "Calorimetry", "InvertibleModels", "Metrics", "Training", "Benchmarking", "qcalo-worker",
  ]
  private static let keepsBooks: Set = ["Search", "Sweeps", "Condor", "Ledger", "Reports", "Study", "qcalo"]
  /// The boxes of each column, lowest first.
  private static let floors: [[Set<String>]] = [
    [
      ["CHDF5", "CKernels"], ["HDF5", "Simulator", "NeuralNetwork"],
      ["QuantumGAN", "ParametricSimulation", "Calorimetry"],
      ["InvertibleModels", "Metrics"],
      ["Training"], ["Benchmarking"], ["qcalo-worker"],
    ],
    [["Search"], ["Sweeps", "Condor", "Ledger"], ["Reports"], ["Study"], ["qcalo"]],
  ]
  /// What each box of the books may use besides: a database, a file format or processes.
  private static let products: [String: Set<String>] = [
    "Search": [], "Sweeps": ["Yams"], "Condor": ["Yams", "Subprocess", "SystemPackage"], "Ledger": ["GRDB"],
    "Reports": [],
    "Study": ["Subprocess", "SystemPackage", "FlyingSocks"], "qcalo": ["ArgumentParser"],
  ]

  private static func targets() throws -> [String: Target] {
    // A build folder of its own: `swift test` holds the package's while the tests run.
    let scratch = try TemporaryFolder()
    let dump = try Execution(
      "swift",
      ["package", "--package-path", Repository.root.path, "--scratch-path", scratch("build"), "dump-package"])
    let data = Data(dump.output.utf8)
    let package = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var targets: [String: Target] = [:]
    for target in try #require(package["targets"] as? [[String: Any]]) where target["type"] as? String != "test" {
      var uses: Set<String> = []
      var products: Set<String> = []
      for dependency in try #require(target["dependencies"] as? [[String: Any]]) {
        if let name = (dependency["byName"] as? [Any])?.first as? String { uses.insert(name) }
        if let name = (dependency["product"] as? [Any])?.first as? String { products.insert(name) }
      }
      targets[try #require(target["name"] as? String)] = Target(uses: uses, products: products)
    }
    return targets
  }

  @Test func `a box uses only boxes below it in its own column, the values and the ground`() throws {
    let targets = try Self.targets()
    let common = Self.ground.union(Self.values)
    #expect(
      Set(targets.keys)
        == common.union(Self.both).union(Self.computes).union(Self.keepsBooks).union(["TestSupport"]),
      "every target stands in the drawing")
    #expect(Set(Self.floors.joined().joined()) == Self.computes.union(Self.keepsBooks), "every box has a floor")
    #expect(targets["CStorage"]!.uses.isEmpty)
    #expect(targets["Storage"]!.uses == ["CStorage"], "the ground stands on nothing else")
    for name in Self.values { #expect(targets[name]!.uses.isSubset(of: common), "\(name)") }
    #expect(targets["Ansatz"]!.uses.isEmpty)
    #expect(!targets["Experiment"]!.uses.contains("Records"))
    for name in common { #expect(targets[name]!.products.isEmpty, "\(name)") }
    for name in Self.both {
      #expect(targets[name]!.uses.isSubset(of: common), "\(name)")
      #expect(targets[name]!.products == ["ArgumentParser"])
    }
    for name in Self.computes {
      #expect(targets[name]!.products.isSubset(of: ["ArgumentParser"]), "\(name): no SQLite, YAML or processes")
    }
    for name in Self.keepsBooks {
      #expect(targets[name]!.products.isSubset(of: Self.products[name]!), "\(name)")
    }
    for column in Self.floors {
      for (number, floor) in column.enumerated() {
        let isProgram = number == column.count - 1
        let below = column.prefix(number).reduce(isProgram ? common.union(Self.both) : common) { $0.union($1) }
        for name in floor { #expect(targets[name]!.uses.isSubset(of: below), "\(name) uses only what is below") }
      }
    }
  }
}

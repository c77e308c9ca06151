// swift-tools-version: 6.3
//             computes                     keeps the books
//           +----------------------------+----------------------------------+
// programs  | qcalo-worker               | qcalo                            |
//           |                            +----------------------------------+
//           |                            | Study                            |
//           +----------------------------+----------------------------------+
// the run   | Benchmarking -> Training   | Sweeps     Condor       Ledger   |
//           +----------------------------+   |          |        Reports    |
// physics   | InvertibleModels  Metrics  |  Yams   Subprocess      GRDB     |
//           | QuantumGAN   Calorimetry   | Search                           |
//           | ParametricSimulation       |                                  |
//           +----------------------------+                                  |
// numerics  | Simulator  NeuralNetwork   |                                  |
//           | HDF5                       |                                  |
//           +----------------------------+                                  |
// C         | CKernels     CHDF5         |                                  |
//           +----------------------------+----------------------------------+
// both      | Commands    (ArgumentParser; used by the programs only)       |
//           +---------------------------------------------------------------+
// values    | Records -> Experiment -> Ansatz                               |
//           +---------------------------------------------------------------+
// ground    | Storage                                                       |
//           | CStorage                                                      |
//           +---------------------------------------------------------------+
// A box uses only boxes below it in its own column, the values and the ground; the two programs alone use Commands, what
// their command lines have in common. What computes keeps no books (no SQLite, YAML or processes); what keeps books
// computes nothing. They meet in values (Experiment, Records) and in files: job description in, journal and checkpoints
// out. The ground knows only the machine: files, processes, signals.
// PackageShapeTests hold the targets below to this drawing.
import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
/// The numerics are optimised in debug builds too, and so are slow references in tests where these take longer otherwise than
/// the compiler saves.
let kernels: [SwiftSetting] = swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let c: [CSetting] = [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror", "-ffp-contract=on"])]

/// A library and its tests, which find their data by path.
func library(
  _ name: String, _ uses: [Target.Dependency] = [], numerics: Bool = false, slowReferences: Bool = false,
  testData: [String] = [], testUses: [Target.Dependency] = []
) -> [Target] {
  [
    .target(name: name, dependencies: uses, swiftSettings: numerics ? kernels : swift),
    .testTarget(
      name: name + "Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + uses + testUses,
      exclude: testData, swiftSettings: slowReferences ? kernels : swift),
  ]
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let sockets = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let ground: [[Target]] = [
  library("Storage", ["CStorage"]),
  [.target(name: "CStorage", cSettings: c)],
]
let values: [[Target]] = [
  library("Ansatz"),
  library("Experiment", ["Ansatz", "CProgram", "Storage"], testData: ["Devices"]),
  library("Records", ["Experiment", "Storage"]),
  [.target(name: "CProgram", cSettings: [.define("QCALO_COMMIT", to: "\"\(commit)\"")])],
]
let shared: [[Target]] = [
  library("Commands", ["Experiment", "Storage", arguments])
]
let computes: [[Target]] = [
  [
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .target(name: "CKernels", cSettings: c),
  ],
  library("HDF5", ["CHDF5", "Storage"], testData: ["h5py.h5"]),
  library(
    "Simulator", ["Ansatz", "CKernels", "Storage"], numerics: true,
    testData: [
      "pennylane_reference.json", "pennylane_rotations.json", "pennylane_rotations.py", "noise_reference.json",
    ], testUses: ["Experiment"]),
  library("NeuralNetwork", ["CKernels"], numerics: true, slowReferences: true),
  library(
    "QuantumGAN", ["Ansatz", "CKernels", "Experiment", "Simulator", "NeuralNetwork"], numerics: true,
    slowReferences: true),
  library("ParametricSimulation", ["Experiment", "NeuralNetwork"], numerics: true),
  library(
    "InvertibleModels",
    ["Ansatz", "Experiment", "NeuralNetwork", "ParametricSimulation", "QuantumGAN", "Simulator"], numerics: true),
  library(
    "Calorimetry", ["Experiment", "HDF5", "Records", "Storage"], numerics: true, testData: ["chi2_reference.json"]),
  library(
    "Metrics", ["Experiment", "NeuralNetwork", "Calorimetry", "Records", "Storage"], numerics: true,
    testData: ["jetnet_reference.json"], testUses: ["HDF5"]),
  library(
    "Training",
    [
      "Ansatz", "Experiment", "HDF5", "Calorimetry", "InvertibleModels", "Metrics", "NeuralNetwork",
      "ParametricSimulation", "QuantumGAN", "Records", "Simulator", "Storage",
    ],
    testUses: ["qcalo-worker"]),
  library(
    "Benchmarking",
    [
      "Ansatz", "Experiment", "CKernels", "Simulator", "NeuralNetwork", "QuantumGAN", "Calorimetry", "Training",
      "Records",
    ], numerics: true),
  [
    .executableTarget(
      name: "qcalo-worker",
      dependencies: [
        "Ansatz", "Commands", "Experiment", "Simulator", "QuantumGAN", "Calorimetry", "Metrics", "HDF5", "Training",
        "Benchmarking", "Records", "Storage", arguments,
      ],
      swiftSettings: swift)
  ],
]
let keepsBooks: [[Target]] = [
  library("Search", ["Experiment", "Storage"], numerics: true),
  library("Sweeps", ["Ansatz", "Experiment", "Search", "Storage", yams]),
  library(
    "Condor", ["Experiment", "Records", "Storage", yams, subprocess, system], testData: ["Samples"]),
  library("Ledger", ["Ansatz", "Experiment", "Records", "Search", "Storage", grdb], testData: ["Workspaces"]),
  library("Reports", ["Ansatz", "Experiment", "Ledger", "Records", "Search", "Storage"]),
  library(
    "Study",
    [
      "Ansatz", "Experiment", "Search", "Sweeps", "Condor", "Ledger", "Reports", "Records", "Storage", subprocess,
      system,
      sockets,
    ], testData: ["Configurations"]),
  [
    .executableTarget(
      name: "qcalo",
      dependencies: [
        "Commands", "Experiment", "Search", "Sweeps", "Condor", "Ledger", "Records", "Reports", "Storage", "Study",
        arguments,
      ],
      swiftSettings: swift),
    // Used by every test target; its own tests keep it honest.
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["faults.c"], swiftSettings: swift),
    .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: swift),
    // Both programs, started as a user starts them.
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "Calorimetry", "Experiment", "Records", "Storage", "TestSupport", "qcalo", "qcalo-worker", subprocess,
      ],
      swiftSettings: swift),
    // Damaged files of every kind; scripts/fuzz has it read more of them.
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "Ansatz", "Calorimetry", "Condor", "Experiment", "HDF5", "Ledger", "Records", "Reports", "Search",
        "Simulator", "Storage", "Study", "Sweeps", "TestSupport", "Training",
      ],
      exclude: ["Corpus"], swiftSettings: swift),
  ],
]

let package = Package(
  name: "qcalo",
  products: [
    .executable(name: "qcalo", targets: ["qcalo"]),
    .executable(name: "qcalo-worker", targets: ["qcalo-worker"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: Array([ground, values, shared, computes, keepsBooks].joined().joined()),
  swiftLanguageModes: [.v6]
)

/// The commit that the sources were at, or nothing outside of a checkout.
var commit: String {
  guard let git = Context.gitInformation else { return "" }
  return git.currentCommit + (git.hasUncommittedChanges ? "+" : "")
}

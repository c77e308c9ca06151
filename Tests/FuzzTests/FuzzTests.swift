import Foundation
import HDF5
import Storage
import TestSupport
import Testing

/// Every kind of input that is fuzzed.
let fuzzKinds: [any FuzzKind.Type] = [
  SweepKind.self, SiteKind.self, JournalKind.self, EventsKind.self, CircuitKind.self, BinningKind.self, JobKind.self,
  SearchKind.self, StateKind.self, ShowersKind.self, WorkspaceKind.self, NoiseKind.self, DeviceKind.self,
  CountsKind.self, ConfigurationKind.self,
]

func fuzzKind(_ name: String) throws -> any FuzzKind.Type {
  guard let kind = fuzzKinds.first(where: { $0.name == name }) else {
    throw TestFailure("there is no kind \(name); there are \(fuzzKinds.map { $0.name }.joined(separator: ", "))")
  }
  return kind
}

/// A fixed budget of each kind, and all that once was found; `scripts/fuzz` goes on from there.
@Suite struct FuzzTests {
  @Test(
    "inputs that are damaged are read or refused in a sentence",
    arguments: [
      ("sweep", 60), ("site", 200), ("journal", 60), ("events", 40), ("circuit", 1500), ("binning", 200), ("job", 500),
      ("state", 100), ("workspace", 10), ("noise", 400), ("device", 300), ("counts", 400), ("configuration", 200),
    ])
  func budget(name: String, inputs: Int) throws {
    let folder = try TemporaryFolder()
    let kind = try fuzzKind(name).init(in: folder.path)
    var outcomes: [FuzzOutcome] = []
    for number in 0..<UInt64(inputs) {
      let outcome = kind.outcome(of: try kind.input(number))
      if case .found(let sentence) = outcome { Issue.record("\(name), input \(number): \(sentence)") }
      outcomes.append(outcome)
    }
    // A mutator that breaks everything, or nothing, tests nothing. Of an event log nothing is refused.
    #expect(outcomes.count { $0 == .accepted } > inputs / 50, "\(name)")
    #expect(outcomes.count { $0 == .refused } > inputs / 50 || name == "events", "\(name)")
  }

  @Test func `damaged files of showers are read or refused in a sentence`() async throws {
    let folder = try TemporaryFolder()
    let inputs: UInt64 = 150
    var next: UInt64 = 0
    // A process that libhdf5 crashes ends well, as the worker does, and the next one goes on behind that input.
    while next < inputs {
      await #expect(processExitsWith: .success) {
        [path = folder.path as String, next = next as UInt64, inputs = inputs as UInt64] in
        DamagedFile.onFatal { _ in _exit(EXIT_SUCCESS) }
        let kind = try ShowersKind(in: path)
        for number in next..<inputs {
          try write(Array("\(number + 1)".utf8), to: path + "/next")
          if case .found(let sentence) = kind.outcome(of: try kind.input(number)) {
            Issue.record("showers, input \(number): \(sentence)")
          }
        }
      }
      let reached = try #require(UInt64(try FileContent.text(of: folder("next"))))
      try #require(reached > next, "no input was read")
      next = reached
    }
  }

  /// The corpus has no findings of the showers' kind, over which libhdf5 itself crashes; see WorkerCommandTests.
  @Test("what was found once is not found again", arguments: fuzzKinds.map { $0.name }.filter { $0 != "showers" })
  func corpus(name: String) throws {
    let inputs = try files("Tests/FuzzTests/Corpus/\(name)", "")
    guard !inputs.isEmpty else { return }
    let folder = try TemporaryFolder()
    let kind = try fuzzKind(name).init(in: folder.path)
    for path in inputs {
      if case .found(let sentence) = kind.outcome(of: try FileContent.bytes(of: path)) {
        Issue.record("\(path): \(sentence)")
      }
    }
  }

  @Test("the sound inputs of each kind are accepted", arguments: fuzzKinds.map { $0.name })
  func sound(name: String) throws {
    let folder = try TemporaryFolder()
    let kind = try fuzzKind(name).init(in: folder.path)
    for (index, seed) in kind.mutator.seeds.enumerated() {
      #expect(kind.outcome(of: seed) == .accepted, "\(name), sound input \(index)")
      #expect(kind.outcome(of: kind.mended(seed)) == .accepted, "\(name), sound input \(index), mended")
    }
    #expect(try kind.input(3) == kind.input(3))
  }
}

/// What scripts/fuzz has a process of its own do, as its environment says.
@Suite(.enabled(if: getenv("QCALO_FUZZ_KIND") != nil)) struct FuzzProcessTests {
  /// How a process ends over whose input libhdf5 crashes or does not come back.
  static let damaged: DamagedFile.End = { _ in _exit(64) }

  private static func variable(_ name: String) -> String? { getenv("QCALO_FUZZ_\(name)").map { String(cString: $0) } }

  @Test func `inputs of a range`() throws {
    let type = try fuzzKind(try #require(Self.variable("KIND")))
    let folder = try TemporaryFolder()
    DamagedFile.onFatal(Self.damaged)
    let kind = try type.init(in: folder.path)
    if let path = Self.variable("INPUT") {
      let outcome = kind.outcome(of: try FileContent.bytes(of: path))
      if case .found(let sentence) = outcome { Issue.record("\(sentence)") }
      return print("outcome: \(outcome)")
    }
    let first = try #require(Self.variable("FIRST").flatMap(UInt64.init))
    let count = try #require(Self.variable("COUNT").flatMap(UInt64.init))
    if let path = Self.variable("SAVE") { return try write(kind.input(first), to: path) }
    let progress = open(try #require(Self.variable("PROGRESS")), O_RDWR | O_CREAT, 0o644)
    defer { close(progress) }
    // The next input's number, and how many were accepted, were refused and were slow.
    var counts: [UInt64] = [first, 0, 0, 0]
    func note() { _ = counts.withUnsafeBytes { pwrite(progress, $0.baseAddress, $0.count, 0) } }
    for number in first..<first + count {
      counts[0] = number
      note()
      let input = try kind.input(number)
      let start = ContinuousClock.now
      let outcome = kind.outcome(of: input)
      if ContinuousClock.now - start > .seconds(1) { counts[3] += 1 }
      switch outcome {
      case .accepted: counts[1] += 1
      case .refused: counts[2] += 1
      case .found(let sentence):
        try DurableFile.append(
          line: Array("\(number) \(sentence.printable)".utf8), to: try #require(Self.variable("FOUND")))
      }
    }
    counts[0] = first + count
    note()
  }
}

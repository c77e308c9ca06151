import Experiment
import Foundation
import TestSupport
import Testing

@testable import Search

/// The form of `searches/<sweep>.jsonl`.
@Suite struct RecordTests {
  private static let golden = "Tests/Golden/Search/decisions.jsonl"

  /// A search with every kind of key.
  private static let specification: SearchSpecification = {
    var specification = SearchSpecification(
      space: SearchSpace([
        Parameter("circuit", .choices(["none", "cnot=1", "cnot=1, 2"])),
        Parameter("circuit.rz", .choices(["true", "false"]), where: .init("circuit", [1, 2])),
        Parameter("training.penalty_weight", .uniform(0.5...20)),
        Parameter("training.learning_rate", .logUniform(1e-5...1e-3)),
        Parameter("latent", .int(2...8)),
        Parameter("training.batch_size", .logInt(5...50)),
      ]), method: .tpe(.init(startup: 5, candidates: 12, gamma: 0.2)), trials: 60, seed: .max, rungs: [5, 15, 45],
      factor: 4, replicates: [1, 1, 3], objective: Objective(.mean(3)), guardian: .init(grace: 10, share: 0.25),
      coreHours: 12.5)
    specification.atOnce = 7
    return specification
  }()

  private static let decisions: [SearchDecision] = [
    .init(
      trial: 0, rung: 0, cause: .new,
      point: [
        "circuit": 2, "circuit.rz": 1, "training.penalty_weight": 7.25, "training.learning_rate": 0.0001234,
        "latent": 3,
        "training.batch_size": 12,
      ], reason: "trial 1 of 60"),
    .init(
      trial: 1, rung: 0, cause: .new,
      point: [
        "circuit": 0, "training.penalty_weight": 1, "training.learning_rate": 0.001, "latent": 8,
        "training.batch_size": 5,
      ], reason: "trial 2 of 60"),
    .init(trial: 1, rung: 1, cause: .best, reason: "1st of 3 at checkpoint 5; the best goes on"),
    .init(trial: 0, rung: 1, cause: .kept, reason: "2nd of 4 at checkpoint 5, but its E_tot/E is on its way to 1"),
    .init(trial: 1, rung: 2, cause: .last, reason: "the best that is left, and none has come to checkpoint 45"),
  ]

  /// The lines of a search's file.
  private static func text() throws -> String {
    var record = try SearchRecord(Data(), path: "x")
    var lines = [try record.take(specification, at: 1_795_459_200.5)]
    for (number, decision) in decisions.enumerated() {
      lines.append(try record.take(decision, at: 1_795_459_201.5 + Double(number)))
    }
    return lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
  }

  private static func read(_ text: String) throws -> SearchRecord {
    try SearchRecord(Data(text.utf8), path: "searches/x.jsonl")
  }

  @Test func `the file is spelt as it was, and is read as it was meant`() throws {
    let text = try Self.text()
    if ProcessInfo.processInfo.environment["QCALO_WRITE_GOLDENS"] != nil {
      try Data(text.utf8).write(to: URL(fileURLWithPath: Repository.path(Self.golden)))
    }
    let golden = try Repository.text(Self.golden)
    #expect(TestSupport.difference(from: golden, to: text) == nil)
    let record = try Self.read(golden)
    #expect(record.specification == Self.specification)
    #expect(record.decisions == Self.decisions)
    let times: [Double] = (0..<5).map { 1_795_459_201.5 + Double($0) }
    #expect(record.entries.map(\.time) == times)
  }

  @Test(arguments: [
    (SearchMethod.random, Objective(.best)), (.quasirandom, Objective(.last)), (.tpe(.init()), Objective(of: .fpd)),
    (.random, Objective(of: .heldOutChi2)),
  ]) func `every method and objective is read as it was written`(method: SearchMethod, objective: Objective) throws {
    let specification = SearchSpecification(
      space: SearchSpace([Parameter("latent", .int(2...8))]), method: method, trials: 3, rungs: [1],
      objective: objective)
    var record = try SearchRecord(Data(), path: "x")
    let line = try record.take(specification, at: 1)
    #expect(try SearchRecord(line, path: "x").specification == specification)
  }

  @Test func `what trials share, and why a search is over, is read as it was written`() throws {
    var record = try SearchRecord(Data(), path: "x")
    let base = SearchBase(models: "ab", seeds: [1, 2])
    var lines = [try record.take(Self.specification, on: base, at: 1), try record.take(Self.decisions[0], at: 2)]
    lines.append(try record.take(end: "all were tried", at: 3))
    #expect(record.end == "all were tried" && record.base == base)
    func text() -> String { lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined() }
    #expect(try Self.read(text()) == record)
    lines.append(try record.take(Self.decisions[1], at: 4))
    #expect(record.end == nil)
    #expect(try Self.read(text()) == record)
    #expect(SearchBase(models: "ab", seeds: [1, 2, 3]).holds(whatHeldOn: base) && base.holds(whatHeldOn: base))
    #expect(!SearchBase(models: "ab", seeds: [9]).holds(whatHeldOn: base))
    #expect(!SearchBase(models: "ac", seeds: [1, 2]).holds(whatHeldOn: base))
  }

  @Test func `half a line that a killed writer left is passed over, wherever it stands`() throws {
    let lines = try Self.text().split(separator: "\n").map(String.init)
    let torn = (lines[0...2] + [String(lines[3].dropLast(20))] + lines[3...]).joined(separator: "\n")
    #expect(try Self.read(torn).decisions == Self.decisions)
    #expect(try Self.read(lines[0...4].joined(separator: "\n") + "\n" + lines[5].dropLast()).decisions.count == 4)
  }

  @Test func `a line that is missing, or of another version, is told with its place`() throws {
    let lines = try Self.text().split(separator: "\n").map(String.init)
    func problem(_ lines: [String]) -> String? {
      #expect(throws: InputError.self) { try Self.read(lines.joined(separator: "\n")) }?.description
    }
    let missing = "a line before it is damaged"
    #expect(
      problem([lines[0], lines[2]]) == "searches/x.jsonl:2: trial 2 is not where this decision finds it; \(missing)")
    // Of a trial that is sent two rungs on, the decision between is missing.
    #expect(
      problem([lines[0], lines[1], lines[2], lines[5]])?.hasPrefix("searches/x.jsonl:4: trial 2 is not where") ?? false)
    #expect(problem(lines + [lines[3]])?.hasPrefix("searches/x.jsonl:7: trial 2 is not where") ?? false)
    #expect(problem(Array(lines[1...]))?.hasPrefix("searches/x.jsonl:1: trial 1 has no such point") ?? false)
    #expect(
      problem([lines[0], lines[1].replacing(#""latent":3"#, with: #""latent":9"#)])?
        .hasPrefix("searches/x.jsonl:2: trial 1 has no such point") ?? false)
    let old = #"{"schema":1,"search":{"factor":3,"method":{"random":{}}},"time":1}"#
    #expect(
      problem([old])
        == "searches/x.jsonl:1: it is of format 1, and this software reads 2; give the sweep another name to begin anew"
    )
    #expect(problem([lines[0].replacing(#""format":2"#, with: #""format":3"#)])?.contains("of format 3") ?? false)
    #expect(
      problem([lines[0].replacing("[5,15,45]", with: "[5,45,15]")])
        == "searches/x.jsonl:1: the search's space or rungs are none")
    #expect(problem([#"{"decision":{},"time":1}"#])?.contains("it is no line of a search's decisions") ?? false)
  }
}

import Experiment
import Foundation
import Storage
import Sweeps
import TestSupport

/// A kind of input that the programs read, and how it is read.
protocol FuzzKind: Sendable {
  /// The name, as `scripts/fuzz --kind` takes it, and of the folder in Corpus.
  static var name: String { get }

  /// - Parameter folder: An empty one, for files.
  /// - Throws: What reading and writing the sound inputs throws.
  init(in folder: String) throws

  var mutator: Mutator { get }

  /// Another way to make an input; nil where there is none.
  func made(_ random: inout SplitMix64) throws -> [UInt8]?

  /// Puts right what would have an input refused before the rest of it is looked at, such as sums.
  func mended(_ bytes: [UInt8]) -> [UInt8]

  /// Reads an input as the programs do.
  /// - Throws: The error that refuses it; `Finding` for what should not be.
  func read(_ bytes: [UInt8]) throws
}

extension FuzzKind {
  func made(_ random: inout SplitMix64) throws -> [UInt8]? { nil }
  func mended(_ bytes: [UInt8]) -> [UInt8] { bytes }

  /// The input of a number; the same one each time.
  func input(_ number: UInt64) throws -> [UInt8] {
    var random = SplitMix64(state: number &* 0x2545_f491_4f6c_dd1d)
    let isMended = random.below(2) == 0
    if random.below(2) == 0, let made = try made(&random) { return made }
    let bytes = mutator.input(&random)
    return isMended ? mended(bytes) : bytes
  }

  /// What comes of an input.
  func outcome(of bytes: [UInt8]) -> FuzzOutcome {
    do {
      try read(bytes)
      return .accepted
    } catch let finding as Finding {
      return .found(finding.sentence)
    } catch {
      return Finding.flaw(of: error).map(FuzzOutcome.found) ?? .refused
    }
  }
}

enum FuzzOutcome: Equatable {
  case accepted, refused
  case found(String)
}

/// What should not be, a sentence.
struct Finding: Error {
  var sentence: String
  init(_ sentence: String) { self.sentence = sentence }

  /// What is wrong with an error that refuses an input; nil for nothing.
  static func flaw(of error: any Error) -> String? {
    guard let known = error as? any EndingError, known.programEnd != .defect else {
      return "it ends as a defect of the software: \(type(of: error)) \("\(error)".prefix(500))"
    }
    return flaw(ofSentence: "\(error)", lines: error is SweepError ? 21 : 1)
  }

  /// What is wrong with what people are told; nil for nothing.
  static func flaw(ofSentence sentence: String, lines most: Int = 1) -> String? {
    if sentence.isEmpty { return "nothing is said" }
    let said = sentence.told
    let lines = said.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
    // Of a sweep file twenty problems are told, of anything else one.
    if lines.count > most { return "\(lines.count) lines are said" }
    if let line = lines.first(where: { $0.count > 20_000 }) { return "a line of \(line.count) bytes is said" }
    let controls = said.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7f }
    return controls ? "control characters are said" : nil
  }
}

/// What must hold of an input.
func require(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
  if !holds { throw Finding(sentence()) }
}

/// A value that goes to JSON and comes back the same.
func requireRoundTrip<Value: Codable>(_ value: Value, _ what: String) throws {
  let data: Data
  do { data = try CanonicalJSON.data(value) } catch { throw Finding("\(what) cannot be written as JSON: \(error)") }
  do {
    let again: Value = try CanonicalJSON.value(from: data)
    try require(try CanonicalJSON.data(again) == data, "\(what) is another one when it is read back")
  } catch let error as DecodingError {
    throw Finding("\(what) cannot be read back: \(error.explanation)")
  }
}

/// Writes a file as it comes, without a sync.
func write(_ bytes: [UInt8], to path: String) throws {
  let file = fopen(path, "w")
  guard let file else { throw TestFailure("\(path) cannot be written") }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw TestFailure("\(path): no room") }
}

/// The files of a folder of the checkout, sorted by name.
func files(_ folder: String, _ ending: String) throws -> [String] {
  let path = Repository.path(folder)
  return try Folder.names(in: path).filter { $0.hasSuffix(ending) }.map { path + "/" + $0 }
}

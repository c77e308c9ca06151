import Experiment
import Foundation
import Storage
import TestSupport
import Testing

@testable import Records

@Suite struct RecordScannerTests {
  /// What the scanner makes of a text, in memory as in a journal.
  private func scan(_ text: String) -> JournalRecord? {
    Array((text + "\n").utf8).withUnsafeBytes {
      RecordScanner.checkpoint(UnsafeRawBufferPointer(rebasing: $0.dropLast()), of: "a-run")
    }
  }

  private func canonical(_ record: JournalRecord) throws -> String {
    String(decoding: try CanonicalJSON.data(record), as: UTF8.self)
  }

  /// Numbers of every size and kind, some with few digits, some with all.
  private static func random(_ generator: inout some RandomNumberGenerator) -> Double {
    switch UInt8.random(in: 0..<6, using: &generator) {
    case 0: Double(Int.random(in: -1000...1000, using: &generator))
    case 1: Double(Int.random(in: 0...100_000, using: &generator)) / 1000
    case 2: Double.random(in: -1...1, using: &generator)
    case 3: Double(Float.random(in: 0...100, using: &generator))
    case 4: Double(UInt64.random(in: 0...UInt64.max, using: &generator))
    default:
      [Double(bitPattern: .random(in: 0...UInt64.max, using: &generator))].first { $0.isFinite } ?? 0
    }
  }

  @Test("It reads what the journal's encoder writes, to the last bit, whatever is left out")
  func roundTrip() throws {
    var generator = SplitMix64(state: 1)
    for _ in 0..<500 {
      func number() -> Double { Self.random(&generator) }
      func maybe() -> Double? { Bool.random(using: &generator) ? number() : nil }
      func file() -> CheckpointFile? {
        Bool.random(using: &generator) ? CheckpointFile(path: "checkpoints/füll-1.h5", sha256: "ab", bytes: 7) : nil
      }
      var evaluation = Evaluation(
        energies: (0..<Int.random(in: 1...3, using: &generator)).map { _ in
          var energy = EnergyEvaluation(
            incidentEnergy: number(), chi2: number(), ndf: 28, meanResponse: maybe(), responseSpread: maybe())
          energy.uncertainty = maybe()
          return energy
        })
      evaluation.uncertainty = maybe()
      (evaluation.chi2, evaluation.reduced) = (number(), number())
      var diagnostics = Diagnostics(
        discriminatorLoss: maybe(), generatorLoss: maybe(), penalty: maybe(), deadVoxels: number())
      (diagnostics.discriminatorGradient, diagnostics.generatorGradient) = (maybe(), maybe())
      let record = JournalRecord(
        run: "classical-50-200-s1-0123456789ab", attempt: 12, sequence: 345, time: number(),
        event: .checkpoint(
          CheckpointRecord(
            checkpoint: 6, iteration: 6000, full: file(), generator: file(), evaluation: evaluation,
            diagnostics: diagnostics, cost: Cost(training: number(), evaluation: number(), checkpointing: number()))))
      let text = try canonical(record)
      // Energies beyond the finite make a χ²/NDF that JSON has no number for.
      guard !text.contains("\"inf\""), !text.contains("\"-inf\""), !text.contains("\"nan\"") else { continue }
      let found = try #require(scan(text), "\(text)")
      // Bit for bit: the shortest decimals of equal numbers, signs of zeros included, are equal.
      #expect(try canonical(found) == text)
    }
  }

  @Test("Decimals of any length, on and beside the middle between two doubles too, are rounded as anywhere")
  func rounding() throws {
    let record = sampleRecords[1]
    let line = try canonical(record).replacing("\"time\":1700001001", with: "\"time\":@")
    var texts = [
      "9007199254740993", "9007199254740991", "900719925474099.25", "9007199254740992.5", "9007199254740993.5",
      "0.1000000000000000055", "18014398509481985", "36028797018963970", "1e22", "1e23", "123456789012345678e-30",
      "5e-324", "1.7976931348623157e308", "0.000001", "1E5", "1e+5", "-0", "-0.0", "1234567890123456789012345",
    ]
    var generator = SplitMix64(state: 2)
    for _ in 0..<5000 {
      let digits = String(UInt64.random(in: 0...UInt64.max, using: &generator)).prefix(
        .random(in: 1...19, using: &generator))
      let point = Int.random(in: 1...digits.count, using: &generator)
      texts.append(
        digits.prefix(point) + (point < digits.count ? "." + digits.dropFirst(point) : "")
          + (Bool.random(using: &generator) ? "e\(Int.random(in: -25...5, using: &generator))" : ""))
      // The middle between two doubles is a dyadic fraction of few digits.
      let odd = Double(UInt64.random(in: 1 << 52..<1 << 53, using: &generator))
      texts.append("\(UInt64(odd)).5")
    }
    for text in texts {
      let found = try #require(scan(line.replacing("@", with: text)), "\(text)")
      #expect(found.time.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
    for text in [
      "1e", "1e+", "-", ".5", "1.", "1.e5", "1.5.5", "1e5e5", "+1", "nan", "01", "00.5", "-01", "1e999", "1e-999",
    ] {
      #expect(scan(line.replacing("@", with: text)) == nil, "\(text)")
    }
  }

  @Test("It leaves to the decoder what is in another form, and makes nothing of what is cut")
  func others() throws {
    let lines = try sampleRecords.map(canonical)
    #expect(scan(lines[0]) == nil)
    #expect(scan(lines[3]) == nil)
    let line = lines[2]
    #expect(try scan(line) == CanonicalJSON.value(JournalRecord.self, from: Data(line.utf8)))
    for count in 0..<line.utf8.count { #expect(scan(String(line.prefix(count))) == nil) }
    for change in [
      line.replacing("\"run\":\"run\"", with: "\"run\":\"r\\u0075n\""), line.replacing(",", with: ", "), line + " ",
      line.replacing("\"chi2\":1680", with: "\"chi2\":\"nan\""), line.replacing("1000", with: "99999999999999999999"),
      line.replacing("\"ndf\":28", with: "\"ndf\":-28"), line.replacing("1000", with: "0x10"),
    ] {
      #expect(change != line)
      #expect(scan(change) == nil, "\(change)")
    }
  }

  @Test("What is no text in JSON is left to the decoder, which refuses it")
  func strings() throws {
    let line = try canonical(sampleRecords[2])
    for bytes in [[0xff], [0x00], [0x1b], [0xc3]] as [[UInt8]] {
      let place = try #require(Data(line.utf8).range(of: Data(#""run":"ru"#.utf8))).upperBound
      var changed = Array(line.utf8) + [0x0a]
      changed.insert(contentsOf: bytes, at: place)
      let found = changed.withUnsafeBytes {
        RecordScanner.checkpoint(UnsafeRawBufferPointer(rebasing: $0.dropLast()), of: "a-run")
      }
      #expect(found == nil, "\(bytes)")
      #expect(throws: DecodingError.self) { try JournalRecord(strictly: Data(changed.dropLast())) }
    }
    let number = line.replacing("\"iteration\":1000", with: "\"iteration\":01000")
    #expect(number != line && scan(number) == nil)
  }

  @Test("Degrees of freedom of which the sum is larger than any number are told, and stop nothing")
  func overflow() throws {
    var record = sampleRecords[2]
    guard case .checkpoint(var checkpoint) = record.event else { throw TestFailure("no checkpoint") }
    checkpoint.evaluation.energies = .init(
      repeating: EnergyEvaluation(incidentEnergy: 4096, chi2: 1680, ndf: .max), count: 3)
    record.event = .checkpoint(checkpoint)
    let line = try canonical(record)
    #expect(scan(line)?.flaw == "energies.ndf: \(Int.max) is not in 0 … 1000000000")
    Array((line + "\n").utf8).withUnsafeBytes { bytes in
      let read = JournalLine(UnsafeRawBufferPointer(rebasing: bytes.dropLast()), of: "run")
      guard case .unreadable = read else { return #expect(Bool(false), "\(read)") }
    }
  }

  @Test("χ²/NDF without degrees of freedom is no number, also where an earlier worker wrote 0")
  func noFreedom() throws {
    let line = try canonical(sampleRecords[2]).replacing("\"ndf\":28,\"reduced\":60", with: "\"ndf\":0,\"reduced\":0")
    guard case .checkpoint(let found)? = scan(line)?.event else { throw TestFailure("not read: \(line)") }
    #expect(found.evaluation.reduced.isNaN && found.evaluation.energies[0].reduced.isNaN)
  }

  @Test func `a key that no record has is told on one line, whatever stands in it`() throws {
    let line = try canonical(sampleRecords[1]).replacing("\"meanResponse\"", with: #""mean\nResponse""#)
    let error = #expect(throws: DecodingError.self) { try JournalRecord(strictly: Data(line.utf8)) }
    let told = try #require(error?.explanation)
    #expect(told.contains("mean Response: a record has no such key") && !told.contains("\n"), "\(told)")
  }
}

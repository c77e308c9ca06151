import Experiment
import Glibc

/// Reads a checkpoint's line in the form that `CanonicalJSON` writes it, twenty times as fast as a JSON decoder: keys
/// in their order, no spaces, no escapes.
///
/// Of anything else it makes nothing, and the decoder is asked.
struct RecordScanner {
  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private let run: String

  /// The record of a line.
  ///
  /// - Parameters:
  ///   - line: A line without its end, which follows it in memory: no number runs on beyond it.
  ///   - isOpen: Whether the last brace is not in `line`.
  ///   - run: The run that it is thought to be of, to have that name once and not a million times.
  /// - Returns: nil for a line that is no checkpoint in that form.
  static func checkpoint(
    _ line: UnsafeRawBufferPointer, isOpen: Bool = false, of run: String
  ) -> JournalRecord? {
    guard let start = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    var scanner = RecordScanner(next: start, end: start + line.count, run: run)
    guard let record = scanner.record(), isOpen || scanner.skip("}"), scanner.next == scanner.end else { return nil }
    return record
  }

  private mutating func record() -> JournalRecord? {
    guard let attempt = integer(after: "{\"attempt\":"), skip("\"event\":{\"checkpoint\":"),
      let checkpoint = checkpoint(), skip("},\"run\":"), let run = string(orRather: run),
      let sequence = integer(after: ",\"sequence\":", comma: false), let time = number(after: ",\"time\":")
    else { return nil }
    return JournalRecord(run: run, attempt: attempt, sequence: sequence, time: time, event: .checkpoint(checkpoint))
  }

  private mutating func checkpoint() -> CheckpointRecord? {
    guard let number = integer(after: "{\"checkpoint\":"), skip("\"cost\":"), let cost = cost(),
      skip(",\"diagnostics\":"), let diagnostics = diagnostics(), skip(",\"evaluation\":"),
      let evaluation = evaluation(), skip(",")
    else { return nil }
    var full: CheckpointFile?
    var generator: CheckpointFile?
    if skip("\"full\":") {
      full = file()
      guard full != nil, skip(",") else { return nil }
    }
    if skip("\"generator\":") {
      generator = file()
      guard generator != nil, skip(",") else { return nil }
    }
    guard let iteration = integer(after: "\"iteration\":", comma: false), skip("}") else { return nil }
    return CheckpointRecord(
      checkpoint: number, iteration: iteration, full: full, generator: generator, evaluation: evaluation,
      diagnostics: diagnostics, cost: cost)
  }

  private mutating func cost() -> Cost? {
    guard let checkpointing = number(after: "{\"checkpointing\":"), let evaluation = number(after: ",\"evaluation\":"),
      let training = number(after: ",\"training\":"), skip("}")
    else { return nil }
    return Cost(training: training, evaluation: evaluation, checkpointing: checkpointing)
  }

  private mutating func diagnostics() -> Diagnostics? {
    guard let deadVoxels = number(after: "{\"deadVoxels\":") else { return nil }
    var diagnostics = Diagnostics(deadVoxels: deadVoxels)
    diagnostics.discriminatorGradient = number(after: ",\"discriminatorGradient\":")
    diagnostics.discriminatorLoss = number(after: ",\"discriminatorLoss\":")
    diagnostics.generatorGradient = number(after: ",\"generatorGradient\":")
    diagnostics.generatorLoss = number(after: ",\"generatorLoss\":")
    diagnostics.penalty = number(after: ",\"penalty\":")
    return skip("}") ? diagnostics : nil
  }

  private mutating func evaluation() -> Evaluation? {
    guard let chi2 = number(after: "{\"chi2\":"), skip(",\"energies\":[") else { return nil }
    var energies: [EnergyEvaluation] = []
    while energies.isEmpty || skip(",") {
      guard let energy = energy() else { return nil }
      energies.append(energy)
    }
    var evaluation = Evaluation(energies: energies)
    guard let ndf = integer(after: "],\"ndf\":", comma: false), let reduced = number(after: ",\"reduced\":")
    else { return nil }
    (evaluation.chi2, evaluation.ndf, evaluation.reduced) = (chi2, ndf, ndf == 0 ? .nan : reduced)
    evaluation.uncertainty = number(after: ",\"uncertainty\":")
    return skip("}") ? evaluation : nil
  }

  private mutating func energy() -> EnergyEvaluation? {
    guard let chi2 = number(after: "{\"chi2\":"), let incident = number(after: ",\"incidentEnergy\":") else {
      return nil
    }
    let meanResponse = number(after: ",\"meanResponse\":")
    guard let ndf = integer(after: ",\"ndf\":", comma: false), let reduced = number(after: ",\"reduced\":") else {
      return nil
    }
    var energy = EnergyEvaluation(incidentEnergy: incident, chi2: chi2, ndf: ndf, meanResponse: meanResponse)
    energy.reduced = ndf == 0 ? .nan : reduced
    energy.responseSpread = number(after: ",\"responseSpread\":")
    energy.uncertainty = number(after: ",\"uncertainty\":")
    return skip("}") ? energy : nil
  }

  private mutating func file() -> CheckpointFile? {
    guard let bytes = integer(after: "{\"bytes\":"), skip("\"path\":"), let path = string(), skip(",\"sha256\":"),
      let sha256 = string(), skip("}")
    else { return nil }
    return CheckpointFile(path: path, sha256: sha256, bytes: bytes)
  }

  // MARK: - Tokens

  /// Steps over a text if it stands here.
  private mutating func skip(_ text: StaticString) -> Bool {
    guard end - next >= text.utf8CodeUnitCount, memcmp(next, text.utf8Start, text.utf8CodeUnitCount) == 0 else {
      return false
    }
    next += text.utf8CodeUnitCount
    return true
  }

  private mutating func integer(after text: StaticString, comma: Bool = true) -> Int? {
    guard skip(text), next < end, isDigit(next.pointee) else { return nil }
    var value = 0
    let first = next
    while next < end, isDigit(next.pointee) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(next.pointee &- 48))
      if overflow || carry { return nil }
      value = sum
      next += 1
    }
    return !startsWithZero(first, next - first) && (!comma || skip(",")) ? value : nil
  }

  /// A number, or nothing, and then nothing is stepped over: what is no number in JSON, or too large or too small for
  /// a double, makes the line unreadable here.
  private mutating func number(after text: StaticString) -> Double? {
    let start = next
    if skip(text), let value = number() { return value }
    next = start
    return nil
  }

  private mutating func number() -> Double? {
    var digits: UInt64 = 0
    var count = 0
    var scale = 0
    let first = next
    let isNegative = next < end && next.pointee == UInt8(ascii: "-")
    if isNegative { next += 1 }
    while next < end, isDigit(next.pointee) {
      digits = digits &* 10 &+ UInt64(next.pointee &- 48)
      count += 1
      next += 1
    }
    guard count > 0, !startsWithZero(next - count, count) else { return nil }
    if next < end, next.pointee == UInt8(ascii: ".") {
      next += 1
      guard next < end, isDigit(next.pointee) else { return nil }
      while next < end, isDigit(next.pointee) {
        digits = digits &* 10 &+ UInt64(next.pointee &- 48)
        count += 1
        scale += 1
        next += 1
      }
    }
    if next < end, next.pointee | 32 == UInt8(ascii: "e") {
      next += 1
      let isNegative = next < end && next.pointee == UInt8(ascii: "-")
      if isNegative || next < end && next.pointee == UInt8(ascii: "+") { next += 1 }
      let start = next
      var exponent = 0
      while next < end, isDigit(next.pointee), next - start < 4 {
        exponent = 10 * exponent + Int(next.pointee &- 48)
        next += 1
      }
      guard next > start else { return nil }
      scale += isNegative ? exponent : -exponent
    }
    if count <= 19, let value = Self.exact(digits, scale) { return isNegative ? -value : value }
    var stop: UnsafeMutablePointer<CChar>?
    let value = first.withMemoryRebound(to: CChar.self, capacity: end - first) { strtod($0, &stop) }
    guard stop == UnsafeMutableRawPointer(mutating: next).assumingMemoryBound(to: CChar.self), value.isFinite,
      value != 0
    else { return nil }
    return value
  }

  /// digits / 10^scale, correctly rounded; nil where that takes longer than one division.
  ///
  /// Both are exact in 64 bits of mantissa, and so is the quotient but for one rounding. To round it again, to 53 bits,
  /// is to round the true value, unless it fell on the middle between two doubles.
  private static func exact(_ digits: UInt64, _ scale: Int) -> Double? {
    if digits < 1 << 53, (0...22).contains(scale) { return Double(digits) / powers[scale] }
    #if arch(x86_64)
      guard (0...27).contains(scale) else { return nil }
      let quotient = Float80(digits) / longPowers[scale]
      return quotient.significandBitPattern & 0x7ff == 0x400 ? nil : Double(quotient)
    #else
      return nil
    #endif
  }

  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }
  #if arch(x86_64)
    private static let longPowers: [Float80] = (0..<27).reduce(into: [1]) { powers, _ in
      powers.append(powers[powers.count - 1] * 10)
    }
  #endif

  /// A string without escapes, which is `expected` itself where that is what stands here; nil where there is none.
  private mutating func string(orRather expected: String = "") -> String? {
    guard skip("\"") else { return nil }
    let start = next
    while next < end, next.pointee != UInt8(ascii: "\"") {
      if next.pointee == UInt8(ascii: "\\") || next.pointee < 0x20 { return nil }
      next += 1
    }
    let bytes = UnsafeBufferPointer(start: start, count: next - start)
    guard skip("\"") else { return nil }
    let isExpected = expected.utf8.withContiguousStorageIfAvailable { $0.elementsEqual(bytes) } ?? false
    return isExpected ? expected : String(validating: bytes, as: UTF8.self)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// Whether digits begin with a 0 that JSON does not have before others.
  private func startsWithZero(_ digits: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    count > 1 && digits.pointee == UInt8(ascii: "0")
  }
}

/// An instruction set that the kernels are compiled for, by the name that provenance has for it; the best first.
///
/// The same worker computes the same bits on every processor that it uses the same one on, and with all but `generic` the
/// same: they round a product and its sum once.
package enum InstructionSet: String, Codable, CaseIterable, Sendable {
  case avx512, avx2
  /// What every 64-bit Arm has.
  case neon
  /// What every processor has.
  case generic

  /// Whether two sets, by the names that provenance has for them, compute the same bits.
  package static func agree(_ one: String, _ other: String) -> Bool {
    one == other || [one, other].allSatisfy([avx512, avx2, neon].map(\.rawValue).contains)
  }

  /// The level of x86-64 that a processor has it from, as HTCondor's Microarch names it; nil where every one has, and
  /// for what is no x86-64.
  package var microarch: String? {
    switch self {
    case .avx512: "x86_64-v4"
    case .avx2: "x86_64-v3"
    case .neon, .generic: nil
    }
  }
}

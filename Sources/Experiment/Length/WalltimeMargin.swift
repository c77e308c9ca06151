/// How long before a walltime everything is saved.
package enum WalltimeMargin {
  /// The larger of 5 % and 300 s; for limits under 50 minutes, where 300 s would be a large part, a tenth.
  package static func standard(_ limit: Double) -> Double { max(0.05 * limit, min(300, limit / 10)) }
}

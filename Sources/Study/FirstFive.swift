extension [String] {
  /// The first five of many.
  package func firstFive(separator: String) -> String {
    prefix(5).joined(separator: separator) + (count > 5 ? " and \(count - 5) more" : "")
  }
}

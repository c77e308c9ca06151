extension String {
  /// The values of a list such as "1,2,5"; nil unless each part is one.
  package func commaSeparated<Value>(_ value: (String) -> Value?) -> [Value]? {
    let parts = split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { value(String($0)) }
    return values.count == parts.count ? values : nil
  }
}

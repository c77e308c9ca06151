import Storage

extension DecodingError {
  /// What is wrong and where in the value, as a clause on one line, whatever keys the value has: "x[0][2]: expected a
  /// number but found a string".
  package var explanation: String { clause.printable }

  private var clause: String {
    func at(_ context: Context, _ what: String) -> String {
      var path = ""
      for key in context.codingPath {
        if let index = key.intValue {
          path += "[\(index)]"
        } else {
          path += (path.isEmpty ? "" : ".") + key.stringValue
        }
      }
      return path.isEmpty ? what : "\(path): \(what)"
    }
    switch self {
    case .keyNotFound(let key, let context): return at(context, "'\(key.stringValue)' is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      var what = context.debugDescription
      if what.hasSuffix(".") { what.removeLast() }
      // Foundation says no more than this here, for a fraction in place of a whole number too.
      if what == "The given data was not valid JSON" {
        what = "not valid JSON, or a number in it is not what it must be (JSON has no NaN; counts are whole)"
      }
      return at(context, what)
    @unknown default: return "\(self)"
    }
  }
}

import Experiment

/// One event of HTCondor's event log ("user log"), as far as its text is understood.
struct LogEvent: Equatable {
  /// The three digits.
  var code: Int
  var cluster: Int
  /// -1 for an event of the whole cluster.
  var proc: Int
  /// Seconds since 1970-01-01 00:00 UTC.
  var time: Double
  /// What follows the time on the first line, and the further lines.
  var headline: String
  var body: [String]

  /// The event whose first line begins with a header.
  /// - Parameters:
  ///   - header: What the first line begins with.
  ///   - lines: What follows the header, by lines.
  ///   - clock: The one that the log is written by.
  ///   - before: The time of the event before, for a date that cannot be read.
  init(_ header: Header, lines: [String], clock: LogClock, before: Double) {
    (code, cluster, proc) = (header.code, header.cluster, header.proc)
    let first = lines.first ?? ""
    (time, headline) = clock.read(first) ?? (before, first)
    body = Array(lines.dropFirst())
  }

  /// What an event begins with: `001 (007.000.000) `.
  struct Header: Equatable {
    var code: Int
    var cluster: Int
    var proc: Int

    /// The first header in a line, also behind what an event that was torn has left there.
    /// - Returns: nil when there is none; else with the bytes on both sides of it.
    static func first(
      in line: ArraySlice<UInt8>
    ) -> (before: ArraySlice<UInt8>, header: Header, after: ArraySlice<UInt8>)? {
      var rest = line
      while let bracket = rest.firstIndex(of: UInt8(ascii: "(")) {
        if bracket >= line.startIndex + 4 {
          var after = line[(bracket - 4)...]
          if let header = Header(&after) { return (line[..<(bracket - 4)], header, after) }
        }
        rest = rest[(bracket + 1)...]
      }
      return nil
    }

    /// - Parameter rest: A text that begins with a header, which is taken off.
    private init?(_ rest: inout ArraySlice<UInt8>) {
      let start = rest.startIndex
      func number(_ rest: inout ArraySlice<UInt8>, signed: Bool = false) -> Int? {
        let isNegative = signed && rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return isNegative ? -value : value
      }
      func take(_ text: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
      }
      guard let code = number(&rest), rest.startIndex == start + 3, take(" (", &rest), let cluster = number(&rest),
        take(".", &rest), let proc = number(&rest, signed: true), take(".", &rest),
        number(&rest, signed: true) != nil, take(") ", &rest)
      else { return nil }
      (self.code, self.cluster, self.proc) = (code, cluster, proc)
    }
  }

  /// The first number that stands after a text in the body.
  func number(after text: String) -> Int? {
    for line in body + [headline] {
      guard let range = line.firstRange(of: text) else { continue }
      let digits = line[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "-" }
      if let number = Int(digits) { return number }
    }
    return nil
  }

  /// The run that a job was submitted for: from its submit event's note, or DAGMan's.
  ///
  /// HTCondor 25 writes DAGMan's as an ad: `[ DAGNodeName = "…"; … ]`.
  var run: String? {
    for line in body {
      let text = line.drop(while: \.isWhitespace)
      for prefix in ["run ", "DAG Node: "] where text.hasPrefix(prefix) {
        return String(text.dropFirst(prefix.count).trimmingSuffix(while: \.isWhitespace))
      }
      if let node = text.firstMatch(of: /\bDAGNodeName\s*=\s*"([^"]*)"/.ignoresCase()) { return String(node.1) }
    }
    return nil
  }

  /// How far the worker says that the run is: "qcalo: RUN: checkpoint 12, reduced 69.9"; nil where it is another's
  /// word.
  var progress: JobState.Progress? {
    guard let said = headline.firstMatch(of: /^qcalo: (?:(\S+): )?checkpoint (\d+)(?:, reduced (\S+))?/),
      let checkpoint = Int(said.2)
    else { return nil }
    return .init(run: said.1.map(String.init), checkpoint: checkpoint, reduced: said.3.flatMap { Double($0) })
  }
}

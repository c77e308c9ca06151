import Experiment
import FoundationEssentials
import Glibc

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

  /// The event of the lines between two "..." lines; nil when they do not begin as an event does.
  /// - Parameters:
  ///   - lines: The event's, without the "..." lines.
  ///   - now: Seconds since 1970-01-01 00:00 UTC, for a date without a year.
  init?(lines: [Substring], now: Double) {
    guard let first = lines.first,
      let head = first.firstMatch(of: /^(\d{3}) \((\d+)\.(-?\d+)\.\d+\) (\S+) (\S+) ?(.*)$/),
      let code = Int(head.1), let cluster = Int(head.2), let proc = Int(head.3),
      let time = LogEvent.time(date: head.4, clock: head.5, now: now)
    else { return nil }
    self.code = code
    self.cluster = cluster
    self.proc = proc
    self.time = time
    headline = String(head.6)
    body = lines.dropFirst().map(String.init)
  }

  /// "2026-11-23 18:20:21", with or without fraction and Z; "11/23 18:20:21", of the last twelve months.
  static func time(date: Substring, clock: Substring, now: Double) -> Double? {
    let isUTC = clock.hasSuffix("Z")
    guard let hours = clock.firstMatch(of: /^(\d+):(\d+):(\d+)(\.\d+)?Z?$/) else { return nil }
    var parts = tm()
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hours.1) ?? 0, Int32(hours.2) ?? 0, Int32(hours.3) ?? 0)
    parts.tm_isdst = -1
    func seconds(year: Int32) -> Double {
      parts.tm_year = year - 1900
      var copy = parts
      return Double(isUTC ? timegm(&copy) : mktime(&copy))
    }
    if let day = date.firstMatch(of: /^(\d{4})-(\d+)-(\d+)$/) {
      (parts.tm_mon, parts.tm_mday) = ((Int32(day.2) ?? 1) - 1, Int32(day.3) ?? 1)
      return seconds(year: Int32(day.1) ?? 1970)
    }
    guard let day = date.firstMatch(of: /^(\d+)\/(\d+)$/) else { return nil }
    (parts.tm_mon, parts.tm_mday) = ((Int32(day.1) ?? 1) - 1, Int32(day.2) ?? 1)
    var clockNow = time_t(now)
    var today = tm()
    localtime_r(&clockNow, &today)
    let thisYear = seconds(year: today.tm_year + 1900)
    return thisYear > now + 86_400 ? seconds(year: today.tm_year + 1899) : thisYear
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
  var run: String? {
    for line in body {
      let text = line.drop(while: \.isWhitespace)
      for prefix in ["run ", "DAG Node: "] where text.hasPrefix(prefix) {
        return String(text.dropFirst(prefix.count).trimmingSuffix(while: \.isWhitespace))
      }
    }
    return nil
  }
}

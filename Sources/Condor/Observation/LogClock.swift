import Experiment
import Glibc

/// The clock that an event log is written by: the access point's local time, unless the log says otherwise.
struct LogClock: Hashable, Sendable {
  /// Seconds that the access point's local time is ahead of UTC; nil where it is this machine's.
  var utcOffset: Int?
  /// The present time, for dates without a year; seconds since 1970-01-01 00:00 UTC.
  var now: Double

  /// - Parameters:
  ///   - utcOffset: Seconds that local time was ahead of UTC at the submission; nil where that was not recorded.
  ///   - submitted: When that was; seconds since 1970-01-01 00:00 UTC.
  ///   - now: The present time, likewise.
  init(utcOffset: Int? = nil, submitted: Double = 0, now: Double) {
    // Where this machine's is the same, its zone also knows when summer time begins and ends.
    self.utcOffset = utcOffset == Self.utcOffset(at: submitted) ? nil : utcOffset
    self.now = now
  }

  /// Seconds that this machine's local time is ahead of UTC at a time.
  static func utcOffset(at time: Double) -> Int {
    var (seconds, parts) = (time_t(saturating: time), tm())
    localtime_r(&seconds, &parts)
    return parts.tm_gmtoff
  }

  /// The time that a text begins with, and what follows it.
  ///
  /// "2026-11-23 18:20:21", with a T between, with a fraction, Z or +01:00; "11/23 18:20:21", of the last twelve months.
  /// - Returns: nil when it begins with none of these; else seconds since 1970-01-01 00:00 UTC, and the rest.
  func read(_ text: String) -> (time: Double, rest: String)? {
    let pattern =
      /(?:(\d{4})-(\d\d)-(\d\d)[T ]|(\d\d)\/(\d\d) )(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?(?: (.*))?/
    guard let found = text.wholeMatch(of: pattern)?.output else { return nil }
    func number(_ digits: Substring?) -> Int32 { digits.flatMap { Int32($0) } ?? 0 }
    var parts = tm()
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (number(found.6), number(found.7), number(found.8))
    (parts.tm_mon, parts.tm_mday) = (number(found.2 ?? found.4) - 1, number(found.3 ?? found.5))
    guard 0..<12 ~= parts.tm_mon, 1...31 ~= parts.tm_mday, parts.tm_hour < 24, parts.tm_min < 60, parts.tm_sec < 62
    else { return nil }
    let offset = found.9.map(Self.offset)
    let rest = found.10.map(String.init) ?? ""
    if let year = found.1 { return (seconds(parts, number(year), offset), rest) }
    var (clock, today) = (time_t(saturating: now), tm())
    gmtime_r(&clock, &today)
    // East of Greenwich the next year has begun before it has in UTC.
    let times = (1899...1901).reversed().map { seconds(parts, today.tm_year + $0, offset) }
    return (times.first { $0 <= now + 86_400 } ?? times[2], rest)
  }

  private func seconds(_ parts: tm, _ year: Int32, _ said: Int?) -> Double {
    var parts = parts
    parts.tm_year = year - 1900
    parts.tm_isdst = -1
    guard let offset = said ?? utcOffset else { return Double(mktime(&parts)) }
    return Double(timegm(&parts) - offset)
  }

  /// Seconds ahead of UTC: "Z", "+01:00", "-0330".
  private static func offset(_ text: Substring) -> Int {
    let digits = text.filter(\.isNumber).compactMap(\.wholeNumberValue)
    guard digits.count == 4 else { return 0 }
    let seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
    return text.hasPrefix("-") ? -seconds : seconds
  }
}

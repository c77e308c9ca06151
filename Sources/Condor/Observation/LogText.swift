/// The events in a piece of an event log, and what between them is none.
///
/// An event that was torn by a crash or a full disk does not take the next one with it: each header begins another.
struct LogText {
  /// An event, or a place where one may have been lost.
  enum Part: Equatable {
    case event(LogEvent)
    /// The line's number, and what is wrong with it, a clause.
    case damage(line: Int, String)
  }

  /// What stands before the last "..." line.
  private(set) var parts: [Part] = []
  /// The bytes that these are read from.
  ///
  /// What follows is an event that is still being written.
  private(set) var bytes = 0
  /// The lines that these are read from.
  private(set) var lines = 0

  private let clock: LogClock
  /// The time of the last event that was read.
  private var last: Double
  /// The line's number and the header of the event that is being read, and the text from there on, by lines.
  private var open: (line: Int, header: LogEvent.Header, lines: [String])?
  private var waiting: [Part] = []

  /// - Parameters:
  ///   - data: The log from the end of a complete event on.
  ///   - firstLine: The number of its first line.
  ///   - clock: The one that it is written by.
  ///   - last: The time of the event before.
  init(_ data: [UInt8], firstLine: Int, clock: LogClock, last: Double) {
    (self.clock, self.last) = (clock, last)
    var (position, number) = (0, firstLine)
    while let newline = data[position...].firstIndex(of: UInt8(ascii: "\n")) {
      let isEnd = take(data[position..<newline], number)
      position = newline + 1
      number += 1
      guard isEnd else { continue }
      parts += waiting
      waiting = []
      (bytes, lines) = (position, number - firstLine)
    }
  }

  /// - Returns: Whether an event ends with the line.
  private mutating func take(_ line: ArraySlice<UInt8>, _ number: Int) -> Bool {
    var line = line
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    if line.contains(0) {
      line = line.filter { $0 != 0 }[...]
      damaged(number, "has zero bytes")
    }
    if line.starts(with: "...".utf8) {
      close()
      line = line.dropFirst(3)
      if Self.isBlank(line) { return true }
    }
    while let (before, header, after) = LogEvent.Header.first(in: line) {
      if let torn = open {
        add(before)
        close()
        damaged(torn.line, "begins an event without an end")
      } else if !Self.isBlank(before) {
        damaged(number, "begins with what is no event")
      }
      open = (number, header, [])
      line = after
    }
    if open != nil {
      add(line)
    } else if !Self.isBlank(line) {
      damaged(number, "is no event")
    }
    return false
  }

  /// The first line that is added follows the header.
  private mutating func add(_ line: ArraySlice<UInt8>) { open?.lines.append(String(decoding: line, as: UTF8.self)) }

  private mutating func close() {
    guard let (_, header, lines) = open else { return }
    let event = LogEvent(header, lines: lines, clock: clock, before: last)
    last = event.time
    waiting.append(.event(event))
    open = nil
  }

  private mutating func damaged(_ line: Int, _ what: String) {
    // Of several lines in a row the first is enough.
    if case .damage = waiting.last { return }
    waiting.append(.damage(line: line, what))
  }

  private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
}

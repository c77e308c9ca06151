import Ledger
import Testing

@testable import Reports

@Suite struct WindowTests {
  /// The rows of STUDY.md section 6 that have a best checkpoint: table, model, best, last, window, count.
  static let study: [(String, best: Int, last: Int, window: ClosedRange<Int>, count: Int)] = [
    ("1 Classical", 418, 419, 388...419, 32), ("1 1", 270, 280, 240...280, 41), ("1 2", 207, 231, 177...231, 55),
    ("1 3", 262, 271, 232...271, 40), ("1 4", 229, 275, 199...259, 61), ("2 Classical", 401, 561, 371...431, 61),
    ("2 2", 222, 266, 192...252, 61), ("2 3", 155, 165, 125...165, 41), ("2 4", 126, 163, 96...156, 61),
    ("2 reference", 196, 556, 166...226, 61), ("3 2x", 124, 125, 94...125, 32), ("3 3x", 66, 104, 36...96, 61),
    ("4 2x", 78, 85, 48...85, 38), ("4 3x", 26, 91, 0...56, 57), ("4 reference", 517, 564, 487...547, 61),
  ]

  /// A curve from 0 to `last` that is lowest at `best`.
  static func curve(best: Int, last: Int) -> Curve {
    Curve(checkpoints: Array(0...last), reduced: (0...last).map { 1 + Double(abs($0 - best)) })
  }

  @Test("The windows of the slides' rows", arguments: study)
  func windows(row: (String, best: Int, last: Int, window: ClosedRange<Int>, count: Int)) throws {
    let curve = Self.curve(best: row.best, last: row.last)
    let window = try #require(Window(curve))
    #expect(window.first == row.window.lowerBound && window.last == row.window.upperBound)
    #expect(window.count == row.count)
    #expect(window.isCut == (row.count < 61))
    let sum = row.window.reduce(0.0) { $0 + 1 + Double(abs($1 - row.best)) }
    #expect(window.mean(of: curve) == WindowMean(mean: sum / Double(row.count), averaged: row.count, of: row.count))
  }

  @Test("Eight of the slides' fifteen windows are cut, and seven rows were still improving")
  func traps() {
    let curves = Self.study.map { Self.curve(best: $0.best, last: $0.last) }
    #expect(curves.compactMap(Window.init).filter(\.isCut).count == 8)
    #expect(curves.filter(RowState.isStillImproving).count == 7)
  }

  @Test("A run without all of a window's checkpoints says how many were averaged")
  func partial() {
    let window = Window(around: 90, of: 0...120)
    let short = Curve(checkpoints: Array(0...69), reduced: Array(repeating: 2, count: 70))
    #expect(window.mean(of: short) == WindowMean(mean: 2, averaged: 10, of: 61))
    #expect(window.mean(of: Curve(checkpoints: [0], reduced: [1])) == WindowMean(mean: nil, averaged: 0, of: 61))
    #expect(window.mean(of: Curve(checkpoints: [90, 91], reduced: [1, .nan])).averaged == 1)
  }

  @Test("A curve without a number has no best checkpoint and no window; the first of equal ones is the best")
  func best() {
    #expect(Window(Curve()) == nil)
    #expect(Window(Curve(checkpoints: [0, 1], reduced: [.nan, .nan])) == nil)
    #expect(Curve(checkpoints: [0, 1, 2, 3], reduced: [.nan, 3, 2, 2]).best?.checkpoint == 2)
  }
}

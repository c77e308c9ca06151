import Foundation
import Reports

/// Lines for the person in front of it; results go to the standard output instead.
enum Terminal {
  /// Whether lines can be drawn over.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether results are read at a terminal.
  static let isOutput = isatty(STDOUT_FILENO) == 1

  /// Writes a sentence; what a label holds cannot drive the terminal.
  static func say(_ text: String) {
    write(
      "qcalo: "
        + text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.description.printable }.joined(
          separator: "\n") + "\n")
  }

  /// Writes to the standard error at once and whole.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Columns and rows of the terminal.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (100, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

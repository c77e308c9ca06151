import Glibc
import Synchronization

/// Lines for the person in front of a program, on the standard error; results go to the standard output instead.
package enum Terminal {
  private static let program = Mutex("")
  /// The line below all others, which is drawn over; "" for none.
  private static let status = Mutex("")

  /// Sets the name that sentences begin with.
  package static func begin(as name: String) { program.withLock { $0 = name } }

  /// Whether lines can be drawn over.
  package static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Whether results are read at a terminal.
  package static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a sentence behind the program's name; what a label holds cannot drive the terminal.
  package static func say(_ text: String) { line(program.withLock { $0 } + ": " + text) }

  /// Writes lines, cut where they are very long, without what would drive the terminal.
  package static func line(_ text: String) {
    status.withLock { write(erasing($0) + text.told + "\n" + $0) }
  }

  /// Draws a line below all others in the place of the last one, cut to the terminal's width; "" takes it away.
  static func showStatus(_ text: String) {
    let text = String(text.printable.prefix(size.columns - 1))
    status.withLock { status in
      if text != status { write(erasing(status) + text) }
      status = text
    }
  }

  private static func erasing(_ line: String) -> String { line.isEmpty ? "" : "\r\u{1b}[K" }

  /// Writes a text at once and whole, so that lines of programs that share a terminal stay whole.
  ///
  /// Nobody has to listen.
  package static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// The columns and rows of the terminal that lines go to; 100 and 24 where it is none.
  package static var size: (columns: Int, rows: Int) { size(of: STDERR_FILENO) ?? (100, 24) }

  /// The columns of the terminal that results go to; 100 where it is none.
  package static var width: Int { size(of: STDOUT_FILENO)?.columns ?? 100 }

  private static func size(of stream: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

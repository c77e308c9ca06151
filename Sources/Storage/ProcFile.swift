import Glibc

/// The files of /proc: what cannot be read there is not known.
package enum ProcFile {
  /// All of a file; nil where it cannot be read.
  package static func text(_ path: String) -> String? { try? FileContent.text(of: path) }

  /// The first line of a file that fits.
  package static func firstLine(of path: String, where fits: (Substring) -> Bool = { _ in true }) -> String? {
    text(path)?.split(separator: "\n").first(where: fits).map(String.init)
  }

  /// Where a symbolic link leads; nil where there is none.
  static func linkTarget(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

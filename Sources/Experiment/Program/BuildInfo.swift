import CProgram

/// What this binary was built from.
package enum BuildInfo {
  /// The source commit, with a "+" for uncommitted changes; "" when it was not built in a checkout.
  package static var commit: String { String(cString: qcalo_commit()) }
  /// The release, as `--version` says it.
  package static let version = "0.1.0"

  /// What `--version` says: release, commit, and what it was built with.
  /// - Parameters:
  ///   - program: The program's name.
  ///   - library: The library that it builds on, with its version, as in "SQLite 3.40.1".
  /// - Returns: A line.
  package static func summary(of program: String, library: String) -> String {
    "\(program) \(version)" + (commit.isEmpty ? "" : " (\(commit))")
      + ", built with Swift \(swiftVersion), Clang \(clangVersion) and \(library)"
  }

  /// Swift's version as in "6.3": the library of 6.3.1 calls itself 6.3.0.
  private static var swiftVersion: String {
    "\(_SwiftStdlibVersion.current)".split(separator: ".").prefix(2).joined(separator: ".")
  }

  /// The number in "Clang 17.0.0 (https://github.com/…)".
  private static var clangVersion: String {
    let words = String(cString: qcalo_compiler()).split(separator: " ")
    return words.first { $0.first?.isNumber ?? false }.map(String.init) ?? "unknown"
  }
}

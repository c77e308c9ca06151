import CBuildInfo

/// What this binary was built from.
package enum BuildInfo {
  /// The source commit, with a "+" for uncommitted changes; "" when it was not built in a checkout.
  package static var commit: String { String(cString: qcalo_commit()) }
  /// The release, as `--version` says it.
  package static let version = "0.1.0"
}

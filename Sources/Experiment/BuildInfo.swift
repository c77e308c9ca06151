internal import CBuildInfo

/// What this binary was built from.
public enum BuildInfo {
  /// The source commit, with a "+" for uncommitted changes; "" when it was not built in a checkout.
  public static var commit: String { String(cString: qcalo_commit()) }
  public static let version = "0.1.0"
}

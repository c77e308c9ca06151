/// The file system refused: no room, read-only, no permission, gone. What was there before is intact.
public struct StorageError: Error, CustomStringConvertible, Hashable, Sendable {
  /// What was being done, as in "writing".
  public var operation: String
  public var path: String
  /// The system's reason, as in "No space left on device".
  public var reason: String
  /// The system's number for the reason.
  public var code: Int32

  public init(operation: String, path: String, reason: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.reason = reason
    self.code = code
  }

  public var description: String { "\(operation) \(path): \(reason); nothing that was there before is lost" }
}

import Storage

extension Submission {
  /// Whether anything was ever submitted from a workspace, or is about to be.
  package static func areThere(in workspace: String) -> Bool { Files.exists(workspace + "/submissions") }

  /// Does something that looks at a workspace's submissions, writes one and sends it, while no other process does.
  /// - Parameters:
  ///   - workspace: The workspace's folder.
  ///   - say: Takes what a person should know meanwhile.
  ///   - body: What is done; what it looks at was not looked at before.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; `StorageError`.
  package nonisolated(nonsending) static func alone<Result>(
    in workspace: String, say: (String) -> Void, _ body: () async throws -> Result
  ) async throws -> Result {
    let folder = workspace + "/submissions"
    try Folder.make(folder)
    let lock = try await FileLock.wait(for: folder + "/.lock") {
      say("another command submits from this workspace; waiting for it")
    }
    defer { withExtendedLifetime(lock) {} }
    return try await body()
  }
}

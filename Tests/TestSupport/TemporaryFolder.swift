public import Foundation

/// A fresh folder for one test, removed with the value.
public final class TemporaryFolder: Sendable {
  public let url: URL
  public var path: String { url.path }

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("qcalo-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a name in this folder.
  public func callAsFunction(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a text file and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let file = try place(for: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// Writes a program and returns its path.
  ///
  /// Another process does: one that this process has open for writing while a test starts a program cannot be run.
  @discardableResult
  public func write(program text: String, to name: String) throws -> String {
    let file = try place(for: name)
    _ = try Execution("/bin/sh", ["-c", #"printf %s "$1" >"$2" && chmod 755 "$2""#, "", text, file.path])
    return file.path
  }

  /// Where a file of that name goes, in a folder that is there.
  private func place(for name: String) throws -> URL {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    return file
  }
}

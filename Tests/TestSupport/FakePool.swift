import Foundation

/// HTCondor's commands as shell scripts, which keep a list of what was submitted in `queue`, and of what was asked in
/// `asked`.
public struct FakePool: Sendable {
  public let folder: TemporaryFolder
  /// The folder of the commands.
  public var bin: String { folder("bin") }
  /// How often condor_submit has taken something.
  public var submissions: Int {
    (try? String(contentsOfFile: folder("queue"), encoding: .utf8))?.split(separator: "\n").count ?? 0
  }
  /// The commands that were given, a line each.
  public var asked: String { (try? String(contentsOfFile: folder("asked"), encoding: .utf8)) ?? "" }

  /// The first submission is cluster 12; condor_q and condor_history know it by its token.
  ///
  /// - Parameters:
  ///   - submit: What condor_submit does, in shell; QUEUE is the list's path.
  ///   - query: What condor_q and condor_history do.
  /// - Throws: What keeps the commands from being written.
  public init(
    submit: String = #"echo "$@" >>QUEUE; n=$((11 + $(wc -l <QUEUE))); echo "$n.0 - $n.2""#,
    query: String = #"""
    case "$*" in -totals) echo '-- Schedd: ci@ap : <127.0.0.1:9618?... @ 11/29/26 03:51:35' ;; esac
    token=$(echo "$*" | sed -n 's/.*QcaloSubmission == "\([^"]*\)".*/\1/p')
    n=$(grep -n "${token:-none}" QUEUE 2>/dev/null | head -n 1 | cut -d: -f1)
    [ -z "$n" ] || echo "$((11 + n)) ci@ap#$((11 + n)).0#1"
    """#
  ) throws {
    folder = try TemporaryFolder()
    for (name, script) in [
      "condor_submit": submit, "condor_submit_dag": submit, "condor_q": query, "condor_history": query,
    ] {
      try command(name, script)
    }
  }

  /// Adds a command, or replaces it.
  public func command(_ name: String, _ script: String) throws {
    let text = """
      #!/bin/sh
      echo \(name) "$@" >>\(folder("asked"))
      \(script.replacing("QUEUE", with: folder("queue")))

      """
    try folder.write(program: text, to: "bin/\(name)")
  }
}

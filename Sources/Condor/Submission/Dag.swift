import Experiment

/// The sweep for users who live in DAGMan: a node per run, then one that collects and reports on the access point.
///
/// Written afresh each time, from what is not finished yet; DAGMan's rescue files are not needed.
struct Dag {
  var rows: [(run: String, dataset: String)]
  var sweep: String
  /// The path of `qcalo`.
  var program: String

  static let reportName = "collect-and-report.sh"
  static let verdictName = "node-verdict.sh"

  var files: [(name: String, text: String)] {
    [(Submission.dagName, text), (Self.verdictName, Self.verdict), (Self.reportName, report)]
  }

  var text: String {
    var lines = ["# Written by qcalo: the runs of sweep \(sweep) that are not finished, then their report."]
    for row in rows {
      lines.append("JOB \(row.run) \(Submission.descriptionName)")
      lines.append("VARS \(row.run) run=\"\(row.run)\" dataset=\"\(row.dataset)\"")
      lines.append("SCRIPT POST \(row.run) \(Self.verdictName) $RETURN")
    }
    // Also after a node that has failed.
    lines.append("FINAL collect-and-report \(Submission.descriptionName) NOOP")
    lines.append("SCRIPT POST collect-and-report \(Self.reportName) $FAILED_COUNT")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Runs that have diverged are results too: they must not keep the report from being made.
  private static let verdict = """
    #!/bin/sh
    # $1: what the run's job ended with.
    case $1 in \(ProgramEnd.finished.rawValue) | \(ProgramEnd.diverged.rawValue)) exit 0 ;; esac
    exit 1

    """

  /// DAGMan runs it in the submission's folder, which is two below the workspace.
  private var report: String {
    """
    #!/bin/sh
    # $1: how many nodes have failed; with one of them the DAG has failed too, although this node succeeds.
    # Brings the ledger up to date and writes the sweep's table beside the submission, also where a file of the workspace
    # cannot be read (\(ProgramEnd.checkFailed.rawValue)): that is told, and the rest is taken in.
    qcalo=\(Quoting.shellWord(program))
    { "$qcalo" collect --workspace ../.. || [ $? -eq \(ProgramEnd.checkFailed.rawValue) ]; } && "$qcalo" results \(sweep) --workspace ../.. >results.txt || exit
    [ "${1:-0}" -eq 0 ]

    """
  }
}

/// Why HTCondor holds a job, decoded, and what helps.
package struct HoldReason: Codable, Hashable, Sendable {
  /// HTCondor's HoldReasonCode.
  package var code: Int
  /// HTCondor's HoldReasonSubCode, often an errno.
  package var subcode: Int
  /// HTCondor's own words.
  package var text: String

  package init(code: Int, subcode: Int, text: String) {
    self.code = code
    self.subcode = subcode
    self.text = text
  }

  /// Codes and subcodes that the retry policy knows.
  static let outOfResources = 34
  static let heldByMachine = 21
  static let memory = 102
  static let disk = 104
  /// The transfers' codes, with HTCondor's names for them.
  static let transferFailures = [(code: 12, name: "TransferOutputError"), (code: 13, name: "TransferInputError")]
  /// Not an error: condor_submit -spool is still copying.
  static let spooling = 16
  /// No room, as the system numbers it.
  private static let noSpace = 28

  /// What it means, in a clause.
  /// - Source: HTCondor manual, "Job ClassAd Attributes", HoldReasonCode.
  package var meaning: String {
    switch (code, subcode) {
    case (1, _): "held by you or an administrator"
    case (3, _): "held by the job's own policy"
    case (4, _): "its credential (Kerberos or proxy) is missing or has expired"
    case (5, _), (27, _): "a policy expression could not be evaluated"
    case (6, _): "the job's program could not be started on the execution point"
    case (7, _), (9, _): "its output file cannot be written on the access point"
    case (8, _), (10, _): "its input file cannot be read on the access point"
    case (12, Self.noSpace): "no room or quota on the access point for what it wrote"
    case (12, _): "what it wrote could not be transferred back: a missing folder, or one that cannot be written"
    case (13, Self.noSpace): "no room on the execution point for its input"
    case (13, _): "its input could not be transferred: a file is missing or unreadable"
    case (14, _): "the submission's folder cannot be entered from the access point"
    case (15, _): "submitted on hold"
    case (Self.spooling, _): "its input is still being copied to the access point"
    case (Self.outOfResources, Self.disk), (Self.heldByMachine, Self.disk): "it used more disk than it had asked for"
    case (Self.outOfResources, _), (Self.heldByMachine, Self.memory): "it used more memory than it had asked for"
    case (Self.heldByMachine, _): "held by the execution point"
    case (22, _): "the event log cannot be written"
    case (26, _): "held by the site's policy"
    case (32, _), (33, _): "its files are larger than the site transfers"
    case (46, _): "it ran longer than allowed_job_duration"
    case (47, _): "it ran longer than allowed_execute_duration between two checkpoints"
    default: "hold code \(code)"
    }
  }

  /// What the user can do, with the verb that does it.
  package func remedy(run: String) -> String {
    switch (code, subcode) {
    case (Self.spooling, _): "wait"
    case (4, _): "renew it (kinit), then qcalo release \(run)"
    case (6, _), (32, _), (33, _): "qcalo cancel \(run), correct the site file, then submit again"
    case (7, _), (9, _), (12, _), (22, _): "make room where the submission lies, then qcalo release \(run)"
    case (13, Self.noSpace): "it goes to another machine by itself: qcalo release \(run)"
    case (8, _), (10, _), (13, _), (14, _):
      "put the file back or give the access point the right to read it, then qcalo release \(run)"
    case (Self.outOfResources, Self.disk), (Self.heldByMachine, Self.disk):
      "it asks for more by itself: qcalo release \(run), or raise disk_mb in the site file"
    case (Self.outOfResources, _), (Self.heldByMachine, Self.memory):
      "it asks for more by itself: qcalo release \(run), or raise memory_mb in the site file"
    default: "qcalo release \(run)"
    }
  }
}

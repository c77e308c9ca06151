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

  /// The codes that the retry policy knows.
  static let outOfMemory = 34
  static let transferFailures = [12, 13]
  /// Not an error: condor_submit -spool is still copying.
  static let spooling = 16

  /// What it means, in a clause.
  /// - Source: HTCondor manual, "Job ClassAd Attributes", HoldReasonCode.
  package var meaning: String {
    switch code {
    case 1: "held by you or an administrator"
    case 3: "held by the job's own policy"
    case 4: "its credential (Kerberos or proxy) is missing or has expired"
    case 5, 27: "a policy expression could not be evaluated"
    case 6: "the job's program could not be started on the execution point"
    case 7, 9: "its output file cannot be written on the access point"
    case 8, 10: "its input file cannot be read on the access point"
    case 12: "what it wrote could not be transferred back: no room or quota, or a missing folder"
    case 13: "its input could not be transferred: a file is missing or unreadable, or no room on the execution point"
    case 14: "the submission's folder cannot be entered from the access point"
    case 15: "submitted on hold"
    case Self.spooling: "its input is still being copied to the access point"
    case 21: "held by the execution point"
    case 22: "the event log cannot be written"
    case 26: "held by the site's policy"
    case 32, 33: "its files are larger than the site transfers"
    case Self.outOfMemory: "it used more memory or disk than it had asked for"
    case 46: "it ran longer than allowed_job_duration"
    case 47: "it ran longer than allowed_execute_duration between two checkpoints"
    default: "hold code \(code)"
    }
  }

  /// What the user can do, with the verb that does it.
  package func remedy(run: String) -> String {
    switch code {
    case Self.spooling: "wait"
    case 4: "renew it (kinit), then qcalo release \(run)"
    case 6, 32, 33: "qcalo cancel \(run), correct the site file, then submit again"
    case 7, 9, 12, 22: "make room where the submission lies, then qcalo release \(run)"
    case 8, 10, 13, 14: "put the file back or give the access point the right to read it, then qcalo release \(run)"
    case Self.outOfMemory: "it asks for more by itself: qcalo release \(run), or raise memory_mb in the site file"
    default: "qcalo release \(run)"
    }
  }
}

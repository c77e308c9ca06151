import Experiment
import Foundation
import TestSupport
import Testing

@testable import Condor

@Suite struct SiteProfileTests {
  static let builtIn = [
    "generic", "local-pool", "lxbatch", "lxbatch-eos", "lxbatch-gpu-node", "lxbatch-spool",
  ]

  @Test("the profiles that come along are these, and each can be used", arguments: builtIn)
  func usable(name: String) throws {
    #expect(library.names == Self.builtIn)
    let profile = try library.profile(name)
    #expect(profile.name == name)
    #expect(!profile.description.isEmpty)
    #expect(profile.cpus == 1)
    if let limit = profile.rules.starts { #expect(profile.starts < limit) }
  }

  @Test("generic.yaml shows every key, with the value that is the default")
  func genericIsTheDefaults() throws {
    var defaults = SiteProfile()
    let generic = try library.profile("generic")
    defaults.name = generic.name
    defaults.description = generic.description
    #expect(generic == defaults)
    let text = try Repository.text("condor/sites/generic.yaml")
    for key in SiteKey.names where key != "extends" {
      #expect(text.contains("\(key.split(separator: ".").last ?? "")" + ":"), "\(key) is not shown")
    }
  }

  @Test("the documentation names every key, and a number's with its bound")
  func documented() throws {
    let text = try Repository.text("docs/htcondor.md").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for name in SiteKey.names { #expect(text.contains(" \(name)"), "\(name)") }
    for key in SiteKey.all where !key.bound.isEmpty {
      #expect(text.contains(" \(key.name) (\(key.bound))"), "\(key.name) (\(key.bound))")
    }
    #expect(SiteKey.all.count { $0.bound.isEmpty } == 21)
    #expect(text.contains("Texts have \(Bounds.text) characters at most, lists 1000 values."))
  }

  @Test("LXBATCH's limits are CERN's")
  func lxbatch() throws {
    let profile = try library.profile("lxbatch")
    #expect(profile.walltime == 86_400)
    #expect(profile.rules.refusedPaths == ["/eos"])
    #expect(profile.rules.heldHours == 24)
    #expect(try library.profile("lxbatch-spool").rules.refusedPaths.isEmpty)
    #expect(try library.profile("lxbatch-eos").rules.folderEntries == nil)
  }

  @Test("a site file extends another and says what is different; the later value counts")
  func extending() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "extends: lxbatch\naccounting_group: group_u_X.all\nwalltime_seconds: null\njob_flavour: workday", to: "ours.yaml"
    )
    let mine = try folder.write(
      "extends: ours\nattributes:\n  Note: a \"b\"\nrules:\n  starts: 5\nstarts: 4\n", to: "mine.yaml")
    let profile = try library.profile(mine)
    #expect(profile.name == "mine")
    #expect(profile.accountingGroup == "group_u_X.all")
    #expect(profile.walltime == 28_800)
    #expect(profile.attributes == ["Note": .text("a \"b\"")])
    #expect(profile.rules.starts == 5)
    #expect(profile.rules.refusedPaths == ["/eos"])
  }

  @Test("each of a site's rules and of what is tried again is what its key says")
  func rules() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      extends: generic
      retry: {memory_holds: 11, memory_factor: 2.5, transfer_holds: 12, transfer_wait_seconds: 13}
      rules:
        refused_paths: [/a]
        refused_commands: [b]
        starts: 21
        held_hours: 22
        folder_entries: 23
        spool_jobs: 24
        spool_mb: 25
        evaluation_seconds: 26
        default_walltime_seconds: 127
        unseen_paths: [/c]
        workspace_mb: 28
        memory_mb_per_core: 29
        disk_mb_per_core: 30

      """, to: "mine.yaml")
    let profile = try library.profile(path)
    var (rules, retry) = (SiteProfile.Rules(), SiteProfile().retry)
    (rules.refusedPaths, rules.refusedCommands, rules.unseenPaths) = (["/a"], ["b"], ["/c"])
    (rules.starts, rules.heldHours, rules.folderEntries, rules.spoolJobs, rules.spoolMB) = (21, 22, 23, 24, 25)
    (rules.evaluationSeconds, rules.defaultWalltimeSeconds, rules.workspaceMB) = (26, 127, 28)
    (rules.memoryMBPerCore, rules.diskMBPerCore) = (29, 30)
    #expect(profile.rules == rules)
    (retry.memoryHolds, retry.memoryFactor, retry.transferHolds, retry.transferWaitSeconds) = (11, 2.5, 12, 13)
    #expect(profile.retry == retry)
  }

  @Test("attributes keep their type: flags and numbers without quotes are what they are, anything else is a text")
  func attributes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "extends: generic\nattributes:\n  A: true\n  B: 5\n  C: -1.5\n  D: 'true'\n  E: \"5\"\n  F: el9\n  G: 5 of 6\n",
      to: "x.yaml")
    let profile = try library.profile(path)
    let expected: [String: SiteProfile.AttributeValue] = [
      "A": .flag(true), "B": .whole(5), "C": .real(-1.5), "D": .text("true"), "E": .text("5"), "F": .text("el9"),
      "G": .text("5 of 6"),
    ]
    #expect(profile.attributes == expected)
    let stored = try CanonicalJSON.value(SiteProfile.self, from: CanonicalJSON.data(profile))
    #expect(stored == profile)
  }

  @Test("a submission of an earlier version is still read: its profile lacks keys, and its attributes are texts")
  func earlier() throws {
    var object = try #require(
      JSONSerialization.jsonObject(with: CanonicalJSON.data(library.profile("generic"))) as? [String: Any])
    for key in ["microarch", "accountingAs"] { object[key] = nil }
    var rules = try #require(object["rules"] as? [String: Any])
    rules["evaluationSeconds"] = nil
    (object["rules"], object["attributes"]) = (rules, ["WantOS": "el9"])
    let profile = try CanonicalJSON.value(SiteProfile.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(profile.attributes == ["WantOS": .text("el9")] && profile.microarch == nil)
  }

  static let refusals: [(text: String, message: String)] = [
    ("starts: 3\nstart: 4", "x.yaml:2: 'start' is not a key of a site file"),
    ("rules:\n  restarts: 4", "x.yaml:2: 'rules.restarts' is not a key of a site file"),
    ("starts: many", "x.yaml:1: starts: 'many' is not a whole number"),
    ("\n\nstarts: 0", "x.yaml:3: starts: 0 is not in 1 … 1000"),
    ("starts: 99999999999999999999", "x.yaml:1: starts: 99999999999999999999 is not in 1 … 1000"),
    ("starts: 0x10", "x.yaml:1: starts: '0x10' is not a whole number"),
    ("cpus: 257", "x.yaml:1: cpus: 257 is not in 1 … 256"),
    ("walltime_seconds: 31536001", "x.yaml:1: walltime_seconds: 31536001 is not in 60 … 31536000"),
    ("retry:\n  memory_factor: 0x2", "x.yaml:2: retry.memory_factor: '0x2' is not a number"),
    ("retry:\n  memory_factor: 10.5", "x.yaml:2: retry.memory_factor: 10.5 is not in 1.1 … 10"),
    ("retry:\n  memory_factor: 1e400", "x.yaml:2: retry.memory_factor: 1e400 is not in 1.1 … 10"),
    (
      "requirements: " + String(repeating: "a", count: 4001),
      "x.yaml:1: requirements: a text of 4001 characters; 4000 are the most"
    ),
    (
      "rules:\n  refused_commands: [\((0...1000).map { "c\($0)" }.joined(separator: ", "))]",
      "x.yaml:2: rules.refused_commands: 1001 values are more than 1000"
    ),
    ("retry:\n  memory_factor: .nan", "x.yaml:2: retry.memory_factor: '.nan' is not a number"),
    ("spool: yes", "x.yaml:1: spool: 'yes' is neither true nor false"),
    ("transfer: magic", "x.yaml:1: transfer: 'magic' is none of self-checkpoint, on-eviction, shared-folder"),
    ("starts: [1]", "x.yaml:1: starts: a text is expected"),
    (
      "requirements: \"a\\nqueue 5\"",
      "x.yaml:1: requirements: 'a\\nqueue 5' has a character that is not printable ASCII"
    ),
    ("requirements: $(X)", "x.yaml:1: requirements: '$(X)' has a macro"),
    ("attributes:\n  Note: $ENV(HOME)", "x.yaml:2: attributes.Note: '$ENV(HOME)' has a macro"),
    ("requirements: a \\", "x.yaml:1: requirements: 'a \\' ends in a backslash"),
    ("attributes:\n  Note: Zürich", "x.yaml:2: attributes.Note: 'Zürich' has a character that is not printable ASCII"),
    ("attributes:\n  a b: c", "x.yaml:2: attributes.a b: 'a b' is not a name for HTCondor"),
    ("notification: error", "x.yaml:1: notification: 'error' is none of Never, Complete, Error, Always"),
    (
      "microarch: x86-64-v3",
      "x.yaml:1: microarch: 'x86-64-v3' is none of x86_64-v1, x86_64-v2, x86_64-v3, x86_64-v4"
    ),
    ("accounting_as: group", "x.yaml:1: accounting_as: 'group' is none of command, attribute"),
    ("priority: 1001", "x.yaml:1: priority: 1001 is not in -1000 … 1000"),
    ("accounting_group: a b", "x.yaml:1: accounting_group: 'a b' is not a plain word"),
    ("commands:\n  Log: elsewhere", "x.yaml:2: commands.Log: 'Log' is written by qcalo itself"),
    ("commands:\n  +Evil: x", "x.yaml:2: commands.+Evil: '+Evil' is not a name for HTCondor"),
    ("job_flavour: tomorow", "x.yaml: job_flavour: 'tomorow' is none of espresso, microcentury"),
    ("job_flavour: workday\nwalltime_seconds: 100", "x.yaml: job_flavour: walltime_seconds is given too"),
    ("transfer: on-eviction\nwalltime_seconds: 100", "x.yaml: at_walltime: requeue needs transfer"),
    ("extends: nowhere", "x.yaml: extends: there is no site 'nowhere'; there are generic"),
    ("extends: x", "x.yaml: extends: there is no site 'x'"),
    ("- a", "x.yaml:1: a site file is a list of 'key: value' lines"),
    ("a: [", "x.yaml:2: not YAML: while parsing a flow node, did not find expected node content"),
    ("a: 1\nb: \u{1}", "x.yaml:2: not YAML: control characters are not allowed"),
    ("starts: 1\nstarts: 2", "x.yaml:1: the key 'starts' stands twice in the same group"),
  ]

  @Test("what is wrong with a site file is said with file and line", arguments: refusals)
  func refused(text: String, message: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "x.yaml")
    let error = #expect(throws: InputError.self) { try library.profile(path) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("what is wrong with a long line is said without the line")
  func longLine() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(String(repeating: "{a: ", count: 5000), to: "x.yaml")
    let error = #expect(throws: InputError.self) { try library.profile(path) }
    #expect(error?.description.hasPrefix("\(path):1: not YAML: while parsing, Maximum nesting level reached") == true)
    #expect((error?.description.count ?? 0) < path.count + 200)
  }

  @Test("a byte-order mark before a site file is passed over")
  func byteOrderMark() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("\u{FEFF}extends: generic\nmemory_mb: 3000\n", to: "x.yaml")
    #expect(try library.profile(path).memoryMB == 3000)
    #expect(try library.profile(folder.write("\u{FEFF}memory_mb: 3001", to: "y.yaml")).memoryMB == 3001)
  }

  @Test(
    "flags and what is nothing are words of YAML 1.2's core schema",
    arguments: [("True", "Null"), ("TRUE", "NULL"), ("true", "~"), ("true", "null"), ("true", "")])
  func coreSchema(flag: String, nothing: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "extends: lxbatch\nspool: \(flag)\njob_flavour: \(nothing)\nwalltime_seconds: \(nothing)\n", to: "x.yaml")
    let profile = try library.profile(path)
    #expect(profile.spool && profile.walltime == nil)
  }

  @Test("a site that there is not is refused with those that there are")
  func unknownSite() {
    let error = #expect(throws: InputError.self) { try library.profile("lxplus") }
    #expect(error?.description.contains("there is no site 'lxplus'; there are generic, local-pool") == true)
  }

  @Test("profiles in a circle are refused")
  func circle() throws {
    let folder = try TemporaryFolder()
    try folder.write("extends: b", to: "a.yaml")
    try folder.write("extends: a", to: "b.yaml")
    #expect(throws: InputError.self) { try library.profile(folder("a.yaml")) }
  }
}

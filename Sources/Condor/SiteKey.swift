internal import Experiment
internal import Yams

/// One key of a site file: its name, with a dot where it stands in a section, and where its value goes.
struct SiteKey: Sendable {
  let name: String
  let set: @Sendable (inout SiteProfile, SiteValue) throws -> Void

  static let all: [SiteKey] = [
    .init("description") { $0.description = try $1.text() },
    .init("transfer") { $0.transfer = try $1.choice() },
    .init("at_walltime") { $0.atWalltime = try $1.choice() },
    .init("spool") { $0.spool = try $1.bool() },
    .init("walltime_seconds") { $0.walltimeSeconds = try $1.optional { try $0.integer(60...31_536_000) } },
    .init("job_flavour") { $0.jobFlavour = try $1.optional { try $0.text() } },
    .init("checkpoint_seconds") { $0.checkpointSeconds = try $1.integer(0...86_400) },
    .init("vacate_seconds") { $0.vacateSeconds = try $1.integer(1...86_400) },
    .init("lease_seconds") { $0.leaseSeconds = try $1.integer(20...86_400) },
    .init("starts") { $0.starts = try $1.integer(1...1000) },
    .init("materialize") { $0.materialize = try $1.integer(1...100_000) },
    .init("cpus") { $0.cpus = try $1.integer(threadCounts) },
    .init("memory_mb") { $0.memoryMB = try $1.integer(1...10_000_000) },
    .init("disk_mb") { $0.diskMB = try $1.integer(1...100_000_000) },
    .init("gpus") { $0.gpus = try $1.integer(0...64) },
    .init("require_gpus") { $0.requireGPUs = try $1.optional { try $0.line() } },
    .init("requirements") { $0.requirements = try $1.optional { try $0.line() } },
    .init("accounting_group") { $0.accountingGroup = try $1.optional { try $0.token() } },
    .init("worker_path") { $0.workerPath = try $1.optional { try $0.line() } },
    .init("query_seconds") { $0.querySeconds = try $1.integer(1...600) },
    .init("retry.memory_holds") { $0.retry.memoryHolds = try $1.integer(0...100) },
    .init("retry.memory_factor") { $0.retry.memoryFactor = try $1.number(1.1...10) },
    .init("retry.transfer_holds") { $0.retry.transferHolds = try $1.integer(0...100) },
    .init("retry.transfer_wait_seconds") { $0.retry.transferWaitSeconds = try $1.integer(1...86_400) },
    .init("rules.refused_paths") { $0.rules.refusedPaths = try $1.list().map { try $0.line() } },
    .init("rules.refused_commands") { $0.rules.refusedCommands = try $1.list().map { try $0.token() } },
    .init("rules.starts") { $0.rules.starts = try $1.optional { try $0.integer(1...1000) } },
    .init("rules.held_hours") { $0.rules.heldHours = try $1.optional { try $0.integer(1...10_000) } },
    .init("rules.folder_entries") { $0.rules.folderEntries = try $1.optional { try $0.integer(1...10_000_000) } },
    .init("rules.spool_jobs") { $0.rules.spoolJobs = try $1.optional { try $0.integer(1...1_000_000) } },
    .init("rules.spool_mb") { $0.rules.spoolMB = try $1.optional { try $0.integer(1...1_000_000) } },
  ]
  /// Sections whose keys are the user's: job attributes and submit commands.
  static let open = ["attributes", "commands"]
  /// Every key, as the documentation lists it.
  static var names: [String] { ["extends"] + all.map(\.name) + open }

  init(_ name: String, set: @escaping @Sendable (inout SiteProfile, SiteValue) throws -> Void) {
    self.name = name
    self.set = set
  }

  /// Stores a value of an open section.
  static func setOpen(_ section: String, _ name: String, _ value: SiteValue, in profile: inout SiteProfile) throws {
    guard Quoting.isToken(name) else { throw value.refused("'\(Quoting.shown(name))' is not a name for HTCondor") }
    let line = try value.line()
    if section == "attributes" {
      profile.attributes[name] = line
    } else {
      if SubmitDescription.ownCommands.contains(name.lowercased()) || name.hasPrefix("+") {
        throw value.refused("'\(name)' is written by qcalo itself and cannot be replaced")
      }
      profile.commands[name] = line
    }
  }
}

/// A value of a site file, and where it stands.
struct SiteValue {
  let key: String
  let node: Node
  let file: String

  func refused(_ reason: String) -> InputError {
    InputError("\(file):\(node.mark?.line ?? 1): \(key): \(reason)")
  }

  private var shown: String { "'\(Quoting.shown(node.string ?? "a list or section"))'" }

  func text() throws -> String {
    guard let text = node.string else { throw refused("a text is expected, not a list or section") }
    guard text.count <= Bounds.text else {
      throw refused("a text of \(text.count) characters; \(Bounds.text) are the most")
    }
    return text
  }

  /// A text that can stand in a submit file as it is.
  func line() throws -> String {
    let text = try text()
    if let flaw = Quoting.flaw(inValue: text) { throw refused("\(shown) \(flaw)") }
    if text.isEmpty { throw refused("the value is empty; leave the key out instead") }
    return text
  }

  func token() throws -> String {
    let text = try line()
    guard Quoting.isToken(text) else { throw refused("\(shown) is not a plain word (letters, digits, '_', '.', '-')") }
    return text
  }

  func integer(_ range: ClosedRange<Int>) throws -> Int {
    let text = try text()
    guard DecimalNumber.isWhole(text) else { throw refused("\(shown) is not a whole number") }
    guard let number = Int(text), range.contains(number) else {
      throw refused("\(text) is not in \(Bounds.text(range))")
    }
    return number
  }

  func number(_ range: ClosedRange<Double>) throws -> Double {
    let text = try text()
    guard let number = DecimalNumber(text)?.value else { throw refused("\(shown) is not a number") }
    guard range.contains(number) else { throw refused("\(text) is not in \(Bounds.text(range))") }
    return number
  }

  func bool() throws -> Bool {
    guard let flag = CoreSchema.flag(try text()) else { throw refused("\(shown) is neither true nor false") }
    return flag
  }

  func choice<Choice: RawRepresentable & CaseIterable>() throws -> Choice where Choice.RawValue == String {
    if let choice = try Choice(rawValue: text()) { return choice }
    throw refused("\(shown) is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
  }

  func list() throws -> [SiteValue] {
    guard let items = node.sequence else { throw refused("a list is expected") }
    guard items.count <= 1000 else { throw refused("\(items.count) values are more than 1000") }
    return items.map { SiteValue(key: key, node: $0, file: file) }
  }

  /// nil for an explicit null, which undoes what the extended profile says.
  func optional<Value>(_ read: (SiteValue) throws -> Value) throws -> Value? {
    node.null != nil ? nil : try read(self)
  }
}

import Experiment
import Yams

/// One key of a site file: its name, with a dot where it stands in a section, and where its value goes.
struct SiteKey: Sendable {
  let name: String
  /// The values that it takes, as sentences say it: "1 … 1000"; "" for texts, which have `Bounds.text` characters at most.
  let bound: String
  let set: @Sendable (inout SiteProfile, SiteValue) throws -> Void

  static let all: [SiteKey] = [
    .init("description", \.description) { try $0.text() },
    .init("transfer", \.transfer) { try $0.choice() },
    .init("at_walltime", \.atWalltime) { try $0.choice() },
    .init("spool", \.spool) { try $0.bool() },
    .whole("walltime_seconds", \.walltimeSeconds, 60...31_536_000),
    .init("job_flavour", \.jobFlavour) { try $0.optional { try $0.text() } },
    .whole("checkpoint_seconds", \.checkpointSeconds, 0...86_400),
    .whole("vacate_seconds", \.vacateSeconds, 1...86_400),
    .whole("lease_seconds", \.leaseSeconds, 20...86_400),
    .whole("starts", \.starts, 1...1000),
    .whole("materialize", \.materialize, 1...100_000),
    .whole("pack", \.pack, 1...10_000),
    .whole("avoid_seconds", \.avoidSeconds, 0...86_400),
    .whole("cpus", \.cpus, Bounds.threads),
    .whole("memory_mb", \.memoryMB, 1...10_000_000),
    .whole("disk_mb", \.diskMB, 1...100_000_000),
    .whole("gpus", \.gpus, 0...64),
    .init("require_gpus", \.requireGPUs) { try $0.optional { try $0.line() } },
    .init("requirements", \.requirements) { try $0.optional { try $0.line() } },
    .init("microarch", \.microarch) { try $0.optional { try $0.choice(of: SiteProfile.levels) } },
    .init("instruction_set", \.instructionSet) { try $0.optional { try $0.choice() } },
    .init("accounting_group", \.accountingGroup) { try $0.optional { try $0.token() } },
    .init("accounting_group_user", \.accountingGroupUser) { try $0.optional { try $0.token() } },
    .init("accounting_as", \.accountingAs) { try $0.choice() as SiteProfile.Accounting },
    .whole("priority", \.priority, SiteProfile.priorities),
    .init("rank", \.rank) { try $0.optional { try $0.line() } },
    .init("concurrency_limits", \.concurrencyLimits) { try $0.optional { try $0.line() } },
    .init("notification", \.notification) { try $0.optional { try $0.choice() } },
    .init("container_image", \.containerImage) { try $0.optional { try $0.line() } },
    .init("singularity_image", \.singularityImage) { try $0.optional { try $0.line() } },
    .init("worker_path", \.workerPath) { try $0.optional { try $0.line() } },
    .whole("query_seconds", \.querySeconds, 1...600),
    .whole("retry.memory_holds", \.retry.memoryHolds, 0...100),
    .init("retry.memory_factor", \.retry.memoryFactor, Bounds.text(1.1...10)) { try $0.number(1.1...10) },
    .whole("retry.transfer_holds", \.retry.transferHolds, 0...100),
    .whole("retry.transfer_wait_seconds", \.retry.transferWaitSeconds, 1...86_400),
    .init("rules.refused_paths", \.rules.refusedPaths) { try $0.list().map { try $0.line() } },
    .init("rules.refused_commands", \.rules.refusedCommands) { try $0.list().map { try $0.token() } },
    .whole("rules.starts", \.rules.starts, 1...1000),
    .whole("rules.held_hours", \.rules.heldHours, 1...10_000),
    .whole("rules.folder_entries", \.rules.folderEntries, 1...10_000_000),
    .whole("rules.spool_jobs", \.rules.spoolJobs, 1...1_000_000),
    .whole("rules.spool_mb", \.rules.spoolMB, 1...1_000_000),
    .whole("rules.evaluation_seconds", \.rules.evaluationSeconds, 1...3600),
    .whole("rules.default_walltime_seconds", \.rules.defaultWalltimeSeconds, 60...31_536_000),
    .init("rules.unseen_paths", \.rules.unseenPaths) { try $0.optional { try $0.list().map { try $0.line() } } },
    .whole("rules.workspace_mb", \.rules.workspaceMB, 1...100_000_000),
    .whole("rules.memory_mb_per_core", \.rules.memoryMBPerCore, 1...10_000_000),
    .whole("rules.disk_mb_per_core", \.rules.diskMBPerCore, 1...100_000_000),
  ]
  /// Sections whose keys are the user's: job attributes and submit commands.
  static let open = ["attributes", "commands"]
  /// Every key, as the documentation lists it.
  static var names: [String] { ["extends"] + all.map(\.name) + open }

  private init<Value>(
    _ name: String, _ path: any WritableKeyPath<SiteProfile, Value> & Sendable, _ bound: String = "",
    read: @escaping @Sendable (SiteValue) throws -> Value
  ) {
    (self.name, self.bound) = (name, bound)
    set = { $0[keyPath: path] = try read($1) }
  }

  private static func whole(
    _ name: String, _ path: any WritableKeyPath<SiteProfile, Int> & Sendable, _ range: ClosedRange<Int>
  ) -> SiteKey {
    SiteKey(name, path, Bounds.text(range)) { try $0.integer(range) }
  }

  private static func whole(
    _ name: String, _ path: any WritableKeyPath<SiteProfile, Int?> & Sendable, _ range: ClosedRange<Int>
  ) -> SiteKey {
    SiteKey(name, path, Bounds.text(range)) { try $0.optional { try $0.integer(range) } }
  }

  /// Stores a value of an open section.
  static func setOpen(_ section: String, _ name: String, _ value: SiteValue, in profile: inout SiteProfile) throws {
    guard Quoting.isToken(name) else { throw value.refused("'\(Quoting.shown(name))' is not a name for HTCondor") }
    if section == "attributes" {
      profile.attributes[name] = try value.attribute()
    } else {
      let line = try value.line()
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
    throw isNone(of: Choice.allCases.map(\.rawValue))
  }

  func choice(of words: [String]) throws -> String {
    let text = try text()
    if words.contains(text) { return text }
    throw isNone(of: words)
  }

  private func isNone(of words: [String]) -> InputError {
    refused("\(shown) is none of \(words.joined(separator: ", "))")
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

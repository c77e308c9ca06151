import Experiment
import Search
import Yams

/// Reads what stands under `search`.
struct SearchReader {
  let problems: Problems

  private static let keys = [
    "space", "method", "trials", "seed", "rungs", "factor", "replicates", "objective", "guard", "core_hours", "at_once",
  ]

  /// What a file says of a search.
  /// - Parameters:
  ///   - entry: What stands under `search`.
  ///   - entries: What else stands at the top.
  /// - Returns: The search; nil where something is wrong with it, which is noted.
  func outline(_ entry: Entry, beside entries: Entries) -> SearchOutline? {
    let reader = EntryReader(file: entry.place.file, problems: problems)
    for key in ["variants", "comparisons", "grid", "tables", "skip"] {
      guard let other = entries.structure[key] else { continue }
      problems.add("\(key): a search has its trials for variants; leave out one of them", at: other.place)
    }
    guard case .mapping(let mapping) = entry.node else {
      problems.add(
        "search: \(entry.node.quoted) is not a group of keys, such as space, trials and rungs", at: entry.place)
      return nil
    }
    var search = SearchOutline(place: entry.place)
    search.hasSeeds = entries.structure["seeds"] != nil
    var found: Set<String> = []
    // A factor counts for rungs that stand before it, too.
    let entries = mapping.filter { $0.key.plain == "factor" } + mapping.filter { $0.key.plain != "factor" }
    for (keyNode, value) in entries {
      guard let key = reader.name(keyNode) else { continue }
      found.insert(key)
      do throws(Flaw) {
        try read(key, value, into: &search, reader)
      } catch {
        problems.add(Flaw.said(of: "search.\(key)", error.text), at: reader.place(value))
      }
    }
    for key in ["space", "trials", "rungs"] where !found.contains(key) {
      problems.add("search.\(key) is not given", at: entry.place)
    }
    check(search, found)
    return problems.isEmpty ? search : nil
  }

  private func check(_ search: SearchOutline, _ found: Set<String>) {
    if let factor = search.rungsFactor, found.contains("factor"), factor != search.factor {
      problems.add(
        "search.factor: \(search.factor) is not the \(factor) of search.rungs; give one of them", at: search.place)
    }
    for circuit in ["circuit.", "discriminator.circuit."] {
      let both = search.parameters.filter { [circuit + "rz", circuit + "rotations"].contains($0.parameter.name) }
      guard both.count == 2 else { continue }
      problems.add(
        "search.space: \(both[1].parameter.name): rz and rotations both say what turns; give one of them",
        at: both[1].place)
    }
    if let counts = search.replicates, !search.rungs.isEmpty, counts.count != search.rungs.count {
      problems.add(
        "search.replicates: \(counts.count) counts are not one for each of \(search.rungs.count) rungs",
        at: search.place)
    }
    if let flaw = SearchSpace(search.parameters.map(\.parameter)).flaw {
      let place = search.parameters.first { $0.parameter.name == flaw.parameter }?.place
      problems.add(Flaw.said(of: "search.space: \(flaw.parameter)", flaw.clause), at: place ?? search.place)
    }
  }

  private func read(
    _ key: String, _ value: Node, into search: inout SearchOutline, _ reader: EntryReader
  ) throws(Flaw) {
    let file = reader.file
    switch key {
    case "space":
      guard case .mapping(let space) = value else { throw Flaw("\(value.quoted) is not a group of keys with values") }
      parameters(space, under: "", into: &search.parameters, reader)
      if search.parameters.count > PlannedSearch.mostParameters {
        throw Flaw("\(search.parameters.count) keys are more than \(PlannedSearch.mostParameters)")
      }
    case "method": search.method = try method(value, file)
    case "trials": search.trials = try ValueType.whole(PlannedSearch.trials).read(value, file)
    case "seed":
      let seed = try ValueType.whole(0...Int.max).read(value, file)
      search.seed = UInt64(seed)
    case "rungs": (search.rungs, search.rungsFactor) = try rungs(value, search.factor, file)
    case "factor": search.factor = try ValueType.whole(PlannedSearch.factors).read(value, file)
    case "replicates":
      let counts = try ValueType.list(of: .whole(1...Bounds.seeds), "a list of counts", atMost: 64).read(value, file)
      if counts.isEmpty || counts != counts.sorted() { throw Flaw("the counts do not ascend") }
      search.replicates = counts
    case "objective": search.objective = try objective(value, file)
    case "guard": search.guardian = try guardian(value, file)
    case "core_hours": search.coreHours = try number(value, in: PlannedSearch.budgets)
    case "at_once": search.atOnce = try ValueType.whole(PlannedSearch.parallel).read(value, file)
    default:
      let hint = nearest(to: key, among: Self.keys).map { "; did you mean \($0)?" } ?? ""
      throw Flaw("there is no such key\(hint)")
    }
  }

  // MARK: Settings

  private func method(_ value: Node, _ file: String) throws(Flaw) -> SearchMethod {
    switch value.plain {
    case "random": return .random
    case "quasirandom": return .quasirandom
    case "tpe": return .tpe(.init())
    default: break
    }
    guard case .mapping(let group) = value, group.count == 1, let inner = value["tpe"],
      case .mapping(let keys) = inner
    else {
      throw Flaw("\(value.quoted) is not random, quasirandom, tpe or {tpe: {startup: 10, candidates: 24, gamma: 0.1}}")
    }
    var settings = SearchMethod.ParzenSettings()
    for (key, value) in keys {
      switch key.plain {
      case "startup": settings.startup = try ValueType.whole(1...10_000).read(value, file)
      case "candidates": settings.candidates = try ValueType.whole(1...10_000).read(value, file)
      case "gamma": settings.gamma = try number(value, in: 0.001...0.999)
      default: throw Flaw("'\(key.quoted)' is none of startup, candidates and gamma")
      }
    }
    return .tpe(settings)
  }

  private func rungs(_ value: Node, _ factor: Int, _ file: String) throws(Flaw) -> (rungs: [Int], factor: Int?) {
    guard case .mapping(let keys) = value else {
      let rungs = try ValueType.list(of: .whole(Bounds.checkpoints), "a list of checkpoints", atMost: 64)
        .read(value, file)
      if rungs.isEmpty || zip(rungs, rungs.dropFirst()).contains(where: { $0 >= $1 }) {
        throw Flaw("the checkpoints do not ascend")
      }
      return (rungs, nil)
    }
    var ends: [String: Int] = [:]
    for (key, value) in keys {
      guard let name = key.plain, ["minimum", "factor", "maximum"].contains(name) else {
        throw Flaw("'\(key.quoted)' is none of minimum, factor and maximum")
      }
      ends[name] = try ValueType.whole(name == "factor" ? PlannedSearch.factors : Bounds.checkpoints).read(value, file)
    }
    guard let minimum = ends["minimum"], let maximum = ends["maximum"], minimum <= maximum else {
      throw Flaw("it wants a minimum and a maximum that is not below it")
    }
    let rungs = SearchSpecification.rungs(from: minimum, by: ends["factor"] ?? factor, to: maximum)
    return (rungs, ends["factor"])
  }

  private func objective(_ value: Node, _ file: String) throws(Flaw) -> Objective {
    switch value.plain {
    case "best": return Objective(.best)
    case "last": return Objective(.last)
    case let name? where Self.metrics.contains(name): return Objective(of: Metric(rawValue: name) ?? .fpd)
    default:
      guard case .mapping(let keys) = value, keys.count == 1, let mean = value["mean"] else {
        throw Flaw("\(value.quoted) is not best, last, {mean: 5} or one of \(Self.metrics.joined(separator: ", "))")
      }
      return Objective(.mean(try ValueType.whole(Bounds.checkpoints).read(mean, file)))
    }
  }

  /// Metrics of which less is better.
  private static let metrics = Metric.allCases.filter { !$0.isBetterHigh && $0 != .memorisation }.map(\.rawValue)

  private func guardian(_ value: Node, _ file: String) throws(Flaw) -> SearchSpecification.Guardian {
    guard case .mapping(let keys) = value else { throw Flaw("\(value.quoted) is not {grace: 5, share: 0.2}") }
    var guardian = SearchSpecification.Guardian()
    for (key, value) in keys {
      switch key.plain {
      case "grace": guardian.grace = try ValueType.whole(0...Bounds.checkpoints.upperBound).read(value, file)
      case "share": guardian.share = try number(value, in: 0...1)
      default: throw Flaw("'\(key.quoted)' is none of grace and share")
      }
    }
    return guardian
  }

  private func number(_ value: Node, in range: ClosedRange<Double>) throws(Flaw) -> Double {
    guard let text = value.plain, let number = DecimalNumber(text)?.value else {
      throw Flaw("\(value.quoted) is not a number")
    }
    guard range.contains(number) else { throw Flaw("\(text) is not in \(Bounds.text(range))") }
    return number
  }

  // MARK: The space

  private static let domains = ["choices", "uniform", "log_uniform", "int", "log_int"]

  private func parameters(
    _ mapping: Node.Mapping, under group: String, into parameters: inout [SearchOutline.Searched],
    _ reader: EntryReader
  ) {
    for (keyNode, value) in mapping {
      guard let name = reader.name(keyNode) else { continue }
      let key = group + name
      let place = reader.place(keyNode)
      guard SweepKey.ofNetworks.contains(key) || SweepKey.groupsOfNetworks.contains(key) else {
        let known = SweepKey.setting[key] != nil || SweepKey.groups.contains(key)
        problems.add(
          "search.space: "
            + (known
              ? "\(key) is no key of networks or training, and the same for all trials"
              : reader.unknown(key, structural: [])),
          at: place)
        continue
      }
      if SweepKey.groups.contains(key), case .mapping(let inner) = value,
        !inner.keys.contains(where: { Self.domains.contains($0.plain ?? "") })
      {
        self.parameters(inner, under: key + ".", into: &parameters, reader)
        continue
      }
      do throws(Flaw) {
        if let parameter = try parameter(key, value, after: parameters, at: place, reader) {
          parameters.append(parameter)
        }
      } catch {
        problems.add(Flaw.said(of: "search.space: \(key)", error.text), at: reader.place(value))
      }
    }
  }

  private func parameter(
    _ key: String, _ value: Node, after earlier: [SearchOutline.Searched], at place: Place, _ reader: EntryReader
  ) throws(Flaw) -> SearchOutline.Searched? {
    if case .sequence = value { return try choices(key, value, implied(key, earlier), at: place, reader) }
    guard case .mapping(let keys) = value else {
      throw Flaw("\(value.quoted) is neither a list of values nor a group such as {log_uniform: [1.0e-5, 1.0e-3]}")
    }
    let implied = implied(key, earlier)
    var condition = implied
    var kind: (name: String, node: Node)?
    for (keyNode, node) in keys {
      let name = keyNode.plain ?? ""
      if name == "where" {
        let own = try self.condition(node, earlier)
        if let implied, own.parameter != implied.parameter {
          throw Flaw(
            "where: it counts only where there is a \(implied.parameter), and cannot hang on \(own.parameter) too")
        }
        condition = own
        if let implied {
          condition?.choices.formIntersection(implied.choices)
          if condition?.choices.isEmpty == true { throw Flaw("where: there is no \(implied.parameter) there") }
        }
      } else if Self.domains.contains(name), kind == nil {
        kind = (name, node)
      } else {
        throw Flaw("'\(keyNode.quoted)' is not where or one of \(Self.domains.joined(separator: ", "))")
      }
    }
    guard let kind else { throw Flaw("has none of \(Self.domains.joined(separator: ", "))") }
    if kind.name == "choices" { return try choices(key, kind.node, condition, at: place, reader) }
    return try numbers(key, kind.name, kind.node, condition, at: place)
  }

  private func choices(
    _ key: String, _ list: Node, _ condition: Parameter.Condition?, at place: Place, _ reader: EntryReader
  ) throws(Flaw) -> SearchOutline.Searched? {
    guard case .sequence(let values) = list, !values.isEmpty else {
      throw Flaw("\(list.quoted) is not a list of values")
    }
    if let known = SweepKey.setting[key], known.isList, values.contains(where: { $0.sequence == nil }) {
      throw Flaw("each value is \(known.takes); for one value write [[…]]")
    }
    let settings = values.compactMap { reader.settings(key, $0) }
    // What is wrong with a value is noted.
    guard settings.count == values.count else { return nil }
    return SearchOutline.Searched(
      parameter: Parameter(key, .choices(values.map(Self.text)), where: condition), choices: settings,
      absent: Set(values.indices.filter { values[$0].isNone }), place: place)
  }

  /// What a choice is called: its value, `{}` for an empty group.
  private static func text(_ node: Node) -> String { node.mapping?.isEmpty == true ? "{}" : node.text }

  private func numbers(
    _ key: String, _ kind: String, _ list: Node, _ condition: Parameter.Condition?, at place: Place
  ) throws(Flaw) -> SearchOutline.Searched {
    guard let known = SweepKey.setting[key], !known.isList else {
      throw Flaw("takes no numbers; give a list of values")
    }
    guard case .sequence(let ends) = list, ends.count == 2, let low = ends[0].plain, let high = ends[1].plain,
      let lower = DecimalNumber(low)?.value, let upper = DecimalNumber(high)?.value, lower < upper
    else {
      throw Flaw("\(kind) is not given its ends as two numbers, the lower first: [1, 10]")
    }
    let domain: Domain
    if kind.hasSuffix("int") {
      guard let first = Int(low), let last = Int(high) else { throw Flaw("the ends of \(kind) are not whole numbers") }
      domain = kind == "int" ? .int(first...last) : .logInt(first...last)
    } else {
      domain = kind == "uniform" ? .uniform(lower...upper) : .logUniform(lower...upper)
    }
    if let flaw = domain.flaw { throw Flaw(flaw) }
    let searched = SearchOutline.Searched(
      parameter: Parameter(key, domain, where: condition), key: known, place: place)
    for unit in [0, 0.37, 1.nextDown] { _ = try searched.change(domain.value(at: unit)) }
    return searched
  }

  /// Keys of a circuit, or of a stage of a QINN, count only where there is one.
  private func implied(_ key: String, _ earlier: [SearchOutline.Searched]) -> Parameter.Condition? {
    for group in ["circuit", "discriminator.circuit", "qinn"] where key.hasPrefix(group + ".") {
      guard let owner = earlier.first(where: { $0.parameter.name == group }), !owner.absent.isEmpty,
        case .choices(let texts) = owner.parameter.domain
      else { continue }
      return .init(group, Set(texts.indices).subtracting(owner.absent))
    }
    return nil
  }

  private func condition(
    _ node: Node, _ earlier: [SearchOutline.Searched]
  ) throws(Flaw) -> Parameter.Condition {
    guard case .mapping(let keys) = node, keys.count == 1,
      let (keyNode, value) = keys.first.map({ ($0.key, $0.value) }),
      let name = keyNode.plain
    else {
      throw Flaw("where is not one key with its values, such as {circuit: [none]}")
    }
    guard let other = earlier.first(where: { $0.parameter.name == name }),
      case .choices(let texts) = other.parameter.domain
    else {
      throw Flaw("where: \(name) is no key of choices before it")
    }
    let wanted = value.sequence.map { $0.map(Self.text) } ?? [Self.text(value)]
    var choices: Set<Int> = []
    // A list may be one value, too.
    for text in texts.contains(Self.text(value)) ? [Self.text(value)] : wanted {
      guard let index = texts.firstIndex(of: text) else { throw Flaw("where: \(name) is never \(text)") }
      choices.insert(index)
    }
    return .init(name, choices)
  }
}

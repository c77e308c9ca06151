import Experiment
import Foundation
import Storage
import Yams

/// What a sweep file says, before it is expanded.
struct SweepOutline {
  /// The file itself, not what it extends.
  var file: String
  var name: String
  var seeds: [UInt64]
  var settings: [Setting]
  var sections: [Section]
  /// What is searched in place of sections; nil for no search.
  var search: SearchOutline?

  /// A table of the sweep, or the whole of it.
  struct Section {
    var place: Place
    /// The table's name; nil for a sweep without tables.
    var name: String?
    var settings: [Setting]
    /// The rows, and last what they are compared with.
    var items: [Item]
    var rules: [Rule]
  }

  /// An entry of `variants` or `comparisons`, or a grid of its own.
  struct Item {
    var place: Place
    var label: String?
    var skip: String?
    var settings: [Setting]
    var axes: [Axis] = []
  }

  /// A key of a grid with the values it takes in turn.
  struct Axis {
    var key: String
    var place: Place
    var values: [(settings: [Setting], text: String)]
  }

  /// Which variants are left out, and why.
  struct Rule {
    var place: Place
    /// All keys must match, each with any of its values.
    var conditions: [[[Setting]]]
    var reason: String
  }
}

/// Reads a sweep file.
struct SweepReader {
  let problems = Problems()

  /// What a file says; what is wrong with it is in `problems`, and left out.
  /// - Throws: `SweepError` where there is nothing to read.
  func outline(of path: String) throws(SweepError) -> SweepOutline {
    let entries = try root(of: path)
    let reader = EntryReader(file: path, problems: problems)
    let top = Place(file: path, line: 1)
    var sections: [SweepOutline.Section] = []
    if let tables = entries.structure["tables"] {
      for key in ["variants", "comparisons", "grid"] {
        if let entry = entries.structure[key] {
          problems.add("\(key): a sweep with tables has its \(key) in the tables' sections", at: entry.place)
        }
      }
      sections = self.sections(tables)
      // A rule at the top holds in every table.
      let rules = entries.structure["skip"].map(self.rules) ?? []
      for index in sections.indices { sections[index].rules += rules }
    } else if entries.structure["search"] == nil {
      sections = [section(entries, name: nil, at: top)]
    }
    let search = entries.structure["search"].flatMap { SearchReader(problems: problems).outline($0, beside: entries) }
    var outline = SweepOutline(
      file: path, name: name(entries.structure["name"], reader: reader, path: path),
      seeds: seeds(entries.structure["seeds"]),
      settings: entries.settings, sections: sections)
    outline.search = search
    return outline
  }

  // MARK: The file

  /// The entries of a file, with those of the file that it extends before its own.
  /// - Parameters:
  ///   - path: The file.
  ///   - extending: Without links, the files that extend this one.
  /// - Returns: The merged entries.
  /// - Throws: `SweepError` where a file cannot be read or extends itself.
  private func root(of path: String, extending: Set<String> = []) throws(SweepError) -> Entries {
    let extending = extending.union([Self.real(path)])
    let reader = EntryReader(file: path, problems: problems)
    guard case .mapping(let mapping) = try Self.document(path) else {
      throw SweepError(problems: ["\(path):1: a sweep file is a group of keys, such as name, dataset and variants"])
    }
    let own = reader.entries(of: mapping, at: .sweep)
    guard let base = own.structure["extends"] else { return own }
    let target: String
    do throws(Flaw) {
      target = try ValueType.text("a path").read(base.node, path)
    } catch {
      throw SweepError(problems: ["\(path):\(base.place.line): extends: \(error.text)"])
    }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let file = target.hasPrefix("/") ? target : folder + target
    // By the file, however it is spelled or linked to.
    let real = Self.real(file)
    guard !extending.contains(real) else {
      throw SweepError(problems: ["\(path):\(base.place.line): extends: \(target) extends this file in turn"])
    }
    guard FileManager.default.isReadableFile(atPath: file) else {
      throw SweepError(problems: ["\(path):\(base.place.line): extends: there is no file \(file)"])
    }
    var merged = try root(of: file, extending: extending)
    merged.settings += own.settings
    merged.structure["name"] = nil
    merged.structure.merge(own.structure) { $1 }
    return merged
  }

  /// The path of the file itself, without links.
  private static func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  /// What a YAML file says.
  /// - Throws: `SweepError` when it cannot be read or is none.
  static func document(_ path: String) throws(SweepError) -> Node {
    let bytes: [UInt8]
    do {
      bytes = try FileContent.bytes(of: path)
    } catch {
      throw SweepError(problems: ["\(path): it cannot be read: \(error.reason)"])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SweepError(problems: ["\(path): is not text in UTF-8"])
    }
    do {
      let content = CoreSchema.content(text)
      try AliasCount.check(content, of: path)
      return try Yams.compose(yaml: content) ?? Node("")
    } catch let error as YamlError {
      throw SweepError(problems: [AliasCount.restored(sentence(error, path))])
    } catch let error as SweepError {
      throw error
    } catch {
      throw SweepError(problems: ["\(path): \(error)"])
    }
  }

  private static func sentence(_ error: YamlError, _ path: String) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let whole = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
      return "\(path):\(mark.line): not YAML: \(whole)"
    case .reader(let problem, let offset, _, let text):
      let line = text.prefix(offset ?? 0).count(where: \.isNewline) + 1
      return "\(path):\(line): not YAML: \(problem)"
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      return "\(path):\(context.mark.line): the key \(names) stands twice in the same group"
    default:
      return "\(path): not YAML: \(error)"
    }
  }

  private func name(_ entry: Entry?, reader: EntryReader, path: String) -> String {
    let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let name: String
    let place: Place
    if let entry {
      guard case .scalar(let scalar) = entry.node else {
        problems.add("name: \(entry.node.quoted) is not a name", at: entry.place)
        return stem
      }
      if let word = entry.node.word {
        problems.add("name: \(word) is not a name; write it in quotes, or leave the key out", at: entry.place)
        return stem
      }
      (name, place) = (scalar.string, entry.place)
    } else {
      (name, place) = (stem, Place(file: path, line: 1))
    }
    if let flaw = SweepFile.flaw(inName: name) { problems.add("name: \(flaw)", at: place) }
    return name
  }

  private func seeds(_ entry: Entry?) -> [UInt64] {
    guard let entry else { return [1] }
    guard case .sequence(let list) = entry.node else {
      guard let count = entry.node.plain.flatMap(UInt64.init), (1...UInt64(Bounds.seeds)).contains(count) else {
        problems.add(
          "seeds: \(entry.node.quoted) is neither a count in 1 … \(Bounds.seeds) nor a list of seeds", at: entry.place)
        return []
      }
      return Array(1...count)
    }
    let seeds = list.compactMap { $0.plain.flatMap(UInt64.init) }.filter(Bounds.seed.contains)
    if let flaw = Self.flaw(of: list, seeds) { problems.add("seeds: \(flaw)", at: entry.place) }
    return seeds
  }

  /// What is wrong with a list of seeds, of which `seeds` are those that are seeds; nil for nothing.
  private static func flaw(of list: Node.Sequence, _ seeds: [UInt64]) -> String? {
    let texts = list.map { $0.plain ?? "" }
    if texts.contains(where: { !DecimalNumber.isWhole($0) || $0.hasPrefix("-") }) {
      return "a seed is a whole number, 0 or more"
    }
    if let text = texts.first(where: { !(UInt64($0).map(Bounds.seed.contains) ?? false) }) {
      return "\(text) is not in \(Bounds.text(Bounds.seed))"
    }
    if list.isEmpty { return "the list is empty" }
    if list.count > Bounds.seeds { return "\(list.count) seeds are more than \(Bounds.seeds)" }
    return Set(seeds).count < seeds.count ? "a seed stands twice" : nil
  }
}

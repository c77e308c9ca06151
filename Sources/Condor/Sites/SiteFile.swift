import Experiment
import FoundationEssentials
import Storage
import Yams

extension SiteProfile {
  /// Reads a site file and the profiles that it extends.
  ///
  /// - Parameters:
  ///   - path: The file; its name without the ending is the profile's name.
  ///   - text: Its content, YAML.
  ///   - extended: Gives the path and the text of a profile by name.
  /// - Throws: `InputError` with file and line.
  package init(
    file path: String, text: String, extending extended: (String) throws -> (path: String, text: String)
  ) throws {
    try self.init(file: path, text: text, extending: extended, depth: 0)
    name = Self.name(of: path)
    guard Quoting.isToken(name) else {
      throw InputError("\(path): the name of a site file must be letters, digits, '_', '.' and '-'")
    }
    if let flaw { throw InputError("\(path): \(flaw.key): \(flaw.reason)") }
  }

  static func name(of path: String) -> String {
    let file = Folder.name(of: path)
    return file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
  }

  private init(
    file path: String, text: String, extending extended: (String) throws -> (path: String, text: String), depth: Int
  ) throws {
    let entries = try Self.entries(of: text, file: path)
    self.init()
    if let base = entries.first(where: { $0.key == "extends" }) {
      guard depth < 8 else { throw base.refused("the profiles extend each other in a circle") }
      let (basePath, baseText) = try extended(base.token())
      self = try SiteProfile(file: basePath, text: baseText, extending: extended, depth: depth + 1)
    }
    let keys = Dictionary(uniqueKeysWithValues: SiteKey.all.map { ($0.name, $0) })
    for entry in entries where entry.key != "extends" {
      let parts = entry.key.split(separator: ".", maxSplits: 1).map(String.init)
      if let key = keys[entry.key] {
        try key.set(&self, entry)
      } else if parts.count == 2, SiteKey.open.contains(parts[0]) {
        try SiteKey.setOpen(parts[0], parts[1], entry, in: &self)
      } else {
        throw InputError(
          "\(path):\(entry.node.mark?.line ?? 1): '\(Quoting.shown(entry.key))' is not a key of a site file; the keys "
            + "are " + SiteKey.names.joined(separator: ", "))
      }
    }
  }

  /// The refusal of a file that is no YAML, on one line, without the lines of the file that Yams adds.
  private static func refused(_ error: YamlError, _ file: String) -> InputError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let whole = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
      return InputError("\(file):\(mark.line): not YAML: \(whole)")
    case .reader(let problem, let offset, _, let text):
      let line = text.prefix(offset ?? 0).count(where: \.isNewline) + 1
      return InputError("\(file):\(line): not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "'\(Quoting.shown($0))'" }.joined(separator: ", ")
      return InputError("\(file):\(context.mark.line): the key \(names) stands twice in the same group")
    default:
      return InputError("\(file): not YAML: \(error)")
    }
  }

  /// The file's entries in order, those of a section as `section.key`.
  private static func entries(of text: String, file: String) throws -> [SiteValue] {
    let root: Node?
    do {
      root = try Yams.compose(yaml: CoreSchema.content(text))
    } catch let error as YamlError {
      throw refused(error, file)
    }
    guard let root, root.null == nil else { return [] }
    guard let mapping = root.mapping else {
      throw InputError("\(file):\(root.mark?.line ?? 1): a site file is a list of 'key: value' lines")
    }
    return mapping.flatMap { key, node -> [SiteValue] in
      let name = key.string ?? "?"
      let isSection = SiteKey.open.contains(name) || SiteKey.all.contains { $0.name.hasPrefix(name + ".") }
      guard isSection, let section = node.mapping else { return [SiteValue(key: name, node: node, file: file)] }
      return section.map { SiteValue(key: "\(name).\($0.key.string ?? "?")", node: $0.value, file: file) }
    }
  }
}

import Experiment
import Yams

/// A count of what the aliases (`*name`) of a YAML text stand for, before anything expands them: Yams hashes a group's
/// keys as it reads, and ten aliases of ten aliases … have no end.
///
/// Yams reads the text with a character in place of every asterisk, so that an alias is a scalar.
struct AliasCount {
  /// A character without a meaning, which YAML lets a scalar begin with.
  private static let stand: Character = "\u{E000}"

  private let path: String
  /// What has been counted, by anchor; the last of a name counts.
  private var sizes: [String: Int] = [:]
  private var fromAliases = 0

  private init(path: String) { self.path = path }

  /// Refuses aliases that stand for more than `SweepFile.aliasLimit`, and aliases in a key.
  /// - Throws: `SweepError` for these; `YamlError` when the text is no YAML.
  static func check(_ text: String, of path: String) throws {
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
    let parser = try Parser(yaml: text.replacing("*", with: String(stand)))
    // The nodes' anchors live as long as the parser.
    try withExtendedLifetime(parser) {
      guard let root = try parser.singleRoot() else { return }
      var count = AliasCount(path: path)
      _ = try count.size(of: root, inKey: false)
    }
  }

  /// A sentence with the asterisks of the file.
  static func restored(_ sentence: String) -> String { sentence.replacing(String(stand), with: "*") }

  /// How many nodes there are in a node, itself and those of aliases included.
  private mutating func size(of node: Node, inKey: Bool) throws -> Int {
    var size = 1
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.first == Self.stand {
        // Between brackets `*a:*b` is two, though it reads as one scalar.
        for text in scalar.string.split(separator: Self.stand) {
          let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
          size += try alias(String(name), at: node, inKey: inKey)
        }
      }
    case .sequence(let list):
      for item in list { size += try self.size(of: item, inKey: inKey) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        size += try self.size(of: key, inKey: true)
        size += try self.size(of: value, inKey: inKey)
      }
    case .alias: break
    }
    if let anchor = node.anchor { sizes[anchor.rawValue] = size }
    return size
  }

  private mutating func alias(_ name: String, at node: Node, inKey: Bool) throws -> Int {
    let place = "\(path):\(node.mark?.line ?? 1)"
    if inKey { throw SweepError(problems: ["\(place): the alias *\(name) stands in a key; write the key out"]) }
    let size = sizes[name] ?? 1
    fromAliases += size
    if fromAliases > SweepFile.aliasLimit {
      throw SweepError(problems: [
        "\(place): the aliases up to *\(name) stand for more than \(SweepFile.aliasLimit) values; write fewer of them"
      ])
    }
    return size
  }
}

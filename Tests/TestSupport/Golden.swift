/// Line by line, where two texts differ: `-` expected, `+` found, with line numbers; nil when they are the same.
public func difference(from expected: String, to found: String) -> String? {
  guard expected != found else { return nil }
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = found.split(separator: "\n", omittingEmptySubsequences: false)
  return (0..<max(old.count, new.count)).flatMap { line -> [String] in
    let (was, now) = (line < old.count ? old[line] : nil, line < new.count ? new[line] : nil)
    guard was != now else { return [] }
    return [was.map { "\(line + 1) - \($0)" }, now.map { "\(line + 1) + \($0)" }].compactMap { $0 }
  }.joined(separator: "\n")
}

import Experiment
import Sweeps
import TestSupport
import Testing

/// What YAML takes for nothing or a flag is no text, and what aliases stand for has an end.
@Suite struct YAMLWordTests {
  @Test(arguments: ["false", "true", "True", "null", "~", "NULL"])
  func `a word of YAML is no text unless it is in quotes`(word: String) throws {
    let advice = "\(word) is not text; write it in quotes, or leave the key out"
    for key in ["skip", "label", "table"] {
      #expect(try problems(frame + "variants: [{}, {latent: 4, \(key): \(word)}]") == ["4: \(key): \(advice)"])
      #expect(try problems(frame + "variants: [{}, {latent: 4, \(key): '\(word)'}]") == [])
    }
    let rule = "variants: [{}, {latent: 4}]\nskip: [{where: {latent: 4}, reason: \(word)}]"
    #expect(try problems(frame + rule) == ["5: skip: reason: \(advice)"])
    let labelled = "variants: [{}, {latent: 4}]\nskip: [{where: {label: \(word)}, reason: r}]"
    #expect(try problems(frame + labelled) == ["5: skip: label: \(advice)"])
    #expect(
      try problems(frame + "name: \(word)\nvariants: [{}]")
        == ["4: name: \(word) is not a name; write it in quotes, or leave the key out"])
    #expect(
      try problems(frame + "tables: {\(word): {variants: [{}]}}")
        == ["4: \(word) is not a key; write it in quotes"])
    #expect(
      try problems("extends: \(word)\n" + frame + "variants: [{}]")
        == ["1: extends: \(word) is not a path; write it in quotes, or leave the key out"])
  }

  @Test(arguments: ["4", "2x", "no", "none", "Classical", "1.5", "off"])
  func `other plain texts are texts`(text: String) throws {
    let plan = try plan(frame + "variants: [{label: \(text)}, {latent: 4, skip: \(text)}]")
    #expect(plan[text] != nil && plan.variants[1].skip == text)
  }

  // MARK: Aliases

  private static func lists(_ depth: Int) -> String {
    (1..<depth).reduce("bomb:\n  a0: &a0 [1,2,3,4,5,6,7,8,9,0]\n") { text, level in
      let last = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      return text + "  a\(level): &a\(level) [\(last)]\n"
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [7, 12])
  func `aliases of aliases have an end`(depth: Int) throws {
    let found = try problems(frame + Self.lists(depth) + "grid: {hidden: [1, *a\(depth - 1)]}")
    #expect(found == ["9: the aliases up to *a3 stand for more than 100000 values; write fewer of them"])
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["? *a11\n  : 1", "? [*a11]\n  : 1", "b: {*a11}", "b: [*a11 : 1]", "b: [*a11:1]"])
  func `aliases have an end before keys are hashed`(key: String) throws {
    let found = try problems(frame + "variants: [{}]\n" + Self.lists(12) + "  \(key)\n")
    #expect(found.count == 1 && found[0].contains("the aliases up to *"), "\(found)")
  }

  @Test(arguments: ["? [*n]\n    : 1", "*n : 1", "{a: {*n}}", "{a: [*n : 1]}", "{a: {*n:1}}"])
  func `an alias in a key is named`(key: String) throws {
    let found = try problems(frame + "name: &n some\nvariants:\n  - \(key)")
    #expect(found == ["6: the alias *n stands in a key; write the key out"])
  }

  @Test func `aliases are read, and asterisks elsewhere are text`() throws {
    let plan = try plan(
      frame + """
        # * and & in a comment
        variants:
          - {label: "*a & b", circuit: &c {cnot: [1]}}
          - {label: 2 *c, circuit: *c, hidden: [7]}
        """)
    #expect(plan["*a & b"]?.variant.generator.circuit == plan["2 *c"]?.variant.generator.circuit)
    #expect(plan["2 *c"]?.variant.generator.circuit != nil)
    #expect(
      try problems(frame + "name: &n a\nvariants: [{'*a': 1, '*a': 2}]")
        == ["5: the key '*a' stands twice in the same group"])
  }
}

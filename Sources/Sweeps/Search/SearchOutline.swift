import Search
import Yams

/// What a sweep file says of a search.
struct SearchOutline {
  var place: Place
  var parameters: [Searched] = []
  var method = SearchMethod.tpe(.init())
  var trials = 0
  var seed: UInt64 = 1
  var rungs: [Int] = []
  var factor = 3
  /// The factor that stands under `rungs`; nil where none does.
  var rungsFactor: Int?
  var replicates: [Int]?
  var objective = Objective()
  var guardian: SearchSpecification.Guardian?
  var coreHours: Double?
  var atOnce = 20
  /// Whether the file says which seeds there are.
  var hasSeeds = false

  /// A parameter, and what its values do to a variant.
  struct Searched: Sendable {
    var parameter: Parameter
    /// What each choice sets; nil for numbers.
    var choices: [[Setting]]?
    /// The choices that say that there is none of its kind.
    var absent: Set<Int> = []
    /// What reads a number; nil for choices.
    var key: SweepKey?
    var place: Place

    /// Sets a value; false where the key does not take it.
    func apply(_ value: Double, to draft: inout Draft) -> Bool {
      if let choices {
        for setting in choices[Int(value)] { setting.apply(&draft) }
        return true
      }
      guard let change = try? change(value) else { return false }
      change(&draft)
      return true
    }

    /// What a number does to a variant.
    /// - Throws: `Flaw` where the key does not take it.
    func change(_ value: Double) throws(Flaw) -> SweepKey.Change? {
      let node = Node.scalar(.init(parameter.domain.text(value), Tag(.implicit), .plain))
      return try key?.change?(node, place.file)
    }
  }

  /// What it comes to.
  var specification: SearchSpecification {
    var specification = SearchSpecification(
      space: SearchSpace(parameters.map(\.parameter)), method: method, trials: trials, seed: seed, rungs: rungs,
      factor: rungsFactor ?? factor, replicates: replicates, objective: objective, guardian: guardian,
      coreHours: coreHours)
    specification.atOnce = atOnce
    return specification
  }
}

package import Condor
package import Experiment

/// The sites that a sweep's runs are divided between.
package struct SiteShares: Sendable {
  /// The sites, each with how many runs it gets in turn.
  package private(set) var shares: [(site: SiteProfile, weight: Int)]

  /// One site that gets all.
  package init(_ site: SiteProfile) { shares = [(site, 1)] }

  /// Several sites, as "lxbatch:3,generic": each gets so many runs in turn, one where no number is given.
  /// - Parameters:
  ///   - text: The sites' names, or the paths of site files, separated by commas.
  ///   - profile: Reads a site.
  /// - Throws: `InputError`; what `profile` throws.
  package init(_ text: String, profile: (String) throws -> SiteProfile) throws {
    shares = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let words = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let weight = words.count == 1 ? 1 : Int(words[1])
      guard let name = words.first, !name.isEmpty, let weight, (1...1000).contains(weight) else {
        throw InputError("--sites: '\(part)' is no site with a number of runs, such as lxbatch:3")
      }
      return (try profile(name), weight)
    }
    let names = shares.map(\.site.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw InputError("--sites: \(twice) is named twice")
    }
  }

  /// The same sites, with another priority of the jobs among the user's own.
  /// - Parameter priority: The jobs'; nil for each site's own.
  /// - Returns: The sites, with as many runs in turn as before.
  package func prioritized(_ priority: Int?) -> SiteShares {
    guard let priority else { return self }
    var sites = self
    for index in sites.shares.indices { sites.shares[index].site.priority = priority }
    return sites
  }

  /// The runs of each site.
  ///
  /// A run's site depends on its place in the sweep alone, so that it stays the same whenever it is asked for.
  /// - Parameter jobs: The sweep's runs, all of them, in its order.
  /// - Returns: The sites in their order, each with its runs.
  package func divide(_ jobs: [JobDescription]) -> [(site: SiteProfile, jobs: [JobDescription])] {
    let turns = shares.indices.flatMap { Array(repeating: $0, count: shares[$0].weight) }
    let places = Dictionary(grouping: jobs.indices) { turns[$0 % turns.count] }
    return shares.indices.map { (shares[$0].site, (places[$0] ?? []).map { jobs[$0] }) }
  }
}

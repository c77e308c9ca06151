import Experiment
import Testing

@Suite struct SuggestionTests {
  @Test func `the nearest name is meant, up to two or three slips, and of equal ones that with the same first letter`()
  {
    let verbs = ["results", "report", "resume", "run", "plots", "plan"]
    #expect(nearest(to: "reslts", among: verbs) == "results")
    #expect(nearest(to: "plot", among: verbs) == "plots")
    #expect(nearest(to: "rnu", among: verbs) == "run")
    #expect(nearest(to: "Plan", among: verbs) == "plan")
    #expect(nearest(to: "energies", among: verbs) == nil)
  }

  @Test(arguments: [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("a", "a", 0)])
  func `insertions, deletions, replacements and swaps of neighbours count`(a: String, b: String, distance: Int) {
    #expect(editDistance(a, b) == distance)
  }
}

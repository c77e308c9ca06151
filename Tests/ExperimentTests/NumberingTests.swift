import Experiment
import Testing

@Suite struct NumberingTests {
  @Test func `equal values have one number`() {
    var numbers = Numbering<String>()
    #expect(["b", "a", "a", "b", "c", "a"].map { numbers.number(of: $0) } == [0, 1, 1, 0, 2, 1])
    #expect(numbers.values == ["b", "a", "c"])
  }
}

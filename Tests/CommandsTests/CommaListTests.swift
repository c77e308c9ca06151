import Testing

@testable import Commands

@Suite struct CommaListTests {
  @Test(
    arguments: [
      ("1,2,5", [1, 2, 5]), ("7", [7]), ("", nil), ("1,,2", nil), ("1,2,", nil), ("1, 2", nil), ("1,x", nil),
    ]
      as [(String, [Int]?)])
  func `each part of a list is a value, or it is no list`(text: String, values: [Int]?) {
    #expect(text.commaSeparated { Int($0) } == values)
  }
}

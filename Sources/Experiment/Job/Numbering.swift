/// Numbers of different values, from 0 in the order in which they are met.
package struct Numbering<Value: Hashable> {
  /// The values, each at its number.
  package private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]
  private var latest = 0

  package init() {}

  /// The value's number, a new one when it is met for the first time.
  package mutating func number(of value: Value) -> Int {
    // Neighbours in a sweep are often alike, and comparing is quicker than hashing.
    if !values.isEmpty, values[latest] == value { return latest }
    if let known = numbers[value] {
      latest = known
    } else {
      latest = values.count
      numbers[value] = latest
      values.append(value)
    }
    return latest
  }
}

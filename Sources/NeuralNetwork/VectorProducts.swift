/// The vector y plus a times x, in place of y: `count` numbers of each.
package func addMultiple(_ a: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
  for i in 0..<count { y[i] += a * x[i] }
}

/// The sum Σ x y over `count` numbers of each, in eight sums that the processor adds side by side.
package func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  var i = 0
  while i + 8 <= count {
    let (a, b) = (UnsafeRawPointer(x + i), UnsafeRawPointer(y + i))
    sums += a.loadUnaligned(as: SIMD8<Double>.self) * b.loadUnaligned(as: SIMD8<Double>.self)
    i += 8
  }
  var sum = sums.sum()
  while i < count {
    sum += x[i] * y[i]
    i += 1
  }
  return sum
}

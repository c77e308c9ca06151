import Testing

@testable import Ansatz

@Suite struct PauliSpanTests {
  @Test func `a span's basis does not depend on what spans it`() {
    func sum(_ a: PauliString, _ b: PauliString) -> PauliString { PauliString(x: a.x ^ b.x, z: a.z ^ b.z) }
    let (a, b, c) = (PauliString(x: 3, z: 1), PauliString(x: 1, z: 2), PauliString(x: 0, z: 7))
    let basis = PauliSpan([a, b, c]).basis
    #expect(basis.count == 3)
    for strings in [[c, b, a], [sum(a, b), b, c, a], [sum(sum(a, b), c), sum(b, c), c], [b, sum(a, c), c, c]] {
      #expect(PauliSpan(strings).basis == basis)
    }
    #expect(PauliSpan([a, b]).basis != PauliSpan([a, c]).basis)
  }
}

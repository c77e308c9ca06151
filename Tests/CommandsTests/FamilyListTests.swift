import Commands
import Experiment
import Testing

@Suite struct FamilyListTests {
  @Test func `each part names a family, and none twice`() {
    #expect(FamilyList(argument: "kpd,fpd")?.values == [.kpd, .fpd])
    let wrong = ["", "fpd,", "speed", "fpd,fpd", "fpd, kpd"]
    #expect(wrong.filter { FamilyList(argument: $0) != nil }.isEmpty)
  }
}

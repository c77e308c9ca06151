import Commands
import Experiment
import Testing

@Suite struct MetricListTests {
  @Test func `each part names a metric, and none twice`() {
    #expect(MetricList(argument: "held_out_chi2,fpd")?.values == [.heldOutChi2, .fpd])
    let wrong = ["", "fpd,", "speed", "fpd,fpd", "fpd, kpd"]
    #expect(wrong.filter { MetricList(argument: $0) != nil }.isEmpty)
  }
}

import Experiment
import Testing

@Suite struct EvaluationOrderTests {
  @Test func `the best checkpoint is judged, and each so many up to the last`() {
    #expect(EvaluationOrder(every: 10).checkpoints(best: 13, last: 35) == [10, 13, 20, 30])
    #expect(EvaluationOrder(every: 10).checkpoints(best: 20, last: 20) == [10, 20])
    #expect(EvaluationOrder().checkpoints(best: 0, last: 9) == [0])
    #expect(EvaluationOrder(every: 4).checkpoints(best: nil, last: 3) == [])
  }

  @Test func `a record of other events, or without a family, leaves the order open`() {
    let dataset = DatasetDescription(
      path: "d.h5", sha256: "", energies: [4096, 65536], eventsPerEnergy: 50, voxels: 533)
    func isFulfilled(_ order: EvaluationOrder, _ computed: [Metric], events: Int, ordered: Int? = nil) -> Bool {
      order.isFulfilled(by: computed, events: events, ordered: ordered, dataset: dataset)
    }
    let order = EvaluationOrder(metrics: [.chi2, .layers])
    let both: [Metric] = [.heldOutChi2, .layerChi2]
    #expect(isFulfilled(order, both, events: 100))
    #expect(!isFulfilled(order, [.heldOutChi2], events: 100))
    #expect(!isFulfilled(order, both, events: 50))
    #expect(isFulfilled(EvaluationOrder(metrics: [.chi2], heldOut: 20), [.heldOutChi2], events: 40))
    // There were no more.
    #expect(isFulfilled(order, both, events: 63, ordered: 50))
    #expect(!isFulfilled(order, both, events: 63, ordered: 40))
  }
}

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
    let order = EvaluationOrder(metrics: [.chi2, .layers])
    #expect(order.isFulfilled(by: [.heldOutChi2, .layerChi2], events: 100, dataset: dataset))
    #expect(!order.isFulfilled(by: [.heldOutChi2], events: 100, dataset: dataset))
    #expect(!order.isFulfilled(by: [.heldOutChi2, .layerChi2], events: 50, dataset: dataset))
    #expect(
      EvaluationOrder(metrics: [.chi2], heldOut: 20).isFulfilled(by: [.heldOutChi2], events: 40, dataset: dataset))
  }
}

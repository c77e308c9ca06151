import Experiment
import Foundation
import Testing

@Suite struct SubmissionRecordTests {
  private let record = SubmissionRecord(
    sweep: "demo", site: "lxbatch", schedd: "ci@ap", cluster: 7, runs: ["a", "b", "c"], packed: [2, 1], isDag: false,
    time: 1, utcOffset: 3600)

  private func read(_ change: (inout SubmissionRecord) -> Void) throws -> SubmissionRecord {
    var record = record
    change(&record)
    return try JSONDecoder().decode(SubmissionRecord.self, from: JSONEncoder().encode(record))
  }

  @Test func `a record is read as it was written`() throws {
    #expect(try read { _ in } == record)
    #expect(try read { _ in }.jobs == [["a", "b"], ["c"]])
    let least = try read { ($0.schedd, $0.packed, $0.utcOffset) = (nil, nil, nil) }
    #expect(least.packed == nil && least.utcOffset == nil && least.jobs == [["a"], ["b"], ["c"]])
  }

  @Test(arguments: [[-1, 3], [-1, 4], [3, 0], [1], [2, 2], [], [Int.max, Int.max]])
  func `packs that are not made of the runs are refused`(packed: [Int]) {
    #expect(throws: DecodingError.self) { try read { $0.packed = packed } }
  }

  @Test(arguments: [Int.min, -86_401, 86_401, Int.max])
  func `an offset of more than a day is refused`(offset: Int) {
    #expect(throws: DecodingError.self) { try read { $0.utcOffset = offset } }
  }
}

/// A row of the slides' tables (Bologna Quantum Group, ISGC 2026), for comparison only: other events, other hardware.
struct PublishedRow: Sendable {
  var table: String
  var label: String
  /// χ²/NDF, its values per energy, the best checkpoint and the number of checkpoints.
  var reduced: Double?
  var perEnergy: [Double] = []
  var best: Int?
  var last: Int?
  var meanQuantum: Double?
  var meanClassical: Double?
  var meanReference: Double?
  /// What stands there instead of numbers.
  var remark: String?

  /// Every row of the five tables, in order.
  static let all: [PublishedRow] = [
    .init(table: "1", label: "Classical", reduced: 16.8, best: 418, last: 419, meanClassical: 22.2),
    .init(table: "1", label: "1", reduced: 45.9, best: 270, last: 280, meanQuantum: 52.1, meanClassical: 30.0),
    .init(table: "1", label: "2", reduced: 34.0, best: 207, last: 231, meanQuantum: 42.6, meanClassical: 32.2),
    .init(table: "1", label: "3", reduced: 54.1, best: 262, last: 271, meanQuantum: 58.9, meanClassical: 30.2),
    .init(table: "1", label: "4", reduced: 25.6, best: 229, last: 275, meanQuantum: 36.4, meanClassical: 31.0),
    .init(
      table: "2", label: "Classical", reduced: 2.13, best: 401, last: 561, meanClassical: 5.03, meanReference: 3.14),
    .init(table: "2", label: "1", remark: "skipped: \"not good for [100, #voxels]\""),
    .init(
      table: "2", label: "2", reduced: 2.71, best: 222, last: 266, meanQuantum: 10.5, meanClassical: 6.51,
      meanReference: 2.48),
    .init(
      table: "2", label: "3", reduced: 2.22, best: 155, last: 165, meanQuantum: 5.39, meanClassical: 8.21,
      meanReference: 3.07),
    .init(
      table: "2", label: "4", reduced: 2.12, best: 126, last: 163, meanQuantum: 5.91, meanClassical: 9.48,
      meanReference: 3.26),
    .init(
      table: "2", label: "reference", reduced: 1.25, best: 196, last: 556, meanClassical: 6.98, meanReference: 2.97),
    .init(
      table: "3", label: "2x", reduced: 1.76, best: 124, last: 125, meanQuantum: 3.10, meanClassical: 9.72,
      meanReference: 3.27),
    .init(
      table: "3", label: "3x", reduced: 2.40, best: 66, last: 104, meanQuantum: 7.92, meanClassical: 21.1,
      meanReference: 5.66),
    .init(
      table: "4", label: "2x, 3 energies", reduced: 10.6, perEnergy: [7.0, 14.3, 10.0], best: 78, last: 85,
      meanQuantum: 15.8, meanClassical: 5.17),
    .init(
      table: "4", label: "3x, 3 energies", reduced: 15.8, perEnergy: [6.3, 20.4, 19.7], best: 26, last: 91,
      meanQuantum: 21.7, meanClassical: 17.2),
    .init(
      table: "4", label: "reference, 3 energies", reduced: 1.32, perEnergy: [1.9, 1.0, 1.1], best: 517, last: 564,
      meanClassical: 2.30),
    .init(table: "5", label: "discriminator 2x", reduced: 70.6, last: 31, remark: "same χ² at all checkpoints"),
    .init(
      table: "5", label: "discriminator 3x", reduced: 70.6, last: 4, remark: "same χ² at all checkpoints, then NaN"),
  ]

  static func find(table: String, label: String) -> PublishedRow? {
    all.first { $0.table == table && $0.label == label }
  }
}

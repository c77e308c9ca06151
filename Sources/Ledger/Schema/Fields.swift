import Experiment
import GRDB
import Records

/// The values of one row of a table, each beside its column's name, in the order of the columns.
struct Fields: ExpressibleByDictionaryLiteral {
  typealias Value = (any DatabaseValueConvertible)?

  private(set) var names: [String]
  private(set) var values: [Value]

  init(dictionaryLiteral elements: (String, Value)...) {
    names = elements.map(\.0)
    values = elements.map(\.1)
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.names += right.names
    sum.values += right.values
    return sum
  }
}

extension Schema {
  /// What computed: columns of every table that says it.
  static let provenance: [Table.Column] = [
    .init("binary_sha256", .text, "SHA-256 of the worker's executable"),
    .init("source_commit", .text, "the worker's source commit, with + for uncommitted changes"),
    .init("numerics_version", .integer, "raised whenever the same job would train other numbers"),
    .init("host", .text, "the machine"),
    .init("processor", .text, "its processor's model"),
    .init("kernels", .text, "the instruction set that the kernels chose"),
  ]
}

extension Fields {
  /// The values of `Schema.provenance`.
  init(_ provenance: Provenance?) {
    self = [
      "binary_sha256": provenance?.binary, "source_commit": provenance?.commit,
      "numerics_version": provenance?.numericsVersion, "host": provenance?.host, "processor": provenance?.processor,
      "kernels": provenance?.kernels,
    ]
  }
}

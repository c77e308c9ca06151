import Ansatz
import Experiment
import GRDB
import TestSupport
import Testing

@testable import Ledger

/// What is not a GAN with one circuit is told by columns, too.
@Suite struct KindColumnTests {
  private static let variants: [(label: String, variant: Variant)] = [
    ("stage", Variant(generator: .init(hidden: [50], qinn: QINNSettings(qubits: 4, layers: 3, blocks: 2)))),
    (
      "frozen",
      Variant(
        generator: .init(hidden: [50], qinn: QINNSettings(qubits: 5, blocks: 4, training: .frozenStraightThrough)))
    ),
    (
      "of Dense",
      Variant(generator: .init(hidden: [50], qinn: QINNSettings(blocks: 3, direction: .forward, blocksOf: .dense)))
    ),
    ("coupling", Variant(coupling: CouplingSettings(blocks: 6))),
    ("coupling, quantum", Variant(coupling: CouplingSettings(blocks: 7, circuit: Circuit(qubits: 8, ring: true)))),
    ("by itself", Variant(inn: INNSettings(qubits: 3, blocks: 5, layers: 2))),
    ("parametric", Variant(parametric: ParametricSettings())),
    ("general", Variant(generator: .init(circuit: Circuit(rotations: [.x, .z], encoding: .y, inputShift: 2)))),
  ]

  @Test(arguments: [
    ("stage", "gan 4 z,y,x y 1 2 circuit inverse exact", "inverse"),
    ("frozen", "gan 5 z,y,x y 3 4 circuit inverse frozen_straight_through", "inverse"),
    ("of Dense", "gan NULL NULL NULL NULL 3 dense forward exact", "NULL"),
    ("coupling", "coupling NULL NULL NULL NULL 6 dense NULL NULL", "NULL"),
    ("coupling, quantum", "coupling 8 y,z x 0 7 circuit NULL NULL", "done"),
    ("by itself", "qinn 3 z,y,x y 0 5 circuit NULL NULL", "done"),
    ("parametric", "parametric NULL NULL NULL NULL NULL NULL NULL NULL", "NULL"),
    ("general", "gan 10 x,z y 2 NULL NULL NULL NULL", "done"),
  ])
  func `kinds, rotations and stages`(label: String, columns: String, direction: String) throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger(Workspace(path: folder("work")))
    var plan = SweepPlan(name: "kinds", seeds: [1], variants: [])
    plan.variants = Self.variants.map { label, variant in
      PlannedVariant(
        label: label, variant: variant, settings: .init(),
        dataset: DatasetRequest(source: "a.h5", energies: [65536], eventsPerEnergy: 1000), budget: Budget())
    }
    try ledger.record(plan, source: "kinds.yaml", datasets: [])
    let row = try ledger.reading { db in
      try #require(
        try Row.fetchOne(
          db,
          sql: """
            SELECT v.kind, v.qubits, v.rotations, v.encoding, v.input_shift, v.blocks, v.blocks_of, v.qinn_direction,
              v.qinn_training, CASE v.inverse WHEN 1 THEN 'inverse' WHEN 0 THEN 'done' END,
              r.kind || coalesce(r.blocks_of, '') || coalesce(r.qinn_training, '')
            FROM results r JOIN sweep_variants s USING (sweep, position) JOIN variants v ON v.id = s.variant
            WHERE r.label = ?
            """, arguments: [label]))
    }
    let planned = try #require(plan.variants.first { $0.label == label })
    #expect(try ledger.rows(of: "kinds").first { $0.label == label }?.kind == planned.variant.kind)
    let texts: [String] = row.databaseValues.map {
      String.fromDatabaseValue($0) ?? ($0.isNull ? "NULL" : $0.description)
    }
    #expect(texts.prefix(9).joined(separator: " ") == columns)
    #expect(texts[9] == direction)
    let (kind, blocks, training) = (texts[0], texts[6], texts[8])
    #expect(texts[10] == [kind, blocks, training].filter { $0 != "NULL" }.joined())
  }
}

package import Experiment
import GRDB

/// A row of a sweep with what the tables say of its variant, and the runs that train it.
package struct SweepRow: Hashable, Sendable {
  /// A circuit's axes as the tables show them.
  package struct Axes: Hashable, Sendable {
    /// Whether RZ follows RY.
    package var rz: Bool
    /// CNOT distances, ascending.
    package var cnot: [Int]
    /// Repetitions of the circuit's block.
    package var repetitions: Int
  }

  /// One run of the row.
  package struct Training: Hashable, Sendable {
    /// The seed that it is trained with.
    package var seed: UInt64
    /// The run's identity.
    package var run: String
  }

  /// The sweep's name.
  package var sweep: String
  /// The row's place in the plan, from 0.
  package var position: Int
  /// The identity that `plan` shows.
  package var id: String
  /// The table of the paper that it stands in; "" for none.
  package var table: String
  /// The user's name for the row.
  package var label: String
  /// The variant's readable name.
  package var name: String
  /// The generator's circuit; nil for a classical generator.
  package var generatorCircuit: Axes?
  /// The discriminator's circuit; nil for a classical discriminator.
  package var discriminatorCircuit: Axes?
  /// The sizes of the generator's hidden layers, the first first.
  package var hidden: [Int]
  /// The sizes of the discriminator's hidden layers, the first first.
  package var discriminatorHidden: [Int]
  /// The settings that differ from the study's.
  package var departures: String
  /// MeV.
  package var energies: [Double]
  /// Training events of each energy.
  package var eventsPerEnergy: Int
  /// Why it is not trained; nil when it is.
  package var skip: String?
  /// The identity of the row that ⟨χ²⟩c averages; nil for none.
  package var baseline: String?
  /// The identity of the row that ⟨χ²⟩c′ averages; nil for none.
  package var reference: String?
  /// The identity of the sweep's first row that provably computes the same family of functions; nil for none.
  package var sameAs: String?
  /// Why the two compute the same, as a clause; nil where none does.
  package var sameBecause: String?
  /// The runs in the order of their seeds; empty while the data are not prepared, and for a skipped row.
  package var runs: [Training]
  /// What makes its showers.
  package var kind = SimulatorKind.gan
  /// The shots of each event that the circuit is measured with, in training too; nil for expectations.
  package var shots: Int?
  /// Whose noise the circuit is carried out under, in training too; nil for none.
  package var noise: String?

  /// Whether it is a parametric simulator, which is fitted at once and not trained.
  package var isParametric: Bool { kind == .parametric }
  /// Whether either network has a circuit.
  package var isQuantum: Bool { generatorCircuit != nil || discriminatorCircuit != nil }
}

extension Ledger {
  /// The names of the sweeps.
  package func sweeps() throws -> [String] {
    try reading { try String.fetchAll($0, sql: "SELECT name FROM sweeps ORDER BY name") }
  }

  /// The rows of a sweep, in its order.
  /// - Throws: `LedgerError`, also when there is no such sweep.
  package func rows(of sweep: String) throws -> [SweepRow] {
    try reading { db in
      try Self.requireSweep(sweep, db)
      var runs: [Int: [SweepRow.Training]] = [:]
      let trainings = try Row.fetchCursor(
        db, sql: "SELECT position, seed, run FROM sweep_runs WHERE sweep = ? ORDER BY position, seed",
        arguments: [sweep])
      while let row = try trainings.next() {
        runs[row[0], default: []].append(.init(seed: UInt64(bitPattern: row[1]), run: row[2]))
      }
      return try Row.fetchAll(
        db,
        sql: """
          SELECT s.position, s.id, s.paper_table, s.label, s.name, s.skip, s.baseline, s.reference, s.same_family_as,
            s.same_because, s.energies, s.events_per_energy, v.hidden, v.discriminator_hidden, v.departures,
            v.repetitions, v.rz, v.cnot, v.discriminator_repetitions, v.discriminator_rz, v.discriminator_cnot,
            v.kind, v.shots, v.noise
          FROM sweep_variants s JOIN variants v ON v.id = s.variant WHERE s.sweep = ? ORDER BY s.position
          """, arguments: [sweep]
      ).map { row in
        // By number: a column's name takes long to look up.
        let position: Int = row[0]
        return SweepRow(
          sweep: sweep, position: position, id: row[1], table: row[2], label: row[3], name: row[4],
          generatorCircuit: axes(row, from: 15), discriminatorCircuit: axes(row, from: 18), hidden: numbers(row[12]),
          discriminatorHidden: numbers(row[13]), departures: row[14], energies: numbers(row[10]),
          eventsPerEnergy: row[11], skip: row[5], baseline: row[6], reference: row[7], sameAs: row[8],
          sameBecause: row[9], runs: runs[position] ?? [], kind: SimulatorKind(rawValue: row[21]) ?? .gan,
          shots: row[22], noise: row[23])
      }
    }
  }

  /// χ²/NDF of a run's checkpoint at each incident energy, ascending.
  package func energies(of run: String, at checkpoint: Int) throws -> [(energy: Double, reduced: Double)] {
    try reading { db in
      let statement = try db.cachedStatement(
        sql: "SELECT incident_energy, reduced FROM energy_curve WHERE run = ? AND checkpoint = ? ORDER BY 1")
      return try Row.fetchAll(statement, arguments: [run, checkpoint]).map { ($0[0], $0[1] ?? .nan) }
    }
  }

  /// The mean and the spread of the generated E_tot over the incident energy (MeV) at a run's checkpoint, by energy.
  package func responses(of run: String, at checkpoint: Int) throws -> [EnergyResponse] {
    try reading { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT incident_energy, mean_response, response_spread FROM energy_curve
          WHERE run = ? AND checkpoint = ? AND mean_response IS NOT NULL AND response_spread IS NOT NULL ORDER BY 1
          """)
      return try Row.fetchAll(statement, arguments: [run, checkpoint]).map {
        EnergyResponse(energy: $0[0], mean: $0[1], spread: $0[2])
      }
    }
  }

  /// The standard deviation of χ²/NDF from the finite samples at one checkpoint of each run; runs for which none was
  /// recorded are left out.
  package func uncertainties(at checkpoints: [String: Int]) throws -> [String: Double] {
    try reading { db in
      let statement = try db.cachedStatement(
        sql: "SELECT uncertainty FROM checkpoints WHERE run = ? AND checkpoint = ? ORDER BY attempt DESC LIMIT 1")
      var found: [String: Double] = [:]
      for (run, checkpoint) in checkpoints.sorted(by: { $0.key < $1.key }) {
        found[run] = try Double.fetchOne(statement, arguments: [run, checkpoint])
      }
      return found
    }
  }

  /// The file of a checkpoint's generator as it was written, in the run's folder: alone or in the full checkpoint; nil
  /// where neither was kept.
  package func generatorFile(of run: String, at checkpoint: Int) throws -> String? {
    try reading { db in
      try String.fetchOne(
        db,
        sql: """
          SELECT coalesce(generator_path, full_path) FROM checkpoints WHERE run = ? AND checkpoint = ?
          ORDER BY attempt DESC LIMIT 1
          """, arguments: [run, checkpoint])
    }
  }
}

/// The circuit whose columns repetitions, rz and cnot begin there.
private func axes(_ row: Row, from column: Int) -> SweepRow.Axes? {
  guard let repetitions: Int = row[column] else { return nil }
  return SweepRow.Axes(rz: row[column + 1], cnot: numbers(row[column + 2]), repetitions: repetitions)
}

/// The reverse of `list`.
private func numbers<Number: LosslessStringConvertible>(_ text: String) -> [Number] {
  text.split(separator: ",").compactMap { Number(String($0)) }
}

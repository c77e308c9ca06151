package import Experiment
import GRDB
package import Records

/// A run of a sweep as a simulator that may be chosen: what tells it from others and what it costs.
package struct RecordedSimulator: Hashable, Sendable {
  /// The sweep's name.
  package var sweep: String
  /// The row's label, behind its table where there is one: `2/Classical`.
  package var label: String
  /// The run's identity.
  package var run: String
  /// The seed that it was trained with.
  package var seed: UInt64
  /// What the showers are of.
  package var particle: Particle
  /// Incident energies (MeV), ascending.
  package var energies: [Double]
  /// SHA-256 of the training events.
  package var dataset: String
  /// The trained or fitted numbers, a circuit's angles included.
  package var parameters: Int
  /// The worker's source commit at the last start; nil when unknown.
  package var commit: String?
}

extension Ledger {
  /// The runs of some sweeps as simulators, each once, in the order of the sweeps and their rows.
  /// - Throws: `LedgerError`, also when there is no such sweep.
  package func simulators(of sweeps: [String]) throws -> [RecordedSimulator] {
    try reading { db in
      var (found, seen) = ([RecordedSimulator](), Set<String>())
      for sweep in sweeps {
        try Self.requireSweep(sweep, db)
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT s.paper_table, s.label, r.id, r.seed, d.particle, d.energies, d.sha256,
              r.generator_parameters + v.circuit_parameters,
              (SELECT a.source_commit FROM attempts a WHERE a.run = r.id ORDER BY a.attempt DESC LIMIT 1)
            FROM sweep_runs x JOIN sweep_variants s USING (sweep, position) JOIN runs r ON r.id = x.run
              JOIN variants v ON v.id = r.variant JOIN datasets d ON d.sha256 = r.dataset
            WHERE x.sweep = ? ORDER BY x.position, x.seed
            """, arguments: [sweep])
        for row in rows where seen.insert(row[2]).inserted {
          let (table, label): (String, String) = (row[0], row[1])
          let energies: String = row[5]
          let commit: String? = row[8]
          found.append(
            RecordedSimulator(
              sweep: sweep, label: table.isEmpty ? label : "\(table)/\(label)", run: row[2],
              seed: UInt64(bitPattern: row[3]), particle: Particle(rawValue: row[4]) ?? .pion,
              energies: energies.split(separator: ",").compactMap { Double($0) }, dataset: row[6], parameters: row[7],
              commit: commit.flatMap { $0.isEmpty ? nil : $0 }))
        }
      }
      return found
    }
  }

  /// χ²/NDF of a run's checkpoint with its uncertainty at each incident energy, ascending.
  /// - Throws: `LedgerError`.
  package func chiSquares(of run: String, at checkpoint: Int) throws -> [MetricValue] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT reduced, uncertainty FROM evaluations e WHERE run = ? AND checkpoint = ? AND attempt = (
            SELECT max(attempt) FROM evaluations WHERE run = e.run AND checkpoint = e.checkpoint)
          ORDER BY incident_energy
          """, arguments: [run, checkpoint]
      ).map { MetricValue(value: $0[0] ?? .nan, error: $0[1]) }
    }
  }
}

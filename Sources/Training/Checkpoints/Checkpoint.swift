package import Experiment
package import Records
import Storage

/// The state of a run after a number of iterations, with all that is needed to go on from it or to generate with it.
package struct Checkpoint: Hashable, Sendable {
  /// The content: all of the state, or the generator alone.
  package typealias Kind = CheckpointName.Kind

  /// What stands in a checkpoint's attributes.
  package struct Header: Hashable, Sendable {
    /// Whether it holds all of the state or the generator alone.
    package var kind: Kind
    /// The job that trained it: only the same one may go on from it.
    package var job: JobDescription
    /// The iterations done since the run's first start, over all its attempts.
    package var iteration: Int
    /// The numerics version of the worker that trained it; another version would train other numbers.
    package var numericsVersion: Int
    /// The seconds spent so far, over all attempts of the run.
    package var cost: Cost
    /// What the journal says about this checkpoint; nil for one between two of the run's interval.
    package var score: Score?

    /// The number of the last checkpoint of the run's interval at or before this one.
    package var checkpoint: Int { iteration / job.settings.checkpointInterval }

    package init(
      kind: Kind, job: JobDescription, iteration: Int, numericsVersion: Int, cost: Cost, score: Score? = nil
    ) {
      self.kind = kind
      self.job = job
      self.iteration = iteration
      self.numericsVersion = numericsVersion
      self.cost = cost
      self.score = score
    }
  }

  /// The evaluation and the diagnostics, kept with the weights so that a record that a kill kept from the journal is
  /// written by the next attempt with the same numbers.
  package struct Score: Codable, Hashable, Sendable {
    /// The χ² comparison with the Geant4 events.
    package var evaluation: Evaluation
    /// The losses and gradient norms of the iteration, and the share of dead voxels.
    package var diagnostics: Diagnostics

    package init(evaluation: Evaluation, diagnostics: Diagnostics) {
      self.evaluation = evaluation
      self.diagnostics = diagnostics
    }
  }

  /// What it is a checkpoint of, and of when.
  package var header: Header
  /// The named arrays, sorted by name.
  package private(set) var arrays: [NamedArray]
  /// SHA-256 of the arrays: their names, shapes and values.
  ///
  /// See `digest(of:)`.
  package let sha256: String

  /// A checkpoint of arrays in any order: they are sorted and hashed.
  package init(header: Header, arrays: [NamedArray]) {
    self.header = header
    self.arrays = arrays.sorted { $0.name < $1.name }
    sha256 = Self.digest(of: self.arrays)
  }

  /// SHA-256 over each array in order: its name, a zero byte, its shape as in "[2, 3]", a zero byte, its values as
  /// little-endian float32.
  package static func digest(of arrays: [NamedArray]) -> String {
    precondition(Int(littleEndian: 1) == 1, "the values are hashed as they lie in memory")
    var hash = SHA256()
    for array in arrays {
      hash.update("\(array.name)\0\(array.shape)\0".utf8)
      array.values.withUnsafeBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }
}

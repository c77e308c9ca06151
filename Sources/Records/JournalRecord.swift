package import Experiment

/// One line of an attempt's journal.
///
/// A journal is `attempt-NNNN.jsonl` in the run's `journal` folder: one JSON object a line, appended and synced, its
/// first an `attemptStarted`, each with a checksum (`JournalLine`). A line is the only evidence that something happened.
package struct JournalRecord: Codable, Hashable, Sendable {
  /// The run that it is of; run, attempt and sequence together are a record's identity.
  package var run: String
  /// The attempt that wrote it, from 1.
  package var attempt: Int
  /// Its number in that attempt, from 0.
  package var sequence: Int
  /// Seconds since 1970-01-01 00:00 UTC.
  package var time: Double
  /// What happened.
  package var event: Event

  package init(run: String, attempt: Int, sequence: Int, time: Double, event: Event) {
    self.run = run
    self.attempt = attempt
    self.sequence = sequence
    self.time = time
    self.event = event
  }

  /// What a record tells: in JSON an object with one key, the case's name.
  package enum Event: Codable, Hashable, Sendable {
    case attemptStarted(AttemptStart)
    case checkpoint(CheckpointRecord)
    /// Something the user should know, such as a torn checkpoint that was set aside.
    case notice(String)
    case attemptEnded(AttemptEnd)

    private enum CodingKeys: String, CodingKey { case attemptStarted, checkpoint, notice, attemptEnded }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      switch values.allKeys.first {
      case .attemptStarted: self = .attemptStarted(try values.decode(AttemptStart.self, forKey: .attemptStarted))
      case .checkpoint: self = .checkpoint(try values.decode(CheckpointRecord.self, forKey: .checkpoint))
      case .notice: self = .notice(try values.decode(String.self, forKey: .notice))
      case .attemptEnded: self = .attemptEnded(try values.decode(AttemptEnd.self, forKey: .attemptEnded))
      case nil:
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown event"))
      }
    }

    package func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      switch self {
      case .attemptStarted(let start): try values.encode(start, forKey: .attemptStarted)
      case .checkpoint(let record): try values.encode(record, forKey: .checkpoint)
      case .notice(let text): try values.encode(text, forKey: .notice)
      case .attemptEnded(let end): try values.encode(end, forKey: .attemptEnded)
      }
    }
  }
}

/// Who trains, with what, from where.
package struct AttemptStart: Codable, Hashable, Sendable {
  /// The binary and the machine that train.
  package var provenance: Provenance
  /// The checkpoint resumed from; nil for a start from nothing.
  package var fromCheckpoint: Int?
  /// The iteration resumed from.
  package var iteration: Int
  /// Why a resumed run is not bit-identical by construction (other processor, other binary); nil when it is.
  package var notBitIdentical: String?
  /// SHA-256 of the dataset's content.
  package var dataset: String
  /// How many threads may train, each on a core; nil for one.
  package var threads: Int?

  package init(
    provenance: Provenance, fromCheckpoint: Int?, iteration: Int, notBitIdentical: String? = nil, dataset: String,
    threads: Int? = nil
  ) {
    self.provenance = provenance
    self.fromCheckpoint = fromCheckpoint
    self.iteration = iteration
    self.notBitIdentical = notBitIdentical
    self.dataset = dataset
    self.threads = threads
  }
}

/// The binary and the machine.
package struct Provenance: Codable, Hashable, Sendable {
  /// SHA-256 of the worker's executable file.
  package var binary: String
  /// The source commit, with a "+" for uncommitted changes; "" when unknown.
  package var commit: String
  /// Raised whenever the same job would train other numbers.
  package var numericsVersion: Int
  /// The host's name.
  package var host: String
  /// The processor's model name.
  package var processor: String
  /// The instruction set that the kernels chose: "avx512", "avx2", "neon" or "generic".
  package var kernels: String
  /// The worker's process number on that host.
  package var pid: Int

  package init(
    binary: String, commit: String, numericsVersion: Int, host: String, processor: String, kernels: String, pid: Int
  ) {
    self.binary = binary
    self.commit = commit
    self.numericsVersion = numericsVersion
    self.host = host
    self.processor = processor
    self.kernels = kernels
    self.pid = pid
  }
}

/// Checkpoint k: the state after k · interval iterations, on disk before this line was.
package struct CheckpointRecord: Codable, Hashable, Sendable {
  /// The checkpoint's number k, from 0.
  package var checkpoint: Int
  /// Generator updates so far.
  package var iteration: Int
  /// The full checkpoint's file; nil where it was not kept.
  package var full: CheckpointFile?
  /// The generator's file; nil where it was not kept.
  package var generator: CheckpointFile?
  /// The generator's showers beside Geant4's.
  package var evaluation: Evaluation
  /// What explains the run at this point.
  package var diagnostics: Diagnostics
  /// Seconds so far, over the run's attempts.
  package var cost: Cost

  package init(
    checkpoint: Int, iteration: Int, full: CheckpointFile?, generator: CheckpointFile?, evaluation: Evaluation,
    diagnostics: Diagnostics, cost: Cost
  ) {
    self.checkpoint = checkpoint
    self.iteration = iteration
    self.full = full
    self.generator = generator
    self.evaluation = evaluation
    self.diagnostics = diagnostics
    self.cost = cost
  }
}

/// A file of a checkpoint, as it was written.
package struct CheckpointFile: Codable, Hashable, Sendable {
  /// The path in the run's folder.
  package var path: String
  /// SHA-256 of the named arrays that it holds, not of its bytes.
  package var sha256: String
  /// The file's size.
  package var bytes: Int

  package init(path: String, sha256: String, bytes: Int) {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// The comparison of E_tot with Geant4: χ² and its degrees of freedom, per incident energy and in total.
package struct Evaluation: Codable, Hashable, Sendable {
  /// χ², the sum over the energies.
  package var chi2: Double
  /// The degrees of freedom, the sum over the energies.
  package var ndf: Int
  /// χ² / NDF; NaN, and absent in JSON, when NDF is 0.
  package var reduced: Double
  /// The standard deviation of `reduced` from the finite samples, by bootstrap; nil where none was made.
  package var uncertainty: Double?
  /// The comparison for each incident energy.
  package var energies: [EnergyEvaluation]

  /// The evaluation whose sums these energies give.
  package init(energies: [EnergyEvaluation]) {
    self.energies = energies
    chi2 = energies.reduce(0) { $0 + $1.chi2 }
    // Of a journal's line that is still to be checked the sum need not fit an Int.
    ndf = energies.reduce(0) { $0 &+ $1.ndf }
    reduced = ndf == 0 ? .nan : chi2 / Double(ndf)
  }

  private enum CodingKeys: String, CodingKey { case chi2, ndf, reduced, uncertainty, energies }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    chi2 = try values.decode(Double.self, forKey: .chi2)
    ndf = try values.decode(Int.self, forKey: .ndf)
    // Earlier workers wrote 0 where there is no number.
    reduced = ndf == 0 ? .nan : try values.decode(Double.self, forKey: .reduced)
    uncertainty = try values.decodeIfPresent(Double.self, forKey: .uncertainty)
    energies = try values.decode([EnergyEvaluation].self, forKey: .energies)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(chi2, forKey: .chi2)
    try values.encode(ndf, forKey: .ndf)
    if ndf != 0 { try values.encode(reduced, forKey: .reduced) }
    try values.encodeIfPresent(uncertainty, forKey: .uncertainty)
    try values.encode(energies, forKey: .energies)
  }
}

/// The comparison of E_tot for one incident energy.
package struct EnergyEvaluation: Codable, Hashable, Sendable {
  /// MeV.
  package var incidentEnergy: Double
  /// χ² of E_tot against Geant4's histogram.
  package var chi2: Double
  /// The degrees of freedom of `chi2`.
  package var ndf: Int
  /// χ² / NDF; NaN, and absent in JSON, when NDF is 0.
  package var reduced: Double
  /// The standard deviation of `reduced`, as the whole evaluation's.
  package var uncertainty: Double?
  /// The mean of the generated E_tot over the incident energy; nil in a plain comparison of files.
  package var meanResponse: Double?
  /// The standard deviation of the generated E_tot over the incident energy; nil in a plain comparison of files.
  package var responseSpread: Double?

  package init(
    incidentEnergy: Double, chi2: Double, ndf: Int, meanResponse: Double? = nil, responseSpread: Double? = nil
  ) {
    self.incidentEnergy = incidentEnergy
    self.chi2 = chi2
    self.ndf = ndf
    reduced = ndf == 0 ? .nan : chi2 / Double(ndf)
    self.meanResponse = meanResponse
    self.responseSpread = responseSpread
  }

  private enum CodingKeys: String, CodingKey {
    case incidentEnergy, chi2, ndf, reduced, uncertainty, meanResponse, responseSpread
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    incidentEnergy = try values.decode(Double.self, forKey: .incidentEnergy)
    chi2 = try values.decode(Double.self, forKey: .chi2)
    ndf = try values.decode(Int.self, forKey: .ndf)
    reduced = ndf == 0 ? .nan : try values.decode(Double.self, forKey: .reduced)
    uncertainty = try values.decodeIfPresent(Double.self, forKey: .uncertainty)
    meanResponse = try values.decodeIfPresent(Double.self, forKey: .meanResponse)
    responseSpread = try values.decodeIfPresent(Double.self, forKey: .responseSpread)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(incidentEnergy, forKey: .incidentEnergy)
    try values.encode(chi2, forKey: .chi2)
    try values.encode(ndf, forKey: .ndf)
    if ndf != 0 { try values.encode(reduced, forKey: .reduced) }
    try values.encodeIfPresent(uncertainty, forKey: .uncertainty)
    try values.encodeIfPresent(meanResponse, forKey: .meanResponse)
    try values.encodeIfPresent(responseSpread, forKey: .responseSpread)
  }
}

/// What explains a run: of the last iteration before the checkpoint, but for the evaluation's own numbers.
package struct Diagnostics: Codable, Hashable, Sendable {
  /// The discriminator's loss with the penalty, the mean over the iteration's discriminator steps; nil at k = 0.
  package var discriminatorLoss: Double?
  /// The generator's loss; nil at k = 0.
  package var generatorLoss: Double?
  /// λ · mean((‖∇D‖ - 1)²), in the same mean.
  package var penalty: Double?
  /// The Euclidean norm of the loss's gradient over all of the discriminator's parameters, last step of the iteration.
  package var discriminatorGradient: Double?
  /// The Euclidean norm of the loss's gradient over all of the generator's parameters, last step of the iteration.
  package var generatorGradient: Double?
  /// Share of the voxels that fired in none of the evaluation's events.
  package var deadVoxels: Double
  /// What a model that goes there and back is; nil for any other.
  package var inversion: Inversion?

  package init(
    discriminatorLoss: Double? = nil, generatorLoss: Double? = nil, penalty: Double? = nil,
    discriminatorGradient: Double? = nil, generatorGradient: Double? = nil, deadVoxels: Double,
    inversion: Inversion? = nil
  ) {
    self.discriminatorLoss = discriminatorLoss
    self.generatorLoss = generatorLoss
    self.penalty = penalty
    self.discriminatorGradient = discriminatorGradient
    self.generatorGradient = generatorGradient
    self.deadVoxels = deadVoxels
    self.inversion = inversion
  }
}

/// Seconds, accumulated over the run's attempts up to a checkpoint.
///
/// Not part of what resume reproduces.
package struct Cost: Codable, Hashable, Sendable {
  /// Seconds of iterations.
  package var training: Double = 0
  /// Seconds of evaluations.
  package var evaluation: Double = 0
  /// Seconds of writing checkpoints.
  package var checkpointing: Double = 0

  package init(training: Double = 0, evaluation: Double = 0, checkpointing: Double = 0) {
    self.training = training
    self.evaluation = evaluation
    self.checkpointing = checkpointing
  }
}

/// How an attempt ended, its journal's last line.
package struct AttemptEnd: Codable, Hashable, Sendable {
  /// How the worker ended, with its exit code.
  package var exit: ProgramEnd
  /// A sentence: why it ended.
  package var reason: String
  /// The iteration that it had reached.
  package var iteration: Int
  /// Seconds so far, over the run's attempts.
  package var cost: Cost

  package init(exit: ProgramEnd, reason: String, iteration: Int, cost: Cost) {
    self.exit = exit
    self.reason = reason
    self.iteration = iteration
    self.cost = cost
  }
}

import Experiment
import Storage

/// Where the input of one run's job stands in a submission's folder, relative to it.
struct JobInput {
  /// The folder of the job's input; the job is named like it.
  var folder: String
  /// The job description's file.
  var description: String
  /// The folder with the run's journals and checkpoints so far.
  var state: String
  /// The path of the prepared dataset, as the job description names it.
  var dataset: String

  /// A job that trains one run: its scratch folder is the run's folder.
  init(run: String, dataset: String) {
    folder = "jobs/\(run)"
    description = folder + "/job.json"
    state = folder
    self.dataset = dataset
  }

  /// A job that trains several: each has a folder two below the scratch folder.
  init(run: String, pack: String, dataset: String) {
    folder = "jobs/\(pack)"
    description = "\(folder)/\(SubmitDescription.packDescriptions)/\(run).json"
    state = "\(folder)/\(SubmitDescription.packState)/\(run)"
    self.dataset = "../../" + dataset
  }
}

extension Submission {
  /// Where the input of a run's job stands.
  func input(of run: String) -> JobInput {
    guard manifest.packed != nil, let job = manifest.jobs.firstIndex(where: { $0.contains(run) }) else {
      return JobInput(run: run, dataset: "")
    }
    return JobInput(run: run, pack: PackedJob.name(ofPack: job), dataset: "")
  }
}

/// One job of a submission: the runs that it trains, one after the other.
struct PackedJob {
  /// The run's, or the pack's.
  let name: String
  let runs: [SubmittedJob]
  /// Whether a pack may have several runs, though this one has but one.
  let isPack: Bool

  /// The jobs of some runs, in their order as far as one job reads one dataset.
  /// - Parameters:
  ///   - runs: The runs.
  ///   - size: The most runs of a job.
  /// - Returns: The jobs; each has one run where `size` is 1.
  static func divide(_ runs: [SubmittedJob], by size: Int) -> [PackedJob] {
    guard size > 1 else { return runs.map { PackedJob(name: $0.description.run, runs: [$0], isPack: false) } }
    var packs: [[SubmittedJob]] = []
    var open: [String: Int] = [:]
    for run in runs {
      if let index = open[run.dataset], packs[index].count < size {
        packs[index].append(run)
      } else {
        open[run.dataset] = packs.count
        packs.append([run])
      }
    }
    return packs.enumerated().map { PackedJob(name: name(ofPack: $0), runs: $1, isPack: true) }
  }

  /// The name of a submission's n-th pack, from 0.
  static func name(ofPack index: Int) -> String {
    let number = String(index + 1)
    return "pack-" + String(repeating: "0", count: max(0, 4 - number.count)) + number
  }

  /// The dataset's file name.
  var dataset: String { runs.first.map { Folder.name(of: $0.dataset) } ?? "" }

  func input(of run: SubmittedJob) -> JobInput {
    isPack
      ? JobInput(run: run.description.run, pack: name, dataset: dataset)
      : JobInput(run: run.description.run, dataset: dataset)
  }
}
